package dev.belay.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Belay;
import dev.belay.BreakerPolicy;
import dev.belay.CallFailed;
import dev.belay.CallObserver;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.RetryPolicy;
import dev.belay.SharedRandom;
import dev.belay.StopReason;
import dev.belay.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@link CallCounts} and {@link RecentLatencies}. */
class CountsTest {
  private final VirtualTime time = new VirtualTime();
  private final CallCounts counts = new CallCounts();
  private final RecentLatencies latencies = new RecentLatencies();
  private final Belay<Endpoint> belay =
      Belay.guard(
              new Endpoint(
                  "a",
                  Endpoint.Traits.NONE,
                  new CircuitBreaker(
                      "a",
                      BreakerPolicy.DEFAULT,
                      time,
                      SharedRandom.INSTANCE,
                      counts::onBreakerEvent)))
          .policy(RetryPolicy.DEFAULT)
          .observer(CallObserver.all(counts, latencies))
          .time(time)
          .build();

  private void succeedAfter(Duration took) throws InterruptedException {
    belay.call(() -> {
      time.sleep(took.toNanos());
      return "yes";
    });
  }

  @Test
  void countAttemptsRetriesCallsAndEdges() throws InterruptedException {
    succeedAfter(Duration.ofMillis(1));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() ->
              belay.call(() -> {
                throw new IOException("no");
              }))
          .isInstanceOf(CallFailed.class);
    }

    assertThat(counts.attempts(CallCounts.Result.SUCCESS)).isEqualTo(1);
    assertThat(counts.attempts(CallCounts.Result.FAILURE)).isEqualTo(5);
    assertThat(counts.retries(CallCounts.Result.FAILURE)).isEqualTo(3);
    assertThat(counts.retries(CallCounts.Result.SUCCESS)).isZero();
    assertThat(counts.calls(StopReason.SUCCESS)).isEqualTo(1);
    assertThat(counts.edges("open")).isEqualTo(1);
    assertThat(counts.waitedSeconds()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void durationsFallIntoTheBucketThatEndsAtThem() throws InterruptedException {
    succeedAfter(Duration.ofMillis(5));
    succeedAfter(Duration.ofMillis(6));
    succeedAfter(Duration.ofMinutes(2));

    assertThat(counts.durations("d"))
        .contains("# TYPE d histogram\n")
        .contains("d_bucket{le=\"0.005\"} 1\n", "d_bucket{le=\"0.01\"} 2\n")
        .contains("d_bucket{le=\"60.0\"} 2\n", "d_bucket{le=\"+Inf\"} 3\n", "d_count 3\n")
        .contains("d_sum 120.011\n");
  }

  @Test
  void latenciesAreThoseOfTheLastSuccesses() throws InterruptedException {
    assertThat(latencies.percentile("a", 0.95)).isEmpty();
    for (int i = 1; i <= 100; i++) {
      succeedAfter(Duration.ofMillis(i));
    }

    assertThat(latencies.percentile("a", 0)).contains(Duration.ofMillis(37));
    assertThat(latencies.percentile("a", 0.95)).contains(Duration.ofMillis(97));
    assertThat(latencies.percentile("a", 1)).contains(Duration.ofMillis(100));
    latencies.retain(Set.of("b"));
    assertThat(latencies.percentile("a", 0.95)).isEmpty();
  }
}
