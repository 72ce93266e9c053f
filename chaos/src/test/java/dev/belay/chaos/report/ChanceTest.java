package dev.belay.chaos.report;

import static dev.belay.chaos.report.Story.abort;
import static dev.belay.chaos.report.Story.answer;
import static dev.belay.chaos.report.Story.delay;
import static dev.belay.chaos.report.Story.fault;
import static dev.belay.chaos.report.Story.struck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Cases;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.trace.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChanceTest {
  private static final Trace USUAL = new Spans("t0").serves(0, "shop", 0, 20, false).trace();
  private static final List<String> SERVICES = List.of("cart", "tax", "stock", "mail", "audit");

  private final Story story = new Story().healthy(answer(200, USUAL));

  private void held(FaultPlan plan) {
    story.held("sweep", plan, struck(answer(200, USUAL), plan, 0));
  }

  private void failed(FaultPlan plan, String signature) {
    story.failed("sweep", plan, struck(answer(500, USUAL), plan, 0), signature);
  }

  private static Fault at(int service, Effect effect) {
    return fault("shop", SERVICES.get(service), effect);
  }

  /** Three of five calls struck in one trial, so that chance may draw from all of it. */
  private void allIsTried() {
    held(FaultPlan.of(at(0, abort()), at(1, abort()), at(2, abort())));
    held(FaultPlan.of(at(3, abort()), at(4, abort())));
  }

  private double expected(int trials) {
    return story.report().curve().expected(trials);
  }

  @Test
  void expectsNothingWhereNothingFailed() {
    allIsTried();

    assertThat(story.report().curve().chance()).isEmpty();
    assertThat(expected(100)).isZero();
    assertThat(story.report().curve().compared()).isEmpty();
  }

  @Test
  void expectsOneFailureOfOneFaultAsOftenAsPlansHaveIt() {
    allIsTried();
    failed(FaultPlan.of(at(0, new Effect.Reset())), "one");

    // one, two or three of five calls: 2/5 in the mean; one of four kinds; nine in ten at once
    assertThat(expected(1)).isCloseTo(0.4 / 4 * 0.9, within(1e-9));
    assertThat(expected(10_000)).isCloseTo(1, within(1e-9));
  }

  @Test
  void countsAPlanThatHoldsTheSmallestOneAndMore() {
    Cases.check(
        12,
        ChanceTest::anyPlan,
        plan -> {
          Story told = new Story().healthy(answer(200, USUAL));
          List<Edge> edges = SERVICES.stream().map(to -> new Edge("shop", to)).toList();
          FaultPlan widest =
              new FaultPlan(
                  edges.subList(0, 3).stream().map(edge -> Fault.at(edge, abort())).toList());
          told.held("sweep", widest, answer(200, USUAL));
          edges.forEach(edge ->
              told.held("sweep", FaultPlan.of(Fault.at(edge, abort())), answer(200, USUAL)));
          told.failed("sweep", plan, answer(500, USUAL), "one");
          told.defect("one", plan, plan);
          double share = told.report().curve().chance().orElseThrow().expected(1);

          FaultSpace space = new FaultSpace(edges, FaultSpace.Kinds.DEFAULT, 3);
          RandomGenerator random = new SplittableRandom(7);
          int draws = 20_000;
          long hits =
              IntStream.range(0, draws)
                  .mapToObj(i -> space.any(random))
                  .filter(drawn -> Severity.holds(drawn, plan))
                  .filter(drawn -> holdsFromTheFirstCall(drawn, plan))
                  .count();

          assertThat((double) hits / draws)
              .isCloseTo(share, within(5 * Math.sqrt(share / draws) + 1e-4));
        });
  }

  private static boolean holdsFromTheFirstCall(FaultPlan drawn, FaultPlan plan) {
    return plan.faults().stream()
        .allMatch(wanted ->
            drawn.faults().stream()
                .filter(fault -> fault.edge().equals(wanted.edge()))
                .anyMatch(fault -> fault.hits().skip() == 0));
  }

  private static FaultPlan anyPlan(RandomGenerator random) {
    List<Effect> effects =
        List.of(abort(), new Effect.Abort(429), new Effect.Reset(), new Effect.Rewrite(503));
    int size = random.nextInt(1, 3);
    return new FaultPlan(
        IntStream.range(0, size)
            .mapToObj(i -> at(i, effects.get(random.nextInt(effects.size()))))
            .toList());
  }

  @Test
  void neverFallsAndNeverPassesWhatThereIs() {
    Cases.check(
        200,
        random ->
            IntStream.range(0, random.nextInt(1, 8))
                .mapToDouble(i -> random.nextDouble())
                .toArray(),
        shares -> {
          Map<String, Double> named = new HashMap<>();
          IntStream.range(0, shares.length).forEach(i -> named.put("f" + i, shares[i]));
          Chance chance = new Chance(named, Chance.Way.COUNTED);
          double before = 0;
          for (int trials = 0; trials < 50; trials++) {
            assertThat(chance.expected(trials)).isBetween(before - 1e-12, (double) shares.length);
            before = chance.expected(trials);
          }
        });
  }

  @Test
  void whatChanceCannotDrawIsNeverExpected() {
    allIsTried();
    failed(FaultPlan.of(at(0, new Effect.Corrupt())), "one");
    failed(FaultPlan.of(at(0, delay(7_000))), "two");

    assertThat(expected(1_000)).isZero();
  }

  @Test
  void countsADelayFromHalfWayToTheLongestThatWasBorne() {
    allIsTried();
    held(FaultPlan.of(at(0, delay(1_000))));
    held(FaultPlan.of(at(1, delay(2_999)))); // of another call
    failed(FaultPlan.of(at(0, delay(3_000))), "one");

    // 2,000 ms to 3,000 ms of 50 ms to 3,000 ms
    assertThat(expected(1)).isCloseTo(0.4 / 4 * 0.9 * 1_001 / 2_951, within(1e-9));
  }

  @Test
  void drawsPointsWhereTheSessionSearchedASpace() {
    Story told = new Story().healthy(answer(200, USUAL)).space(Story.SPACE);
    told.point(Map.of("fault_type", "delay", "delay_ms", 500), 200, "");
    told.point(Map.of("fault_type", "delay", "delay_ms", 2_600), 500, "slow");
    told.point(Map.of("fault_type", "abort", "error_code", 503), 500, "down");

    Chance chance = told.report().curve().chance().orElseThrow();

    assertThat(chance.way()).isEqualTo(Chance.Way.DRAWN);
    // half of the points delay, and one in five of those for so long
    assertThat(chance.shares().get("slow")).isCloseTo(0.1, within(0.03));
    assertThat(chance.shares().get("down")).isCloseTo(0.5, within(0.05));
    assertThat(told.report().curve().compared().orElseThrow())
        .startsWith("Of the 2 different failures that 3 trials showed")
        .contains(chance.way().words());
  }
}
