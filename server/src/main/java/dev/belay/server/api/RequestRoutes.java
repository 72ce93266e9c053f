package dev.belay.server.api;

import dev.belay.server.live.Jsons;
import dev.belay.server.live.LiveRequests;
import dev.belay.server.live.RequestView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests that are under way. */
final class RequestRoutes {
  private static final String RUNNING = "running";
  private static final String RETRYING = "retrying";

  private final LiveRequests requests;

  RequestRoutes(LiveRequests requests) {
    this.requests = requests;
  }

  void addTo(Routes routes) {
    routes.get("/api/v1/requests", this::all);
    routes.get("/api/v1/requests/{requestId}", this::one);
  }

  private Reply all(Ask ask) {
    Query query = new Query(ask);
    Optional<String> state = query.oneOf("state", List.of(RUNNING, RETRYING));
    int limit = query.whole("limit", 1, 1_000, 100);
    query.close();
    List<RequestView> all =
        requests.all().stream()
            .filter(request -> state.isEmpty() || state.get().equals(state(request)))
            .toList();
    List<JsonObject> shown = all.stream().limit(limit).map(RequestRoutes::write).toList();
    return Reply.ok(
        new JsonObject()
            .put("requests", new JsonArray(shown))
            .put("total", all.size())
            .put("truncated", all.size() > shown.size())
            .put("unseen", requests.unseen()));
  }

  private Reply one(Ask ask) {
    new Query(ask).close();
    String id = ask.param("requestId");
    return requests
        .find(id)
        .map(request -> Reply.ok(write(request)))
        .orElseThrow(() -> ApiProblem.noRequest(id));
  }

  private static String state(RequestView request) {
    return request.isRetrying() ? RETRYING : RUNNING;
  }

  private static JsonObject write(RequestView request) {
    Instant now = request.startedAt().plus(request.elapsed());
    @Nullable Instant next = request.nextRetryAt().orElse(null);
    Duration wait = next == null ? Duration.ZERO : Duration.between(now, next);
    boolean endpoint = !request.endpoint().isEmpty();
    return new JsonObject()
        .put("request_id", request.id())
        .put("state", state(request))
        .put("target", request.target())
        .put("policy", request.policy())
        .put("attempt", request.attempt())
        .put("max_attempts", request.maxAttempts())
        .put("proxy_id", endpoint ? Jsons.proxyId(request.endpoint()) : null)
        .put("proxy", endpoint ? request.endpoint() : null)
        .put("started_at", request.startedAt().toString())
        .put("elapsed", Jsons.seconds(request.elapsed()))
        .put("next_retry_at", next == null ? null : next.toString())
        .put("seconds_until_retry", next == null ? null : Math.max(0, Jsons.seconds(wait)))
        .put(
            "failures",
            new JsonArray(request.failures().stream().map(RequestRoutes::write).toList()));
  }

  private static JsonObject write(RequestView.Failure failure) {
    return new JsonObject()
        .put("attempt", failure.attempt())
        .put("proxy_id", Jsons.proxyId(failure.endpoint()))
        .put("proxy", failure.endpoint())
        .put("error_class", Jsons.word(failure.errorClass()))
        .put("latency", Jsons.seconds(failure.took()));
  }
}
