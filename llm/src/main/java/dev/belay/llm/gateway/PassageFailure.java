package dev.belay.llm.gateway;

import dev.belay.CallFailed;
import dev.belay.llm.ErrorKind;
import java.time.Duration;

/** Tells a client that its request came to nothing. */
final class PassageFailure {
  private PassageFailure() {}

  /**
   * The last provider's own words are the best there are, but for what is between it and us: that
   * our key does not fit, say.
   */
  static void send(PassageCall call, Throwable failure) {
    Passed last = call.lastError();
    if (last == null || isOurs(failure)) {
      call.client().send(Failures.of(failure));
      return;
    }
    call.client().show(last.headers());
    call.client().tell(last.attempt().endpoint().name(), call.attempts(), 0, call.waited());
    if (failure instanceof CallFailed failed && last.headers().first("retry-after").isEmpty()) {
      Duration retryAfter = failed.report().retryAfter();
      call.client().comeBack(retryAfter);
    }
    call.client()
        .send(
            last.status(),
            last.headers().first("content-type").orElse("application/json"),
            last.body());
  }

  private static boolean isOurs(Throwable failure) {
    return Failures.provider(failure)
        .map(provider -> provider.error().kind() == ErrorKind.AUTH)
        .orElse(true);
  }
}
