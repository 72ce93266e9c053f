package dev.belay.chaos.inject.local;

import dev.belay.chaos.inject.Doings;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A request that waits before it goes, which its own timeout does not wait for.
 *
 * @param waitNanos how long
 * @param isLate whether its time is over then
 * @param then what goes after it, with the time that is left
 */
record Delayed(long waitNanos, boolean isLate, HttpRequest then) {
  static Delayed of(HttpRequest request, Doings doings) {
    long delay = TimeUnit.MILLISECONDS.toNanos(doings.delayMs());
    Optional<Duration> timeout = request.timeout();
    if (delay == 0 || timeout.isEmpty()) {
      return new Delayed(delay, false, request);
    }
    Duration left = timeout.get().minusNanos(delay);
    return left.isPositive()
        ? new Delayed(
            delay, false, HttpRequest.newBuilder(request, (n, v) -> true).timeout(left).build())
        : new Delayed(timeout.get().toNanos(), true, request);
  }

  /** What a client throws then. */
  static HttpTimeoutException late() {
    return new HttpTimeoutException("request timed out");
  }
}
