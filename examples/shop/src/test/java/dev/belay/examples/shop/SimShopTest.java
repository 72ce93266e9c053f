package dev.belay.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.trace.Calls;
import dev.belay.examples.shop.sim.ShopExperiment;
import dev.belay.examples.shop.sim.SimShop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SimShopTest {
  private static Fault fault(String edge, Effect effect) {
    String[] ends = edge.split(">", 2);
    return Fault.at(new Edge(ends[0], ends[1]), effect);
  }

  private static Fault delay(String edge, long millis) {
    return fault(edge, new Effect.Delay(Duration.ofMillis(millis)));
  }

  private static Fault abort(String edge, int status) {
    return fault(edge, new Effect.Abort(status));
  }

  private static Fault reset(String edge) {
    return fault(edge, new Effect.Reset());
  }

  private static Baseline baseline() throws Exception {
    SimShop shop = new SimShop(Set.of(), 1);
    List<Observation> healthy = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      healthy.add(shop.run(FaultPlan.NONE));
    }
    return Baseline.of(healthy);
  }

  private static Score score(FaultPlan plan, Observation seen) throws Exception {
    return new Analyzer(AnalyzerSettings.DESIGN, baseline()).score(plan, seen);
  }

  static Stream<Arguments> triggers() {
    return Stream.of(
        Arguments.of(Planted.TAX_WITHOUT_FALLBACK, FaultPlan.of(abort("pricing>tax", 503))),
        Arguments.of(Planted.PROMO_LIMIT_IS_FREE, FaultPlan.of(abort("pricing>promo", 429))),
        Arguments.of(
            Planted.RECOMMENDATION_TWICE, FaultPlan.of(delay("edge>recommendation", 1_300))),
        Arguments.of(
            Planted.NO_STOCK_AT_ALL,
            FaultPlan.of(abort("edge>inventory", 500), abort("edge>inventory-replica", 503))),
        Arguments.of(
            Planted.SLOW_PRICE_NO_CACHE,
            FaultPlan.of(delay("edge>pricing", 1_600), abort("edge>cache", 500))),
        Arguments.of(
            Planted.PAYMENT_STORM,
            FaultPlan.of(delay("edge>payment-a", 800), delay("edge>payment-b", 1_000))),
        Arguments.of(
            Planted.CART_NEEDS_AUDIT, FaultPlan.of(reset("edge>cart"), abort("edge>audit", 500))),
        Arguments.of(
            Planted.CHARGED_TWICE,
            FaultPlan.of(
                fault("edge>payment-a", new Effect.Rewrite(503)), abort("payment-b>ledger", 500))),
        Arguments.of(
            Planted.NOTHING_TO_SHOW,
            FaultPlan.of(
                abort("edge>catalog", 500),
                delay("edge>trending", 2_000),
                abort("edge>search", 500))),
        Arguments.of(
            Planted.POOL_RUNS_DRY,
            FaultPlan.of(
                delay("edge>inventory", 1_300),
                delay("edge>inventory-replica", 1_100),
                delay("pricing>tax", 1_100))),
        Arguments.of(
            Planted.GONE_BEFORE_USE,
            FaultPlan.of(abort("edge>inventory", 500).withStartDelay(Duration.ofMillis(60)))));
  }

  @ParameterizedTest
  @MethodSource("triggers")
  void eachDefectShowsUnderItsTriggerAndIsSeenFromOutside(Planted defect, FaultPlan trigger)
      throws Exception {
    SimShop shop = new SimShop(EnumSet.of(defect), 1);

    Observation seen = shop.run(trigger);

    assertThat(shop.shown()).containsExactly(defect);
    assertThat(score(trigger, seen).discovery()).isGreaterThanOrEqualTo(7);
    assertThat(defect.order()).isEqualTo(trigger.size());
  }

  @ParameterizedTest
  @MethodSource("triggers")
  void noPartOfATriggerIsEnough(Planted defect, FaultPlan trigger) throws Exception {
    SimShop shop = new SimShop(EnumSet.of(defect), 1);
    for (Fault fault : trigger.faults()) {
      FaultPlan less = trigger.without(fault);
      Observation seen = shop.run(less);
      assertThat(shop.shown()).isEmpty();
      assertThat(score(less, seen).discovery()).isLessThan(7);
    }
  }

  @ParameterizedTest
  @MethodSource("triggers")
  void aShopWithoutDefectsBearsEveryTrigger(Planted defect, FaultPlan trigger) throws Exception {
    SimShop shop = new SimShop(Set.of(), 1);

    assertThat(score(trigger, shop.run(trigger)).discovery()).as(defect.name()).isLessThan(7);
  }

  @Test
  void aGuessIsWrongInThreeOfTenCases() throws Exception {
    SimShop shop = new SimShop(EnumSet.of(Planted.SHIPPING_GUESS), 7);
    int wrong = 0;
    for (int i = 0; i < 1_000; i++) {
      Observation seen = shop.run(FaultPlan.of(abort("edge>shipping", 500)));
      wrong += seen.reply().status().orElse(0) == 500 ? 1 : 0;
    }
    assertThat(wrong).isBetween(250, 350);
  }

  @Test
  void aThousandHealthyOrdersAreServed() throws Exception {
    SimShop shop = new SimShop(EnumSet.allOf(Planted.class), 3);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, baseline());
    for (int i = 0; i < 1_000; i++) {
      Observation seen = shop.run(FaultPlan.NONE);
      assertThat(seen.reply().status()).hasValue(200);
      assertThat(analyzer.score(FaultPlan.NONE, seen).discovery()).isLessThan(2);
    }
    assertThat(shop.shown()).isEmpty();
  }

  /** Up to three faults anywhere, with all defects out: nothing that the shop does is a failure. */
  @Test
  void aShopWithoutDefectsBearsWhateverIsDoneToIt() throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    SimShop shop = new SimShop(Set.of(), 9);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, baseline());
    for (int i = 0; i < 5_000; i++) {
      FaultPlan plan = FaultPlan.NONE;
      List<String> edges =
          new ArrayList<>(ShopExperiment.edges().stream().map(Edge::toString).toList());
      for (int faults = random.nextInt(1, 4); faults > 0; faults--) {
        String edge = edges.remove(random.nextInt(edges.size()));
        plan =
            plan.and(
                switch (random.nextInt(3)) {
                  case 0 -> delay(edge, random.nextLong(50, 3_001));
                  case 1 -> abort(edge, new int[] {500, 503, 429}[random.nextInt(3)]);
                  default -> reset(edge);
                });
      }
      Observation seen = shop.run(plan);
      assertThat(analyzer.score(plan, seen).discovery()).as("%s", plan).isLessThan(7);
    }
  }

  @Test
  void theSameSeedGivesTheSameObservations() throws Exception {
    FaultPlan plan = FaultPlan.of(abort("edge>shipping", 500).withPercentage(50));
    SimShop one = new SimShop(EnumSet.allOf(Planted.class), 11);
    SimShop other = new SimShop(EnumSet.allOf(Planted.class), 11);
    for (int i = 0; i < 50; i++) {
      assertThat(one.run(plan)).isEqualTo(other.run(plan));
    }
  }

  @Test
  void theHealthyTraceShowsTheServicesThatAreUsed() throws Exception {
    Observation seen = new SimShop(Set.of(), 1).run(FaultPlan.NONE);

    assertThat(Calls.of(seen.trace().orElseThrow()))
        .extracting(call -> call.caller() + ">" + call.callee())
        .containsExactly(
            "client>edge",
            "edge>catalog",
            "edge>cart",
            "edge>pricing",
            "pricing>promo",
            "pricing>tax",
            "edge>inventory",
            "edge>payment-a",
            "edge>inventory",
            "edge>shipping",
            "edge>recommendation",
            "recommendation>trending",
            "edge>audit");
  }
}
