package dev.belay.examples.shop.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerPolicy;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Span;
import dev.belay.examples.shop.Planted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Belay between the services of the shop: its own retries under test. */
class BetweenTest {
  private static final Edge TAX = new Edge("pricing", "tax");
  private static final Edge PAYMENT_A = new Edge("edge", "payment-a");
  private static final Edge PAYMENT_B = new Edge("edge", "payment-b");
  private static final Effect BROKEN = new Effect.Abort(503);

  /** Strikes the first call of an edge, and no other. */
  private static Fault once(Edge edge, Effect effect) {
    return new Fault(edge, effect, Match.ALL, 100, Duration.ZERO, new Fault.Hits(0, 1));
  }

  private static Observation run(Between between, FaultPlan plan) throws Exception {
    return new SimShop(EnumSet.allOf(Planted.class), 1, between).run(plan);
  }

  private static List<Calls.Call> calls(Observation seen, Edge edge) {
    return Calls.of(seen.trace().orElseThrow()).stream()
        .filter(call -> new Edge(call.caller(), call.callee()).equals(edge))
        .toList();
  }

  @Test
  void whatPassesIsBorneByAnotherAttempt() throws Exception {
    FaultPlan plan = FaultPlan.of(once(TAX, BROKEN));

    Observation without = run(Between.NOTHING, plan);
    Observation with = run(Between.before(Set.of("tax")), plan);

    assertThat(without.reply().status()).hasValue(500);
    assertThat(with.reply().status()).hasValue(200);
    assertThat(calls(with, TAX)).hasSize(2);
    assertThat(with.receipts()).hasSize(1);
  }

  @Test
  void whatLastsIsTriedThreeTimesAndHandedOver() throws Exception {
    FaultPlan plan = FaultPlan.of(Fault.at(TAX, BROKEN));

    Observation with = run(Between.everywhere(), plan);

    assertThat(with.reply().status()).hasValue(500);
    List<Calls.Call> attempts = calls(with, TAX);
    assertThat(attempts).hasSize(3);
    long pause = attempts.get(1).span().startNanos() - attempts.get(0).span().endNanos();
    assertThat(Duration.ofNanos(pause)).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void aChargeIsSentOnceWhateverBecomesOfIt() throws Exception {
    FaultPlan plan = FaultPlan.of(Fault.at(PAYMENT_A, new Effect.Rewrite(503)));

    Observation with = run(Between.everywhere(), plan);

    assertThat(calls(with, PAYMENT_A)).hasSize(1);
    assertThat(with.invariants()).allMatch(invariant -> invariant.holds());
  }

  @Test
  void noCallTakesLongerThanItsCallerWaits() throws Exception {
    FaultPlan plan = FaultPlan.of(Fault.at(TAX, new Effect.Delay(Duration.ofSeconds(3))));

    Observation seen = run(Between.before(Set.of("tax")), plan);

    List<Span> attempts =
        seen.trace().orElseThrow().spans().stream()
            .filter(span -> "tax".equals(span.outcome().tags().get("peer.service")))
            .toList();
    assertThat(attempts).hasSize(1);
    assertThat(attempts.getFirst().durationNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
  }

  @Test
  void aBudgetBoundsTheAttempts() throws Exception {
    FaultPlan plan = FaultPlan.of(Fault.at(TAX, BROKEN));

    assertThat(calls(run(Between.everywhere().withBudget(1), plan), TAX)).hasSize(2);
  }

  @Test
  void aBreakerEndsAStormOfWhoCallsBelay() throws Exception {
    FaultPlan plan =
        FaultPlan.of(
            Fault.at(PAYMENT_A, new Effect.Delay(Duration.ofMillis(800))),
            Fault.at(PAYMENT_B, new Effect.Delay(Duration.ofMillis(1_000))));

    assertThat(calls(run(Between.NOTHING, plan), PAYMENT_B)).hasSize(6);
    assertThat(calls(run(Between.everywhere(), plan), PAYMENT_B)).hasSize(5);
  }

  @Test
  void aHealthyShopIsTheSameWithAndWithoutIt() throws Exception {
    SimShop without = new SimShop(EnumSet.allOf(Planted.class), 5);
    SimShop with = new SimShop(EnumSet.allOf(Planted.class), 5, Between.everywhere());

    for (int i = 0; i < 50; i++) {
      assertThat(with.run(FaultPlan.NONE)).isEqualTo(without.run(FaultPlan.NONE));
    }
  }

  /** Two layers of three attempts each. */
  @Test
  void retriesInTwoLayersMultiplyUntilABreakerOrABudgetBoundsThem() throws Exception {
    Effect lost = new Effect.Rewrite(503);
    FaultPlan plan = FaultPlan.of(Fault.at(new Edge("edge", "pricing"), lost), Fault.at(TAX, lost));
    Between everywhere = Between.everywhere();
    BreakerPolicy never = BreakerPolicy.builder().failureThreshold(1_000).build();
    Between unbroken = new Between(everywhere.edges(), everywhere.policy(), never, 100);

    assertThat(calls(sound(unbroken, plan), TAX)).hasSize(9);
    assertThat(calls(sound(everywhere, plan), TAX)).hasSize(5);
    assertThat(calls(sound(everywhere.withBudget(1), plan), TAX)).hasSize(3);
    assertThat(calls(sound(Between.before(Set.of("pricing")), plan), TAX)).hasSize(3);
  }

  /** Found by a search: each attempt waits anew for what stands behind the callee. */
  @Test
  void retriesRepeatTheWaitsBehindThemUnlessABudgetBoundsThem() throws Exception {
    Fault lost = Fault.at(new Edge("edge", "pricing"), new Effect.Rewrite(503));
    Fault slow = Fault.at(new Edge("pricing", "promo"), new Effect.Delay(Duration.ofMillis(2_812)));
    FaultPlan plan = FaultPlan.of(lost, slow);
    Between everywhere = Between.everywhere();

    assertThat(latency(sound(Between.NOTHING, plan))).isLessThan(Duration.ofMillis(600));
    assertThat(latency(sound(everywhere, plan))).isGreaterThan(Duration.ofMillis(1_350));
    assertThat(latency(sound(everywhere.withBudget(1), plan))).isLessThan(Duration.ofMillis(1_050));
  }

  private static Duration latency(Observation seen) {
    assertThat(seen.reply().status()).hasValue(200);
    return seen.reply().latency().orElseThrow();
  }

  private static Observation sound(Between between, FaultPlan plan) throws Exception {
    return new SimShop(Set.of(), 1, between).run(plan);
  }

  /** Whatever is done to a shop without defects: no retry makes a failure of what was borne. */
  @Test
  void aSmallBudgetAddsNoFailureOfItsOwn() throws Exception {
    SplittableRandom random = new SplittableRandom(21);
    SimShop shop = new SimShop(Set.of(), 4, Between.everywhere().withBudget(1));
    Analyzer analyzer = analyzer(shop);
    for (int i = 0; i < 5_000; i++) {
      FaultPlan plan = ShopExperiment.space().any(random);
      assertThat(analyzer.score(plan, shop.run(plan)).discovery()).as("%s", plan).isLessThan(7);
    }
  }

  private static Analyzer analyzer(SimShop shop) throws Exception {
    return new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy(shop)));
  }

  private static List<Observation> healthy(SimShop shop) throws Exception {
    List<Observation> healthy = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      healthy.add(shop.run(FaultPlan.NONE));
    }
    return healthy;
  }

  @Test
  void aSearchThroughItFindsTheDefectsOfTheShopAndNoneOfBelay() throws Exception {
    SimShop shop = new SimShop(EnumSet.of(Planted.TAX_WITHOUT_FALLBACK), 3, Between.everywhere());
    List<Observation> healthy = healthy(shop);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    HybridSearch search = new HybridSearch(ShopExperiment.space(), healthy, 3);

    for (int i = 1; i <= 100; i++) {
      Optional<Proposal> next = search.next();
      if (next.isPresent()) {
        FaultPlan plan = next.get().plan();
        Observation seen = shop.run(plan);
        var unused = search.saw(i, seen, analyzer.score(plan, seen));
      }
    }

    assertThat(search.defects())
        .extracting(defect -> defect.signature())
        .containsExactly("POST /checkout | 500 | edge>pricing>tax");
  }
}
