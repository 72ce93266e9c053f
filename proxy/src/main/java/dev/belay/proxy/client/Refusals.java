package dev.belay.proxy.client;

import dev.belay.CallFailed;
import dev.belay.CallReport;
import dev.belay.ErrorClass;
import dev.belay.StopReason;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.client.RequestRefused.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells callers why there is no response. */
final class Refusals {
  private Refusals() {}

  static RequestRefused targetFailing(Destination to, Duration wait) {
    return new RequestRefused(
        Reason.TARGET_FAILING,
        "%s keeps failing through several proxies, so it is left alone for another %s"
            .formatted(to.name(), wait),
        wait);
  }

  static RequestRefused privateTarget(Destination to) {
    return new RequestRefused(
        Reason.TARGET_NOT_ALLOWED,
        "%s is a private or local address, where requests may not go".formatted(to.name()),
        Duration.ZERO);
  }

  static RequestRefused tooMany(int most) {
    return new RequestRefused(
        Reason.TOO_MANY_REQUESTS,
        "%d requests are under way, which is as many as ClientLimits.requests allows"
            .formatted(most),
        Duration.ZERO);
  }

  static RequestRefused noNetwork(UpstreamPool pool, Duration wait) {
    return new RequestRefused(
        Reason.NETWORK_UNREACHABLE,
        "none of the %d proxies can be reached from here: no network, or their names are not found"
            .formatted(pool.upstreams().size()),
        wait);
  }

  static RequestRefused unavailable(UpstreamPool pool, Duration retryAfter) {
    int proxies = pool.upstreams().size();
    return proxies == 0
        ? new RequestRefused(Reason.NO_PROXIES, "there is no proxy in the pool", retryAfter)
        : new RequestRefused(
            Reason.ALL_PROXIES_UNAVAILABLE,
            "all %d proxies are unavailable for another %s".formatted(proxies, retryAfter),
            retryAfter);
  }

  static ProxyClientException failed(Order order, CallFailed failed, UpstreamPool pool) {
    CallReport report = failed.report();
    int attempts = report.attempts().size();
    if (attempts == 0 && report.reason() == StopReason.REFUSED) {
      return unavailable(pool, report.retryAfter());
    }
    ErrorClass last =
        attempts == 0 ? ErrorClass.TIMEOUT : report.attempts().getLast().verdict().errorClass();
    @Nullable Throwable cause = failed.getCause();
    if (cause instanceof AttemptFailed own && own.isForbidden()) {
      return privateTarget(order.to());
    }
    if (report.reason() == StopReason.PERMANENT && pool.connectivity().isLost()) {
      return noNetwork(pool, pool.connectivity().untilTest());
    }
    String message =
        "%s %s brought no response after %d attempt%s (%s): %s"
            .formatted(
                order.method(),
                order.to().name(),
                attempts,
                attempts == 1 ? "" : "s",
                report.reason(),
                cause == null ? last : cause.getMessage());
    return new RequestFailed(report, last, message, cause);
  }
}
