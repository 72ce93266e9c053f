package dev.belay.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.Cases;
import dev.belay.Endpoint;
import dev.belay.Hedge;
import dev.belay.RetryPolicy;
import dev.belay.StopReason;
import dev.belay.select.Strategies;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Rules BARE =
      Rules.DEFAULT
          .withoutBreakers()
          .withBudget(Rules.Budget.UNLIMITED)
          .withStrategy(Strategy.named("round-robin"));

  private static Scenario named(String name, Rules rules) {
    return Scenarios.named(name, 3, Load.poisson(50, Duration.ofMinutes(2)), rules);
  }

  private static Scenario world(Rules rules, Load load, ScriptedEndpoint... endpoints) {
    return new Scenario("test", "", List.of(endpoints), load, rules);
  }

  private static ScriptedEndpoint endpoint(String name, Behaviour behaviour) {
    return ScriptedEndpoint.of(name)
        .withLatency(new Latency.Fixed(Duration.ofMillis(100)))
        .always(behaviour);
  }

  private static RetryPolicy.Builder policy(int attempts) {
    return RetryPolicy.named("test")
        .maxAttempts(attempts)
        .backoff(Backoff.fixed(Duration.ofSeconds(1)));
  }

  @Nested
  class Repeatable {
    @Test
    void givesTheSameForTheSameSeedWhateverTheStrategy() {
      for (String strategy : Strategies.names()) {
        for (String name : Scenarios.names()) {
          Rules rules = Rules.DEFAULT.withStrategy(Strategy.named(strategy));
          Scenario scenario = Scenarios.named(name, 4, Load.poisson(20, MINUTE), rules);

          assertThat(Simulation.run(scenario, 7))
              .as("%s under %s", name, strategy)
              .isEqualTo(Simulation.run(scenario, 7));
        }
      }
    }

    @Test
    void givesAnotherForAnotherSeed() {
      Scenario scenario = named("flapping", Rules.DEFAULT);

      assertThat(Simulation.run(scenario, 1).timeline())
          .isNotEqualTo(Simulation.run(scenario, 2).timeline());
    }

    @Test
    void offersTheSameCallsUnderOtherRules() {
      Result one = Simulation.run(named("outage", Rules.DEFAULT), 3);
      Result other = Simulation.run(named("outage", BARE), 3);

      assertThat(offered(one)).isEqualTo(offered(other));
    }

    private static List<Long> offered(Result result) {
      return result.timeline().slices().stream().limit(120).map(Timeline.Slice::offered).toList();
    }
  }

  @Nested
  class Calls {
    @Test
    void succeedAtOnceWhereNothingGoesWrong() {
      Result result = Simulation.run(named("all-fine", Rules.DEFAULT), 1);

      assertThat(result.calls().successRate()).isEqualTo(1);
      assertThat(result.amplification()).isEqualTo(1);
      assertThat(result.attempts().callsByAttempts()).containsExactly(result.calls().offered());
      assertThat(result.calls().offered()).isBetween(5_600L, 6_400L);
      assertThat(result.waits().count()).isZero();
      assertThat(result.attempts().wasted()).isZero();
    }

    @Test
    void waitAsThePolicySaysAndFailAfterItsLastAttempt() {
      Result result =
          Simulation.run(
              world(
                  BARE.withPolicy(RetryPolicy.DEFAULT),
                  Load.even(1, MINUTE),
                  endpoint("one", Behaviour.fails(503))),
              1);

      assertThat(result.calls().endings())
          .containsOnlyKeys(StopReason.ATTEMPTS_EXHAUSTED)
          .containsValue(result.calls().offered());
      assertThat(result.calls().took().longest()).isEqualTo(Duration.ofMillis(3_300));
      assertThat(result.waits().each().p50()).isEqualTo(Duration.ofSeconds(1));
      assertThat(result.waits().each().longest()).isEqualTo(Duration.ofSeconds(2));
      assertThat(result.waits().sum()).isEqualTo(Duration.ofSeconds(3 * result.calls().offered()));
      assertThat(result.attempts().byNumber()).hasSize(3).containsOnly(result.calls().offered());
      assertThat(result.attempts().wasted()).isEqualTo(result.attempts().made());
    }

    @Test
    void doNotRetryAStatusThatIsNotListed() {
      Result result =
          Simulation.run(
              world(BARE, Load.even(1, MINUTE), endpoint("one", Behaviour.fails(500))), 1);

      assertThat(result.calls().endings()).containsOnlyKeys(StopReason.PERMANENT);
      assertThat(result.amplification()).isEqualTo(1);
    }

    @Test
    void giveUpOnAnAttemptThatTakesTooLong() {
      Rules rules = BARE.withPolicy(policy(2).build()).withAnswerTimeout(Duration.ofSeconds(5));
      Result result =
          Simulation.run(world(rules, Load.even(1, MINUTE), endpoint("one", Behaviour.hangs())), 1);

      assertThat(result.calls().took().longest()).isEqualTo(Duration.ofSeconds(11));
      assertThat(result.calls().successes()).isZero();
    }

    @Test
    void endAtTheirDeadline() {
      Rules rules = BARE.withPolicy(policy(5).timeout(Duration.ofSeconds(3)).build());
      Result result =
          Simulation.run(world(rules, Load.even(1, MINUTE), endpoint("one", Behaviour.hangs())), 1);

      assertThat(result.calls().endings()).containsOnlyKeys(StopReason.DEADLINE);
      assertThat(result.calls().took().longest()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void moveOnToAnotherEndpoint() {
      Rules rules = BARE.withPolicy(policy(2).immediateFailover(true).build());
      Result result =
          Simulation.run(
              world(
                  rules,
                  Load.even(10, MINUTE),
                  endpoint("down", Behaviour.refuses()),
                  endpoint("up", Behaviour.works())),
              1);

      assertThat(result.calls().successRate()).isEqualTo(1);
      assertThat(result.waits().count()).isZero();
      assertThat(result.attempts().callsByAttempts()).hasSize(2);
      assertThat(result.attempts().byEndpoint().get("up")).isEqualTo(result.calls().offered());
      assertThat(result.attempts().wasted()).isEqualTo(result.attempts().byEndpoint().get("down"));
    }

    @Test
    void neverComeBackSoonerThanTheServerAsked() {
      Rules rules = BARE.withPolicy(policy(3).retryStatusCodes(Set.of(429)).build());
      Behaviour throttles = Behaviour.throttles(Duration.ofSeconds(7));
      Result result =
          Simulation.run(world(rules, Load.even(1, MINUTE), endpoint("one", throttles)), 1);

      assertThat(result.waits().each().p50()).isEqualTo(Duration.ofSeconds(7));
      assertThat(result.calls().took().longest()).isEqualTo(Duration.ofMillis(14_300));
    }

    @Test
    void goToTheirOwnRegionFirst() {
      Rules rules = BARE.withStrategy(Strategy.named("geo-targeted"));
      ScriptedEndpoint east =
          endpoint("east", Behaviour.works()).withTraits(Endpoint.Traits.NONE.withRegion("EAST"));
      ScriptedEndpoint west =
          endpoint("west", Behaviour.works()).withTraits(Endpoint.Traits.NONE.withRegion("WEST"));
      Load load = Load.even(10, MINUTE).withRegions(List.of("EAST", "EAST", "WEST"));

      Result result = Simulation.run(world(rules, load, east, west), 1);

      long all = result.calls().offered();
      assertThat(result.attempts().byEndpoint().get("east")).isEqualTo(2 * all / 3);
    }
  }

  @Nested
  class Hedges {
    @Test
    void cutTheTail() {
      Latency tail = new Latency.LogNormal(Duration.ofMillis(50), 1.2);
      Scenario plain =
          world(
              BARE,
              Load.poisson(20, MINUTE),
              ScriptedEndpoint.of("a").withLatency(tail),
              ScriptedEndpoint.of("b").withLatency(tail));
      RetryPolicy hedging = policy(2).hedge(Hedge.after(Duration.ofMillis(150))).build();

      Result without = Simulation.run(plain, 1);
      Result with = Simulation.run(plain.withRules(BARE.withPolicy(hedging)), 1);

      assertThat(with.attempts().hedges()).isPositive();
      assertThat(with.attempts().made() - with.calls().offered())
          .isEqualTo(with.attempts().hedges());
      assertThat(with.calls().tookWell().p99()).isLessThan(without.calls().tookWell().p99());
    }

    @Test
    void areReplacedWhereTheyFail() {
      RetryPolicy hedging =
          policy(4).immediateFailover(true).hedge(Hedge.after(Duration.ofMillis(10))).build();
      Scenario scenario =
          world(
              BARE.withPolicy(hedging).withAnswerTimeout(Duration.ofSeconds(5)),
              Load.even(1, MINUTE),
              endpoint("hangs", Behaviour.hangs()),
              endpoint("down", Behaviour.refuses()),
              endpoint("up", Behaviour.works()));

      Result result = Simulation.run(scenario, 1);

      assertThat(result.calls().successRate()).isEqualTo(1);
      assertThat(result.calls().took().longest()).isLessThan(Duration.ofMillis(150));
    }
  }

  @Nested
  class Storm {
    @Test
    void isVisibleWithoutBudgetAndBoundedWithOne() {
      Rules without = BARE.withPolicy(RetryPolicy.highVolume());
      Rules with = without.withBudget(new Rules.Budget(0.2, 0, 10));

      Result storm = Simulation.run(named("outage", without), 1);
      Result calm = Simulation.run(named("outage", with), 1);

      assertThat(storm.peakAmplification()).isGreaterThan(4);
      assertThat(calm.peakAmplification()).isLessThan(2);
      assertThat(calm.waits().budgetRefusals()).isPositive();
      assertThat(calm.calls().ended(StopReason.BUDGET_EXHAUSTED)).isPositive();
    }

    @Test
    void keepsAnOverloadAliveThatABudgetEnds() {
      RetryPolicy impatient =
          policy(5)
              .backoff(Backoff.fixed(Duration.ofMillis(200)))
              .attemptTimeout(Duration.ofSeconds(1))
              .build();
      Rules without = BARE.withPolicy(impatient);
      Rules with = without.withBudget(new Rules.Budget(0.1, 0, 10));

      Result storm = Simulation.run(named("overload", without), 1);
      Result calm = Simulation.run(named("overload", with), 1);

      assertThat(lastQuarter(storm)).isLessThan(0.1);
      assertThat(lastQuarter(calm)).isGreaterThan(0.95);
    }

    /** Share of the calls offered in the last half minute that ended well in it. */
    private static double lastQuarter(Result result) {
      List<Timeline.Slice> last = result.timeline().slices().subList(90, 120);
      double offered = last.stream().mapToLong(Timeline.Slice::offered).sum();
      return last.stream().mapToLong(Timeline.Slice::successes).sum() / offered;
    }
  }

  @Nested
  class Breakers {
    @Test
    void openInAnOutageAndCloseAfterIt() {
      Result result = Simulation.run(named("outage", Rules.DEFAULT), 1);

      assertThat(result.breakers().count()).isEqualTo(result.breakers().events().size());
      assertThat(result.breakers().events()).isNotEmpty();
      assertThat(result.breakers().events().getFirst().to()).isEqualTo(BreakerState.OPEN);
      assertThat(result.breakers().events().getLast().to()).isEqualTo(BreakerState.CLOSED);
      assertThat(result.calls().ended(StopReason.REFUSED)).isPositive();
      assertThat(result.timeline().slices().get(119).refused()).isZero();
      assertThat(result.peakAmplification()).isLessThan(2);
    }

    @Test
    void doNothingWhereTheyAreOff() {
      Result result = Simulation.run(named("outage", BARE), 1);

      assertThat(result.breakers().count()).isZero();
      assertThat(result.calls().ended(StopReason.REFUSED)).isZero();
    }

    @Test
    void keepCallsAwayForAsLongAsAServerAsks() {
      BreakerPolicy breaker =
          BreakerPolicy.builder().failureThreshold(100_000).openFor(Duration.ofSeconds(1)).build();
      Rules rules =
          BARE.withBreaker(breaker).withPolicy(policy(1).retryStatusCodes(Set.of(429)).build());
      Behaviour throttles = Behaviour.throttles(Duration.ofSeconds(20));
      Result result =
          Simulation.run(world(rules, Load.even(1, MINUTE), endpoint("one", throttles)), 1);

      assertThat(result.attempts().made()).isEqualTo(3);
    }
  }

  @Nested
  class Capacity {
    @Test
    void makesWhatExceedsItQueue() {
      Load load = Load.even(10, MINUTE);
      Rules once = BARE.withPolicy(RetryPolicy.NONE);
      ScriptedEndpoint endpoint = endpoint("one", Behaviour.works());
      Result enough = Simulation.run(world(once, load, endpoint.withCapacity(10)), 1);
      Result less = Simulation.run(world(once, load, endpoint.withCapacity(9.5)), 1);
      Result tooLittle = Simulation.run(world(once, load, endpoint.withCapacity(5)), 1);

      assertThat(enough.calls().took().longest()).isEqualTo(Duration.ofMillis(100));
      assertThat(less.calls().took().longest())
          .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_300));
      assertThat(less.calls().successRate()).isEqualTo(1);
      assertThat(tooLittle.calls().tookWell().longest())
          .isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_300));
      assertThat(tooLittle.calls().successRate()).isCloseTo(0.55, within(0.03));
    }

    @Test
    void isAQuotaWhereAServerThrottles() {
      Result result =
          Simulation.run(
              world(
                  BARE,
                  Load.even(20, MINUTE),
                  endpoint("one", Behaviour.throttles(10, Duration.ofSeconds(1)))),
              1);

      assertThat(result.calls().successRate()).isCloseTo(0.5, within(0.02));
      assertThat(result.calls().ended(StopReason.PERMANENT)).isPositive();
    }
  }

  @Test
  void losesNoCallAndNoAttempt() {
    Cases.check(
        60,
        SimulationTest::anyScenario,
        scenario -> {
          Result result = Simulation.run(scenario, 1);
          List<Timeline.Slice> slices = result.timeline().slices();
          Result.Attempts attempts = result.attempts();
          long calls = result.calls().offered();
          assertThat(sum(result.calls().endings().values().stream().toList())).isEqualTo(calls);
          assertThat(slices.stream().mapToLong(Timeline.Slice::offered).sum()).isEqualTo(calls);
          assertThat(
                  slices.stream()
                      .mapToLong(one -> one.successes() + one.failures() + one.refused())
                      .sum())
              .isEqualTo(calls);
          assertThat(slices.stream().mapToLong(Timeline.Slice::attempts).sum())
              .isEqualTo(attempts.made());
          assertThat(sum(attempts.byEndpoint().values().stream().toList()))
              .isEqualTo(attempts.made());
          assertThat(sum(attempts.callsByAttempts())).isEqualTo(result.calls().successes());
          assertThat(sum(attempts.goodByNumber())).isEqualTo(result.calls().successes());
        });
  }

  private static long sum(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private static Scenario anyScenario(RandomGenerator random) {
    RetryPolicy policy =
        RetryPolicy.named("any")
            .maxAttempts(1 + random.nextInt(10))
            .backoff(Backoff.exponential(Duration.ofMillis(1 + random.nextInt(2_000))))
            .attemptTimeout(Duration.ofMillis(10 + random.nextInt(5_000)))
            .timeout(Duration.ofMillis(100 + random.nextInt(20_000)))
            .immediateFailover(random.nextBoolean())
            .maxOpenWait(Duration.ofSeconds(random.nextInt(3)))
            .retryStatusCodes(Set.of(429, 503))
            .hedge(new Hedge(random.nextInt(3), Duration.ofMillis(random.nextInt(200)), 0))
            .build();
    Rules rules =
        Rules.DEFAULT
            .withPolicy(policy)
            .withBudget(new Rules.Budget(random.nextDouble(), 1, 1 + random.nextInt(50)))
            .withStrategy(
                Strategy.named(Strategies.names().get(random.nextInt(Strategies.names().size()))));
    return Scenarios.named(
        Scenarios.names().get(random.nextInt(Scenarios.names().size())),
        1 + random.nextInt(5),
        Load.poisson(1 + random.nextInt(40), Duration.ofSeconds(5 + random.nextInt(60))),
        random.nextBoolean() ? rules : rules.withoutBreakers());
  }

  @Test
  void runsAHundredThousandCallsInSeconds() {
    Scenario scenario =
        Scenarios.named("flapping", 5, Load.poisson(500, MINUTE).withCalls(100_000), Rules.DEFAULT);

    long start = System.nanoTime();
    Result result = Simulation.run(scenario, 1);
    long took = System.nanoTime() - start;

    assertThat(result.calls().offered()).isBetween(98_000L, 102_000L);
    assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(20));
  }
}
