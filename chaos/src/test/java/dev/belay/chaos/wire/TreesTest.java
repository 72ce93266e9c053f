package dev.belay.chaos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Match;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreesTest {
  private static final List<SpanKind> KINDS = List.of(SpanKind.values());

  private static Effect effect(RandomGenerator random) {
    return switch (random.nextInt(7)) {
      case 0 -> new Effect.Delay(Duration.ofMillis(random.nextLong(1, 30_001)));
      case 1 -> new Effect.Abort(random.nextInt(400, 600));
      case 2 -> new Effect.Reset();
      case 3 -> new Effect.Throttle(random.nextLong(1, Long.MAX_VALUE));
      case 4 -> new Effect.Truncate(random.nextLong(0, Long.MAX_VALUE));
      case 5 -> new Effect.Corrupt();
      default -> new Effect.Rewrite(random.nextInt(400, 600));
    };
  }

  private static FaultPlan plan(RandomGenerator random) {
    List<Fault> faults = new ArrayList<>();
    long life = random.nextLong(1, 3_600_001);
    for (int i = random.nextInt(4); i > 0; i--) {
      Match match =
          random.nextBoolean()
              ? Match.ALL
              : new Match(
                  Optional.of("GET"),
                  random.nextBoolean() ? Optional.of("/p" + i) : Optional.empty(),
                  Map.of("X-Test", "a\"b\nü"));
      faults.add(
          new Fault(
              random.nextBoolean() ? Edge.into("s" + i) : new Edge("c", "s" + i),
              effect(random),
              match,
              random.nextInt(1, 101),
              Duration.ofMillis(random.nextLong(0, Math.min(60_001, life))),
              random.nextBoolean()
                  ? Fault.Hits.ALL
                  : new Fault.Hits(random.nextInt(5), random.nextInt(1, 5))));
    }
    return new FaultPlan(faults, Duration.ofMillis(life));
  }

  @Test
  void aPlanComesBackAsItWas() {
    Cases.check(
        2_000,
        TreesTest::plan,
        plan ->
            assertThat(PlanTree.read(Json.read(Json.write(PlanTree.write(plan))))).isEqualTo(plan));
  }

  private static Observation observation(RandomGenerator random) {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < random.nextInt(1, 6); i++) {
      spans.add(
          new Span(
              new SpanId("t1", "s" + i, i == 0 ? Optional.empty() : Optional.of("s0")),
              "svc" + i,
              "GET /" + i,
              KINDS.get(random.nextInt(KINDS.size())),
              random.nextLong(),
              random.nextLong(Long.MAX_VALUE),
              random.nextBoolean()
                  ? Span.Outcome.OK
                  : new Span.Outcome(true, Map.of("k", "v"), List.of("boom"))));
    }
    boolean full = random.nextBoolean();
    return new Observation(
        "POST /checkout",
        full
            ? new Observation.Reply(
                OptionalInt.of(random.nextInt(100, 600)),
                Optional.of(Duration.ofNanos(random.nextLong(Long.MAX_VALUE))),
                OptionalDouble.of(random.nextDouble()),
                Optional.of("reset"))
            : Observation.Reply.UNKNOWN,
        full ? List.of("ERROR x") : List.of(),
        random.nextBoolean() ? Optional.of(new Trace(spans, full)) : Optional.empty(),
        full ? List.of(new Receipt(0, new Edge("a", "b"), Optional.of("t1"), 7)) : List.of(),
        full ? List.of(new Invariant("charged once", false, "twice")) : List.of(),
        Instant.EPOCH.plusNanos(random.nextLong(1L << 50)));
  }

  @Test
  void anObservationComesBackAsItWas() {
    Cases.check(
        1_000,
        TreesTest::observation,
        seen ->
            assertThat(ObservationTree.read(Json.read(Json.write(ObservationTree.write(seen)))))
                .isEqualTo(seen));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"faults": [{"service": "a", "effect": "melt"}]}                     | faults[0].effect
          {"faults": [{"service": "a", "effect": "abort", "status": 200}]}      | faults[0].status
          {"faults": [{"service": "a", "effect": "abort"}]}                     | faults[0].status
          {"faults": [{"service": "a", "effect": "delay", "delay_ms": 0}]}      | faults[0].delay_ms
          {"faults": [{"service": "a", "effect": "delay", "delay_ms": 1.5}]}    | faults[0].delay_ms
          {"faults": [{"service": "a", "effect": "reset", "percentage": 0}]}    | faults[0].percentage
          {"faults": [{"service": "a", "effect": "reset", "speed": 1}]}         | faults[0].speed
          {"faults": [{"service": " ", "effect": "reset"}]}                     | faults[0]
          {"faults": [7]}                                                       | faults[0]
          {"faults": {}}                                                        | faults
          {"duration_ms": 0}                                                    | duration_ms
          {"faults": [{"effect": "reset"}]}                                     | faults[0].service
          {"faults": [{"service": "a", "effect": "reset", "match": {"x": 1}}]}  | faults[0].match.x
          """)
  void whatIsNoPlanIsRefusedWithItsPlace(String text, String place) {
    assertThatThrownBy(() -> PlanTree.read(Json.read(text)))
        .isInstanceOfSatisfying(
            WireException.class, wrong -> assertThat(wrong.field()).isEqualTo(place));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "nothing"})
  void whatIsNoObjectIsRefused(String text) {
    assertThatThrownBy(() -> Json.read(text)).isInstanceOf(WireException.class);
  }

  @Test
  void whatIsNestedTooDeeplyIsRefused() {
    assertThatThrownBy(() -> Json.read("{\"a\":".repeat(100) + "1" + "}".repeat(100)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void noTextThatIsReadThrowsAnythingElse() {
    String whole = Json.write(PlanTree.write(plan(RandomGenerator.getDefault())));
    Cases.check(
        2_000,
        random -> {
          StringBuilder text = new StringBuilder(whole);
          for (int i = random.nextInt(1, 6); i > 0; i--) {
            text.setCharAt(
                random.nextInt(text.length()), "{}[]\":,0a-e".charAt(random.nextInt(11)));
          }
          return text.toString();
        },
        text -> {
          try {
            FaultPlan unused = PlanTree.read(Json.read(text));
          } catch (WireException wrong) {
            assertThat(wrong.getMessage()).isNotBlank();
          }
        });
  }
}
