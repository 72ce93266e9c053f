package dev.belay;

import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How a call that has stopped looks to its caller. */
final class Ending {
  private Ending() {}

  /**
   * The last value, even if it was no success: whoever asked gets what the server said.
   *
   * @throws CallRefused if no endpoint took it
   * @throws CallFailed if the last attempt failed
   * @throws InterruptedException if the caller gave up
   */
  @SuppressWarnings("NullAway") // a value of a nullable type may be null
  static <T extends @Nullable Object> T of(Step.Stop<?> stop, @Nullable Outcome<T> last)
      throws InterruptedException {
    if (last == null) {
      throw withoutAttempt(stop);
    }
    Throwable failure = last.failure();
    if (failure == null) {
      return last.value();
    }
    switch (failure) {
      case InterruptedException interrupted -> throw interrupted;
      case Error error -> throw error;
      default -> throw new CallFailed(stop.report(), failure);
    }
  }

  private static CallException withoutAttempt(Step.Stop<?> stop) {
    if (stop.reason() == StopReason.REFUSED) {
      long left = Nanos.of(stop.retryAfter());
      return new CallRefused("every endpoint", () -> left);
    }
    return new CallFailed(
        stop.report(), new TimeoutException("the deadline had passed before the first attempt"));
  }
}
