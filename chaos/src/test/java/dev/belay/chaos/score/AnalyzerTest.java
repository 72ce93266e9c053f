package dev.belay.chaos.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.trace.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalyzerTest {
  private static final Edge EDGE = new Edge("cart", "pricing");
  private static final Trace USUAL = Traces.ops("A", "B", "C", "D");

  private static Observation seen(int status, double millis, List<String> logs, Trace... trace) {
    return new Observation(
        "GET /",
        new Observation.Reply(
            status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
            millis < 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos((long) (millis * 1_000_000))),
            OptionalDouble.empty(),
            Optional.empty()),
        logs,
        trace.length == 0 ? Optional.empty() : Optional.of(trace[0]),
        List.of(),
        List.of(),
        Instant.EPOCH);
  }

  private static Score score(AnalyzerSettings settings, Observation seen) {
    Baseline baseline = Baseline.of(List.of(seen(200, 150, List.of(), USUAL)));
    return new Analyzer(settings, baseline).score(FaultPlan.NONE, seen);
  }

  /** The trace of the test vectors. */
  private static Trace[] trace(String kind) {
    return switch (kind) {
      case "usual" -> new Trace[] {USUAL};
      case "error" ->
          new Trace[] {
            Traces.begin()
                .span("s0", "", "svc", "A", 0, 10)
                .failed("s1", "s0", "svc", "B", 10, 10)
                .span("s2", "s0", "svc", "C", 20, 10)
                .span("s3", "s0", "svc", "D", 30, 10)
                .trace()
          };
      case "edits" -> new Trace[] {Traces.ops("A", "X", "Y", "Z")};
      default -> new Trace[0];
    };
  }

  @ParameterizedTest
  @CsvSource({
    "200,  600,  '',        usual, 0,  4.5,  0, 1.5,   0.53",
    "500,  2000, '',        error, 10, 10,   2, 7.333, 7.647",
    "500,  3500, '',        edits, 10, 10,   5, 8.333, 8.529",
    "200,  -1,   'ERROR x', none,  6,  0,    0, 2.0,   3.529",
    "200,  1000, '',        usual, 0,  9.0,  0, 3.0,   1.059",
    "200,  1001, '',        usual, 0,  10,   0, 3.333, 1.176",
    "404,  100,  '',        usual, 8,  0,    0, 2.667, 4.706",
    "503,  100,  '',        none,  10, 0,    0, 3.333, 5.882",
    "200,  200,  'fatal!',  usual, 6,  0,    0, 2.0,   3.529"
  })
  void theVectorsOfTheRulesHold(
      int status,
      double millis,
      String log,
      String trace,
      double bug,
      double performance,
      double structure,
      double parity,
      double design) {
    Observation seen = seen(status, millis, log.isEmpty() ? List.of() : List.of(log), trace(trace));
    Score score = score(AnalyzerSettings.PARITY, seen);

    assertThat(score.bug()).isEqualTo(bug);
    assertThat(score.performance()).isEqualTo(performance, offset(1e-9));
    assertThat(score.structure()).isEqualTo(structure);
    assertThat(score.total()).isEqualTo(parity, offset(0.001));
    assertThat(score(AnalyzerSettings.DESIGN, seen).total()).isEqualTo(design, offset(0.001));
  }

  @ParameterizedTest
  @CsvSource({
    // healthy, latency, baseline by hand, score
    "  10,   505, false, 4.5", // (505 - 10) / (1000 - 10)
    "  10,    10, false, 0",
    " 400,   400, false, 0",
    " 400,  2000, false, 9", // the threshold is as many times the usual latency as it was
    " 400,  2001, false, 10",
    "  10,   600, true,  4.5", // whoever says a baseline has it
  })
  void theLatencyOfTheHealthySystemIsTheBaselineUnlessOneIsGiven(
      double healthy, double took, boolean given, double score) {
    AnalyzerSettings.Latency usual = AnalyzerSettings.Latency.DEFAULT;
    AnalyzerSettings settings =
        given
            ? AnalyzerSettings.PARITY.withLatency(
                new AnalyzerSettings.Latency(usual.baseline(), usual.threshold()))
            : AnalyzerSettings.PARITY;
    Baseline baseline = Baseline.of(Collections.nCopies(30, seen(200, healthy, List.of())));

    Score scored =
        new Analyzer(settings, baseline).score(FaultPlan.NONE, seen(200, took, List.of()));

    assertThat(scored.performance()).isEqualTo(score, offset(1e-9));
  }

  @Test
  void tooFewHealthyRequestsAreNoBaseline() {
    Baseline baseline = Baseline.of(Collections.nCopies(29, seen(200, 10, List.of())));

    Score scored =
        new Analyzer(AnalyzerSettings.PARITY, baseline)
            .score(FaultPlan.NONE, seen(200, 600, List.of()));

    assertThat(scored.performance()).isEqualTo(4.5);
  }

  @Test
  void twoEditsAreNotMoreThanTwo() {
    Score score =
        score(
            AnalyzerSettings.PARITY,
            seen(200, 100, List.of(), Traces.ops("A", "B", "C", "C'", "D", "E")));

    assertThat(score.structure()).isZero();
  }

  @Test
  void theWorstOfTheRulesOfStructureCountsOrAllTogether() {
    Traces traces = Traces.begin().span("s0", "", "svc", "A", 0, 10);
    for (int i = 1; i < 7; i++) {
      traces.failed("s" + i, "s0", "svc", "N" + i, i * 10L, 10);
    }
    Observation seen = seen(200, 100, List.of(), traces.trace());
    AnalyzerSettings.Structure sum = new AnalyzerSettings.Structure(0.5, 2, 5, true);

    assertThat(score(AnalyzerSettings.PARITY, seen).structure()).isEqualTo(5);
    Component together =
        score(AnalyzerSettings.PARITY.withStructure(sum), seen).component(Dimension.STRUCTURE);
    assertThat(together.score()).isEqualTo(10);
    assertThat(together.condition()).isEqualTo("more spans + other operations + error span");
  }

  @Test
  void aSpanFiveTimesAsLongAsUsualIsTwo() {
    Trace slow =
        Traces.begin()
            .span("s0", "", "svc", "A", 0, 10)
            .span("s1", "s0", "svc", "B", 10, 51)
            .span("s2", "s0", "svc", "C", 70, 10)
            .span("s3", "s0", "svc", "D", 80, 10)
            .trace();

    assertThat(score(AnalyzerSettings.PARITY, seen(200, 100, List.of(), slow)).structure())
        .isEqualTo(2);
  }

  @Test
  void whatIsMissingCountsNothingAndIsSaid() {
    Score score = score(AnalyzerSettings.PARITY, seen(0, -1, List.of()));

    assertThat(score.total()).isZero();
    assertThat(score.warnings())
        .containsExactly(
            "bug: no status, logs or error rate", "performance: no latency", "structure: no trace");
  }

  @Test
  void anIncompleteTraceSaysNothing() {
    Trace half = Traces.begin().span("s0", "", "svc", "X", 0, 10).incomplete();
    Score score = score(AnalyzerSettings.PARITY, seen(200, 100, List.of(), half));

    assertThat(score.structure()).isZero();
    assertThat(score.warnings()).containsExactly("structure: no complete trace");
  }

  @Test
  void whatIsMissingNeedNotCount() {
    AnalyzerSettings settings =
        AnalyzerSettings.PARITY.withMissing(AnalyzerSettings.Missing.RENORMALISE);

    assertThat(score(settings, seen(500, -1, List.of())).total()).isEqualTo(10);
    assertThat(score(settings, seen(0, -1, List.of())).total()).isZero();
  }

  @Test
  void dimensionsCanBeBroughtTogetherInOtherWays() {
    Observation seen = seen(500, 600, List.of(), USUAL);

    assertThat(
            score(AnalyzerSettings.PARITY.withAggregation(AnalyzerSettings.Aggregation.MAX), seen)
                .total())
        .isEqualTo(10);
    Observation slow = seen(200, 600, List.of("ERROR"), USUAL);
    assertThat(
            score(
                    AnalyzerSettings.PARITY.withAggregation(AnalyzerSettings.Aggregation.NOISY_OR),
                    slow)
                .total())
        .isEqualTo(10 * (1 - 0.4 * 0.55), offset(1e-9));
  }

  @Test
  void oneKindOfFaultMayHaveWeightsOfItsOwn() {
    AnalyzerSettings settings =
        AnalyzerSettings.PARITY.withWeightsFor("abort", new AnalyzerSettings.Weights(8, 1, 1));
    Analyzer analyzer = new Analyzer(settings, Baseline.NONE);
    FaultPlan abort = FaultPlan.of(Fault.at(EDGE, new Effect.Abort(503)));
    FaultPlan both = abort.and(Fault.at(EDGE, new Effect.Reset()));

    assertThat(analyzer.score(abort, seen(500, 100, List.of())).total()).isEqualTo(8);
    assertThat(analyzer.score(both, seen(500, 100, List.of())).total())
        .isEqualTo(10 / 3.0, offset(1e-9));
  }

  @Test
  void anErrorRateIsThree() {
    Observation seen =
        new Observation(
            "GET /",
            new Observation.Reply(
                OptionalInt.of(200), Optional.empty(), OptionalDouble.of(0.01), Optional.empty()),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            Instant.EPOCH);

    assertThat(score(AnalyzerSettings.PARITY, seen).bug()).isEqualTo(3);
  }

  @Test
  void settingsThatCannotBeAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnalyzerSettings.Weights(1, 0, 1))
        .withMessage("weights must be > 0 and finite, was 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new AnalyzerSettings.Latency(Duration.ofMillis(10), Duration.ofMillis(10)))
        .withMessageContaining("threshold_latency_ms must be > baseline_latency_ms 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnalyzerSettings.Structure(0, 2, 5, false))
        .withMessageContaining("span_increase");
  }

  // What the system did, without what was done to it.

  private static final Trace SHOP =
      Traces.begin()
          .span("r", "", "cart", "GET /", 0, 150)
          .client("c", "r", "cart", "pricing", 10, 100)
          .span("s", "c", "pricing", "GET /price", 15, 90)
          .trace();

  private static Score amplified(FaultPlan plan, Observation seen) {
    Baseline baseline = Baseline.of(List.of(seen(200, 150, List.of(), SHOP)));
    return new Analyzer(AnalyzerSettings.DESIGN, baseline).score(plan, seen);
  }

  private static Observation struck(int status, double millis, Trace trace, Edge... edges) {
    Observation plain = seen(status, millis, List.of(), trace);
    List<Receipt> receipts =
        java.util.Arrays.stream(edges)
            .map(edge -> new Receipt(0, edge, Optional.of("t"), 0))
            .toList();
    return new Observation(
        plain.endpoint(),
        plain.reply(),
        plain.logs(),
        plain.trace(),
        receipts,
        List.of(),
        plain.at());
  }

  private static FaultPlan delay(long millis) {
    return FaultPlan.of(Fault.at(EDGE, new Effect.Delay(Duration.ofMillis(millis))));
  }

  /** A call to pricing that is tried some times, each of them delayed. */
  private static Trace delayed(int calls, long millis) {
    Traces traces = Traces.begin().span("r", "", "cart", "GET /", 0, 50 + calls * (millis + 100));
    for (int i = 0; i < calls; i++) {
      long at = 10 + i * (millis + 100);
      traces
          .client("c" + i, "r", "cart", "pricing", at, millis + 100)
          .span("s" + i, "c" + i, "pricing", "GET /price", at + millis + 5, 90);
    }
    return traces.trace();
  }

  @Test
  void anInjectedDelayExplainsItself() {
    Score score = amplified(delay(2_000), struck(200, 2_150, delayed(1, 2_000), EDGE));

    assertThat(score.performance()).isEqualTo(10);
    assertThat(score.discovery()).isZero();
  }

  @Test
  void theSameDelayThreeTimesIsTheDoingOfTheSystem() {
    Score score = amplified(delay(800), struck(200, 2_750, delayed(3, 800), EDGE, EDGE, EDGE));

    assertThat(score.discovery()).isGreaterThanOrEqualTo(9);
    assertThat(score.amplification(Dimension.PERFORMANCE).inputs())
        .startsWith("excess_ms=1800 explained_ms=800");
  }

  @Test
  void aDelayExplainsItselfWhereTheTraceShowsNothingOfTheCall() {
    Trace gaveUp =
        Traces.begin()
            .span("r", "", "cart", "GET /", 0, 1_600)
            .client("c", "r", "cart", "pricing", 10, 1_500)
            .trace();
    Edge deeper = new Edge("pricing", "tax");
    FaultPlan plan = FaultPlan.of(Fault.at(deeper, new Effect.Delay(Duration.ofSeconds(3))));

    assertThat(amplified(plan, struck(200, 1_600, gaveUp, deeper)).discovery()).isZero();
    assertThat(amplified(plan, struck(200, 1_600, gaveUp)).discovery()).isEqualTo(10);
  }

  @Test
  void aDelayExplainsItselfWhereTheTraceIsTorn() {
    Traces torn =
        Traces.begin()
            .span("r", "", "cart", "GET /", 0, 2_150)
            .client("c", "gone", "cart", "pricing", 10, 2_100);
    Observation whole = struck(200, 2_150, torn.trace(), EDGE);
    Observation incomplete = struck(200, 2_150, torn.incomplete(), EDGE);

    assertThat(amplified(delay(2_000), whole).discovery()).isZero();
    assertThat(amplified(delay(2_000), incomplete).discovery()).isZero();
  }

  @Test
  void anIncompleteTraceExplainsADelayAsOftenAsItsCallIsUsuallyMade() {
    Traces torn =
        Traces.begin()
            .span("r", "", "cart", "GET /", 0, 4_150)
            .client("c", "r", "cart", "pricing", 10, 2_000);
    Observation seen = struck(200, 4_150, torn.incomplete(), EDGE, EDGE, EDGE);
    Baseline twice = Baseline.of(List.of(seen(200, 150, List.of(), delayed(2, 0))));
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, twice);

    assertThat(analyzer.score(delay(2_000), seen).discovery()).isZero();
    assertThat(amplified(delay(2_000), seen).discovery()).isEqualTo(10);
  }

  @Test
  void aFaultAtTheFrontDoorIsNoFindingButOneThatTravelledIs() {
    FaultPlan door = FaultPlan.of(Fault.at(Edge.into("cart"), new Effect.Abort(503)));
    Observation shut = struck(503, 5, SHOP, new Edge("client", "cart"));
    FaultPlan inside = FaultPlan.of(Fault.at(EDGE, new Effect.Abort(503)));
    Observation travelled = struck(503, 5, SHOP, EDGE);

    assertThat(amplified(door, shut).discovery()).isZero();
    assertThat(amplified(door, shut).total()).isGreaterThan(5);
    assertThat(amplified(inside, travelled).discovery()).isEqualTo(10);
  }

  @Test
  void anErrorSpanOfTheStruckCallIsExplainedAndAnotherIsNot() {
    Trace handled =
        Traces.begin()
            .span("r", "", "cart", "GET /", 0, 150)
            .failed("s", "r", "pricing", "GET /price", 15, 90)
            .trace();
    FaultPlan plan = FaultPlan.of(Fault.at(EDGE, new Effect.Rewrite(500)));

    assertThat(amplified(plan, struck(200, 150, handled, EDGE)).discovery()).isZero();
    assertThat(amplified(plan, struck(200, 150, handled)).discovery()).isEqualTo(2);
  }

  @Test
  void manyTimesTheCallsAreAStorm() {
    Score score = amplified(FaultPlan.NONE, struck(200, 150, delayed(6, 1)));

    assertThat(score.discovery()).isGreaterThanOrEqualTo(9);
    assertThat(score.amplification(Dimension.STRUCTURE).condition()).isEqualTo("more calls");
  }

  @Test
  void aSilentWrongAnswerIsTen() {
    Observation plain = seen(200, 100, List.of(), SHOP);
    Observation wrong =
        new Observation(
            plain.endpoint(),
            plain.reply(),
            List.of(),
            plain.trace(),
            List.of(),
            List.of(new Invariant("charged once", false, "charged twice")),
            plain.at());
    Score score = amplified(FaultPlan.NONE, wrong);

    assertThat(score.total()).isZero();
    assertThat(score.discovery()).isEqualTo(10);
    assertThat(score.amplification(Dimension.INVARIANT).condition())
        .isEqualTo("broken: charged once");
  }
}
