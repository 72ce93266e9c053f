package dev.belay.server.api;

import dev.belay.proxy.source.ProxySources;
import dev.belay.proxy.source.SourceStatus;
import dev.belay.server.live.Jsons;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where proxies come from, besides the configuration. */
final class SourceRoutes {
  private static final String PATH = "/api/v1/sources";

  private final ProxySources sources;

  SourceRoutes(ProxySources sources) {
    this.sources = sources;
  }

  void addTo(Routes routes) {
    routes.get(PATH, this::all);
    routes.add(HttpMethod.POST, PATH + "/{sourceName}/refresh", Bodies.NONE, this::refresh);
  }

  private Reply all(Ask ask) {
    new Query(ask).close();
    return Reply.ok(
        new JsonObject()
            .put(
                "sources",
                new JsonArray(sources.status().stream().map(SourceRoutes::write).toList())));
  }

  private Reply refresh(Ask ask) {
    new Query(ask).close();
    String name = ask.param("sourceName");
    SourceStatus status =
        sources
            .refresh(name)
            .orElseThrow(() -> ApiProblem.noSource(name))
            .toCompletableFuture()
            .join();
    return Reply.ok(write(status));
  }

  private static JsonObject write(SourceStatus status) {
    @Nullable String loaded = status.loadedAt().map(Instant::toString).orElse(null);
    return new JsonObject()
        .put("name", status.name())
        .put("state", Jsons.word(status.state()))
        .put("loaded_at", loaded)
        .put("proxies", status.proxies())
        .put("refused_lines", status.refusedCount())
        .put(
            "refused",
            new JsonArray(
                status.refused().stream()
                    .map(one ->
                        new JsonObject().put("place", one.place()).put("reason", one.reason()))
                    .toList()))
        .put("message", status.message());
  }
}
