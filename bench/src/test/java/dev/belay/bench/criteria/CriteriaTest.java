package dev.belay.bench.criteria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.simulate.Strategy;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CriteriaTest {
  private static final Effort SMALL = new Effort(5, Duration.ofMinutes(5), 10, 1, 1_000, 200);

  @Nested
  class Simulated {
    private final SimulatedCriteria criteria = new SimulatedCriteria(SMALL);

    @Test
    void retriesMakeUpForTransientFailures() {
      assertThat(criteria.successRate()).allMatch(Finding::met);
    }

    @Test
    void breakersSaveAttemptsAtDegradedProxies() {
      assertThat(criteria.wasted(Strategy.named("random"), "random choice")).matches(Finding::met);
      assertThat(criteria.wastedByBestRecent()).contains("random choice without breakers");
    }

    @Test
    void requestsThatWereRetriedAreSoonDone() {
      assertThat(criteria.latency()).matches(Finding::met);
    }

    @Test
    void theFirstRetryGoesWhereItSucceeds() {
      assertThat(criteria.firstRetry()).matches(Finding::met);
    }

    @Test
    void twoRetriesAreEnoughForMost() {
      assertThat(criteria.withinTwoRetries()).matches(Finding::met);
    }
  }

  @Nested
  class Measured {
    @Test
    void breakersActAtOnce() {
      assertThat(new BreakerCriteria(SMALL).transition()).matches(Finding::met);
    }

    @Test
    void noPermitIsLost() throws InterruptedException {
      assertThat(new BreakerCriteria(SMALL).permits()).matches(Finding::met);
    }
  }

  @Test
  void anIntervalHoldsTheMeanOfItsRuns() {
    Interval interval = Interval.of(List.of(1., 2., 3.));

    assertThat(interval.mean()).isEqualTo(2);
    assertThat(interval.half()).isCloseTo(2.484, Assertions.within(0.001));
  }

  @Test
  void oneFailureFailsTheWhole() {
    Finding good = new Finding("SC-1", "measured", "1", "2", true);
    Finding bad = new Finding("SC-2", "measured", "1", "2", false);

    assertThat(new CriteriaRun.Outcome(List.of(good), "").passed()).isTrue();
    CriteriaRun.Outcome outcome = new CriteriaRun.Outcome(List.of(good, bad), "a remark");
    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.markdown("conditions"))
        .startsWith("conditions\n")
        .contains("| SC-2 | measured | 1 | 2 | **fail** |")
        .contains("a remark")
        .contains("**Wasted attempt**");
    assertThat(bad).hasToString("FAIL SC-2, measured: 1 (bar: 2)");
  }
}
