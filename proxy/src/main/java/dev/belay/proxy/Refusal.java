package dev.belay.proxy;

import dev.belay.CallFailed;
import dev.belay.CallRefused;
import dev.belay.ErrorClass;
import dev.belay.StopReason;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the proxy gives by itself.
 *
 * @param status of HTTP
 * @param code for programs
 * @param message for people: what happened and what to do
 * @param retryAfter when it may be worth asking again, zero if that is not known
 * @param details more, by name
 */
record Refusal(int status, String code, String message, Duration retryAfter, JsonObject details) {
  private static final long LINGER_MILLIS = 1_000;
  private static final String PRIVATE =
      "%s is a private or local address; set proxy.allow_private to let clients go there.";
  private static final Duration LONGEST = Duration.ofHours(1);

  private static Refusal of(int status, String code, String message) {
    return new Refusal(status, code, message, Duration.ZERO, new JsonObject());
  }

  static Refusal noProxyRequest() {
    return of(
        400,
        "INVALID_URL",
        "This is a forward proxy: set http_proxy to its address instead of opening it.");
  }

  static Refusal malformedTarget() {
    return of(
        400,
        "INVALID_URL",
        "The target must be http://host[:port]/path, without a user, or host:port for CONNECT.");
  }

  static Refusal unknownWish(String fault) {
    return of(400, "VALIDATION_ERROR", fault);
  }

  static Refusal login() {
    return of(
        407, "PROXY_AUTHENTICATION_REQUIRED", "Log in with a name and password of proxy.users.");
  }

  static Refusal privateTarget(Target target) {
    return of(403, "TARGET_NOT_ALLOWED", PRIVATE.formatted(target.name()));
  }

  static Refusal overloaded() {
    return new Refusal(
        503,
        "OVERLOADED",
        "Too many connections; the limits are proxy.limits.max_connections and"
            + " max_connections_per_client.",
        Duration.ofSeconds(1),
        new JsonObject());
  }

  static Refusal noNetwork(int proxies, Duration wait) {
    return new Refusal(
        503,
        "NETWORK_UNREACHABLE",
        "Service Temporarily Unavailable: none of the %d proxies can be reached from here; there is"
                .formatted(proxies)
            + " no network, or their names are not found.",
        wait,
        new JsonObject().put("proxies", proxies));
  }

  static Refusal failingTarget(Target target, Duration wait) {
    return new Refusal(
        503,
        "TARGET_UNREACHABLE",
        "%s keeps failing through several proxies, so it is left alone for a while."
            .formatted(target.name()),
        wait,
        new JsonObject().put("target", target.name()));
  }

  /** For a call that gave no answer to hand on. */
  static Refusal of(@Nullable Throwable failure, Engine engine) {
    return switch (failure) {
      case null -> of(502, "INTERNAL_ERROR", "The request could not be carried out.");
      case CompletionException wrapped when wrapped.getCause() != null ->
          of(wrapped.getCause(), engine);
      case CallRefused refused -> unavailable(refused.retryAfter(), engine);
      case CallFailed failed
          when failed.report().reason() == StopReason.REFUSED
              && failed.report().attempts().isEmpty() ->
          unavailable(failed.report().retryAfter(), engine);
      case CallFailed failed
          when failed.report().reason() == StopReason.PERMANENT
              && engine.pool().connectivity().isLost() ->
          noNetwork(engine.pool().upstreams().size(), engine.pool().connectivity().untilTest());
      case CallFailed failed -> failed(failed);
      default -> of(502, "INTERNAL_ERROR", "The request could not be carried out.");
    };
  }

  private static Refusal unavailable(Duration retryAfter, Engine engine) {
    int proxies = engine.pool().upstreams().size();
    String message =
        proxies == 0
            ? "Service Temporarily Unavailable: there is no proxy in the pool."
            : "Service Temporarily Unavailable: all %d proxies are unavailable.".formatted(proxies);
    return new Refusal(
        503,
        proxies == 0 ? "PROXY_POOL_EMPTY" : "SERVICE_UNAVAILABLE",
        message,
        retryAfter,
        new JsonObject().put("proxies", proxies));
  }

  private static Refusal failed(CallFailed failed) {
    var attempts = failed.report().attempts();
    ErrorClass last =
        attempts.isEmpty() ? ErrorClass.TIMEOUT : attempts.getLast().verdict().errorClass();
    if (last == ErrorClass.INVALID) {
      return of(403, "TARGET_NOT_ALLOWED", PRIVATE.formatted(failed.report().target()));
    }
    boolean late =
        failed.report().reason() == StopReason.DEADLINE
            || last == ErrorClass.TIMEOUT
            || last == ErrorClass.REJECTED // waited in vain for a connection that was free
            || failed.getCause() instanceof TimeoutException;
    JsonObject details =
        new JsonObject()
            .put("attempts", attempts.size())
            .put("reason", failed.report().reason().name())
            .put("last_error", last.name());
    return new Refusal(
        late ? 504 : status(failed.getCause()),
        late ? "REQUEST_TIMEOUT" : "PROXY_FAILOVER_EXHAUSTED",
        "No proxy brought an answer: %s".formatted(failed.getMessage()),
        failed.report().retryAfter(),
        details);
  }

  /** What the last proxy said itself; but its 407 is ours to solve, not the client's. */
  private static int status(@Nullable Throwable cause) {
    return cause instanceof Judged judged && judged.status() >= 400 && judged.status() != 407
        ? judged.status()
        : 502;
  }

  /** Sends it; {@code close} ends the connection after it. */
  void send(HttpServerRequest request, boolean close) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended() || response.headWritten()) {
      return;
    }
    response.setStatusCode(status).putHeader("Content-Type", "application/json");
    if (status == 407) {
      response.putHeader("Proxy-Authenticate", "Basic realm=\"belay\", charset=\"UTF-8\"");
    }
    if (status == 503 || retryAfter.isPositive()) {
      response.putHeader("Retry-After", Long.toString(retryAfterSeconds()));
    }
    if (close) {
      response.putHeader("Connection", "close");
    }
    Future<Void> sent = response.end(json().encode());
    if (close) {
      // a client that is still sending would take an early close for a failure and miss the answer
      Future<Void> unused =
          sent.compose(none -> request.end().timeout(LINGER_MILLIS, TimeUnit.MILLISECONDS))
              .eventually(() -> request.connection().close());
    }
  }

  JsonObject json() {
    return new JsonObject().put("error", code).put("message", message).put("details", details);
  }

  private long retryAfterSeconds() {
    Duration bounded = retryAfter.compareTo(LONGEST) > 0 ? LONGEST : retryAfter;
    return Math.max(1, bounded.plusMillis(999).toSeconds());
  }
}
