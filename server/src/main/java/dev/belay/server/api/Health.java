package dev.belay.server.api;

import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether the server is well. Alive it is as long as it answers; {@code ?ready} asks whether it can
 * serve a request now, for those who send traffic only to what can.
 */
final class Health {
  private static final String POOL_EMPTY = "pool_empty";
  private static final String ALL_UNAVAILABLE = "all_proxies_unavailable";
  private static final int MANY = 2;

  private final ControlServer.Rooms rooms;
  private final long startedNanos;

  Health(ControlServer.Rooms rooms) {
    this.rooms = rooms;
    this.startedNanos = rooms.time().nanos();
  }

  void addTo(Routes routes) {
    routes.get("/health", this::answer);
  }

  private Reply answer(Ask ask) {
    Query query = new Query(ask);
    Optional<String> ready = query.oneOf("ready", List.of("", "true", "false"));
    query.close();
    List<Upstream> upstreams = rooms.pool().pool().upstreams();
    long selectable = upstreams.stream().filter(Upstream::isSelectable).count();
    List<LlmEndpoint> models =
        rooms.models().stream()
            .flatMap(room -> room.routes().stream())
            .flatMap(route -> route.endpoints().stream())
            .distinct()
            .toList();
    long free = models.stream().filter(LlmEndpoint::isSelectable).count();
    List<String> reasons = reasons(upstreams.size(), selectable);
    if (!models.isEmpty() && free == 0) {
      reasons.add("all_models_unavailable");
    }
    boolean lost = rooms.pool().pool().connectivity().isLost();
    boolean canServe = (selectable > 0 && !lost) || free > 0;
    JsonObject body =
        new JsonObject()
            .put("status", reasons.isEmpty() ? "UP" : "DEGRADED")
            .put("ready", canServe)
            .put("reasons", new JsonArray(reasons))
            .put(
                "uptime_seconds",
                TimeUnit.NANOSECONDS.toSeconds(rooms.time().nanos() - startedNanos))
            .put(
                "proxies",
                new JsonObject().put("total", upstreams.size()).put("selectable", selectable))
            .put("models", new JsonObject().put("total", models.size()).put("selectable", free))
            .put("store", new JsonObject().put("failing", rooms.store().isRaised()));
    boolean asked = ready.filter(wish -> !wish.equals("false")).isPresent();
    return asked && !canServe
        ? Reply.json(503, body).with("Retry-After", Long.toString(untilTestSeconds()))
        : Reply.ok(body);
  }

  private List<String> reasons(int total, long selectable) {
    List<String> reasons = new ArrayList<>();
    if (total == 0) {
      // whoever only serves models needs no proxies
      if (rooms.models().isEmpty()) {
        reasons.add(POOL_EMPTY);
      }
    } else if (selectable == 0) {
      reasons.add(ALL_UNAVAILABLE);
    } else if (selectable * MANY < total) {
      reasons.add("most_proxies_unavailable");
    }
    if (rooms.pool().pool().connectivity().isLost()) {
      reasons.add("network_unreachable");
    }
    if (rooms.store().isRaised()) {
      reasons.add("store_failing");
    }
    return reasons;
  }

  private long untilTestSeconds() {
    UpstreamPool pool = rooms.pool().pool();
    Duration wait =
        pool.connectivity().isLost() ? pool.connectivity().untilTest() : pool.pool().untilTest();
    return Math.clamp(wait.plusMillis(999).toSeconds(), 1, 60);
  }
}
