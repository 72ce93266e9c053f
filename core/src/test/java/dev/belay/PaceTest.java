package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Pace QUICK =
      new Pace("quick", Backoff.exponential(Duration.ofMillis(10)), 3);
  private static final Pace SLOW = new Pace("slow", Backoff.fixed(Duration.ofSeconds(7)), 2);

  private final VirtualTime time = new VirtualTime();

  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Pace pace;

    Failed(Pace pace) {
      this.pace = pace;
    }
  }

  private CallReport run(List<Pace> failures) throws InterruptedException {
    Queue<Pace> left = new ArrayDeque<>(failures);
    Belay<Endpoint> belay =
        Belay.guard(Endpoint.of("model"))
            .time(time)
            .policy(RetryPolicy.named("paced").maxAttempts(9).build())
            .classifier(
                Classifier.builder()
                    .failure(
                        Failed.class,
                        failed ->
                            Verdict.retry(ErrorClass.STATUS, Blame.TARGET).withPace(failed.pace))
                    .build())
            .build();
    try {
      belay.call(() -> {
        Pace pace = left.poll();
        if (pace != null) {
          throw new Failed(pace);
        }
        return "done";
      });
    } catch (CallFailed failed) {
      return failed.report();
    }
    throw new AssertionError("it was to fail");
  }

  @Test
  void eachKindOfFailureWaitsInItsOwnWay() throws InterruptedException {
    CallReport report = run(List.of(QUICK, SLOW, QUICK, Pace.POLICY, QUICK));

    assertThat(report.attempts().stream().map(CallReport.Try::waited))
        .containsExactly(
            Duration.ZERO,
            Duration.ofMillis(10),
            Duration.ofSeconds(7),
            Duration.ofMillis(20),
            Duration.ofSeconds(8));
  }

  @Test
  void aKindIsTriedNoMoreOftenThanItsPaceAllows() throws InterruptedException {
    CallReport report = run(List.of(SLOW, QUICK, SLOW, SLOW));

    assertThat(report.attempts()).hasSize(3);
    assertThat(report.reason()).isEqualTo(StopReason.ATTEMPTS_EXHAUSTED);
  }

  @Test
  void refusesAPaceWithoutAttempts() {
    assertThatThrownBy(() -> new Pace("none", Backoff.fixed(Duration.ofSeconds(1)), 0))
        .hasMessage("attempts must be 1 or more, was 0");
  }
}
