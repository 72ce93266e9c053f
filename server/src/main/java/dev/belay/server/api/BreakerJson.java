package dev.belay.server.api;

import dev.belay.BreakerEvent;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerSnapshot;
import dev.belay.BreakerState;
import dev.belay.CircuitBreaker;
import dev.belay.proxy.Upstream;
import dev.belay.server.live.Jsons;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Breakers and their edges, as the contract writes them and a little more. */
final class BreakerJson {
  private BreakerJson() {}

  static JsonObject write(Upstream upstream) {
    CircuitBreaker breaker = upstream.breaker();
    return write(upstream, breaker.snapshot(), breaker.policy());
  }

  static JsonObject write(Upstream upstream, BreakerSnapshot now, BreakerPolicy policy) {
    @Nullable String nextTest = now.nextTest().map(Instant::toString).orElse(null);
    return new JsonObject()
        .put("proxy_id", upstream.id())
        .put("proxy", upstream.name())
        .put("state", Jsons.state(now.state()))
        .put("failure_count", now.failureCount())
        .put("failure_threshold", policy.trip().failures())
        .put("window_duration", Jsons.seconds(policy.window().length()))
        .put("timeout_duration", Jsons.seconds(policy.open().base()))
        .put("next_test_time", nextTest)
        .put("seconds_until_test", secondsUntilTest(now))
        .put("last_state_change", now.lastChange().toString())
        .put("held", isHeld(now.state()))
        .put("probes_out", now.probesOut())
        .put("openings", now.openings());
  }

  /** Null unless it is open and will be tested. */
  static @Nullable Double secondsUntilTest(BreakerSnapshot now) {
    return now.nextTest().isPresent() ? Jsons.seconds(now.untilTest()) : null;
  }

  private static boolean isHeld(BreakerState state) {
    return state == BreakerState.HELD_OPEN || state == BreakerState.HELD_CLOSED;
  }

  static JsonObject write(BreakerEvent event) {
    return new JsonObject()
        .put("proxy_id", Jsons.proxyId(event.breaker()))
        .put("proxy", event.breaker())
        .put("from_state", Jsons.state(event.from()))
        .put("to_state", Jsons.state(event.to()))
        .put("timestamp", event.at().toString())
        .put("failure_count", event.failureCount())
        .put("reason", event.reason());
  }
}
