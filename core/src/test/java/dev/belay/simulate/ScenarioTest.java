package dev.belay.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Cases;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ScenarioTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Load LOAD = Load.even(1, Duration.ofMinutes(1));

  private static void rejects(ThrowingCallable making, String message) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Nested
  class Latencies {
    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);

    @Test
    void stayWithinTheirBounds() {
      Cases.check(
          200,
          any -> Duration.ofNanos(1 + any.nextLong(Latency.LONGEST.toNanos() / 2)),
          length -> {
            assertThat(new Latency.Fixed(length).draw(random)).isEqualTo(length.toNanos());
            assertThat(new Latency.Uniform(length, length.multipliedBy(2)).draw(random))
                .isBetween(length.toNanos(), 2 * length.toNanos());
            assertThat(new Latency.Uniform(length, length).draw(random))
                .isEqualTo(length.toNanos());
            assertThat(new Latency.LogNormal(length, 3).draw(random))
                .isBetween(0L, Latency.LONGEST.toNanos());
          });
    }

    @Test
    void haveTheMedianAndTheTailTheySay() {
      long[] drawn = new long[20_000];
      Latency latency = new Latency.LogNormal(SECOND, 0.5);
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = latency.draw(random);
      }
      java.util.Arrays.sort(drawn);

      assertThat(drawn[10_000] / 1e9).isCloseTo(1, within(0.03));
      assertThat(drawn[19_800] / 1e9).isCloseTo(Math.exp(0.5 * 2.326), within(0.2));
    }

    @Test
    void areChecked() {
      rejects(() -> new Latency.Fixed(SECOND.negated()), "latency must be 0 to a day, was PT-1S");
      rejects(() -> new Latency.Uniform(SECOND, Duration.ZERO), "must be at least the least");
      rejects(() -> new Latency.LogNormal(Duration.ZERO, 1), "must be above 0");
      rejects(() -> new Latency.LogNormal(SECOND, 4), "sigma must be 0 to 3, was 4.0");
    }
  }

  @Nested
  class Scripts {
    private final Behaviour good = Behaviour.works();
    private final Behaviour bad = Behaviour.refuses();

    @Test
    void goThroughTheirPhasesAndStayInTheLast() {
      ScriptedEndpoint endpoint =
          ScriptedEndpoint.of("one").withPhases(new Phase(SECOND, good), new Phase(SECOND, bad));

      assertThat(endpoint.at(0)).isEqualTo(good);
      assertThat(endpoint.at(999_999_999)).isEqualTo(good);
      assertThat(endpoint.at(1_000_000_000)).isEqualTo(bad);
      assertThat(endpoint.at(9_000_000_000L)).isEqualTo(bad);
    }

    @Test
    void beginAgainWhereTheyRepeat() {
      ScriptedEndpoint endpoint =
          ScriptedEndpoint.of("one").repeating(new Phase(SECOND, good), new Phase(SECOND, bad));

      assertThat(endpoint.at(3_500_000_000L)).isEqualTo(bad);
      assertThat(endpoint.at(4_000_000_000L)).isEqualTo(good);
    }

    @Test
    void workWhereTheySayNothing() {
      assertThat(ScriptedEndpoint.of("one").at(1)).isEqualTo(good);
    }

    @Test
    void knowHowMuchFailsAtTheirHands() {
      assertThat(Behaviour.works(0.75).failureRate()).isEqualTo(0.25);
      assertThat(Behaviour.slow(3).failureRate()).isZero();
      assertThat(Behaviour.hangs().failureRate()).isEqualTo(1);
      assertThat(bad.failureRate()).isEqualTo(1);
      assertThat(Behaviour.throttles(SECOND).failureRate()).isEqualTo(1);
      assertThat(Behaviour.throttles(5, SECOND).failureRate()).isZero();
    }

    @Test
    void areChecked() {
      rejects(() -> Behaviour.works(1.1), "success rate must be 0 to 1, was 1.1");
      rejects(() -> Behaviour.fails(404), "status must be 500 to 599, was 404");
      rejects(() -> Behaviour.slow(0.5), "slowness must be 1 to 1000, was 0.5");
      rejects(() -> Behaviour.throttles(-1, SECOND), "quota must be 0 to 1000000, was -1.0");
      rejects(() -> Behaviour.throttles(Duration.ZERO), "retry_after must be above 0");
      rejects(() -> new Phase(Duration.ZERO, good), "a phase must be above 0");
      rejects(() -> ScriptedEndpoint.of(" "), "an endpoint needs a name");
      rejects(() -> ScriptedEndpoint.of("one").withCapacity(0), "capacity must be above 0");
    }
  }

  @Nested
  class Worlds {
    private final ScriptedEndpoint one = ScriptedEndpoint.of("one");

    @Test
    void areChecked() {
      rejects(() -> world(List.of()), "endpoints must be 1 to 10000, were 0");
      rejects(() -> world(List.of(one, one)), "'one' is there twice");
      rejects(() -> Load.even(0, SECOND), "rate must be above 0");
      rejects(() -> Load.even(1, Duration.ofDays(2)), "duration must be above 0 and at most a day");
      rejects(() -> Load.even(1e5, Duration.ofHours(1)), "must be 1 to 2000000 calls");
      rejects(() -> new Rules.Budget(11, 1, 1), "budget share must be 0 to 10, was 11.0");
      rejects(() -> Rules.DEFAULT.withAnswerTimeout(Duration.ZERO), "answer_timeout must be");
      rejects(() -> Strategy.named("best"), "strategy must be one of");
      rejects(
          () -> Scenarios.named("flood", 3, LOAD, Rules.DEFAULT),
          "scenario must be one of outage, one-down,");
      rejects(
          () -> Scenarios.named("outage", 0, LOAD, Rules.DEFAULT),
          "endpoints must be 1 to 10000, were 0");
    }

    private Scenario world(List<ScriptedEndpoint> endpoints) {
      return new Scenario("test", "", endpoints, LOAD, Rules.DEFAULT);
    }

    @Test
    void tellWhatHappensInThem() {
      Load load = Load.even(10, Duration.ofMinutes(2));

      assertThat(Scenarios.named("outage", 3, load, Rules.DEFAULT).story())
          .isEqualTo("from 30s on, all refuse connections for 30s");
      assertThat(Scenarios.named("outage", 3, LOAD.withCalls(20), Rules.DEFAULT).story())
          .isEqualTo("from 5s on, all refuse connections for 10s");
      assertThat(Scenarios.named("one-down", 3, load, Rules.DEFAULT).story())
          .contains("the first of 3");
    }

    @Test
    void canBeGivenAnotherLoad() {
      Scenario scenario = Scenarios.named("all-fine", 2, LOAD, Rules.DEFAULT);

      Result result = Simulation.run(scenario.withLoad(LOAD.withCalls(10)), 1);

      assertThat(result.calls().offered()).isEqualTo(10);
      assertThat(result.timeline().load("endpoint-1")).isNotEmpty();
      rejects(() -> result.timeline().load("endpoint-3"), "there is no endpoint endpoint-3");
    }
  }
}
