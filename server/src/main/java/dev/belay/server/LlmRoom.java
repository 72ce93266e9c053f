package dev.belay.server;

import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.http.Loops;
import dev.belay.llm.cache.AnswerCache;
import dev.belay.llm.cache.CacheCounts;
import dev.belay.llm.call.LlmRoute;
import dev.belay.llm.delay.ErrorReports;
import dev.belay.llm.delay.Gates;
import dev.belay.llm.delay.RolloutDelays;
import dev.belay.llm.gateway.GatewayCounts;
import dev.belay.llm.gateway.GatewayRoute;
import dev.belay.llm.gateway.LlmGateway;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transcript.TranscriptHealth;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.server.config.LlmConfig;
import dev.belay.server.live.Models;
import dev.belay.server.store.Store;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The gateway with all it stands on. Safe for any number of threads. */
final class LlmRoom implements Models {
  private final LlmRoutes routes;
  private final LlmGateway gateway;

  private LlmRoom(LlmRoutes routes, LlmGateway gateway) {
    this.routes = routes;
    this.gateway = gateway;
  }

  /**
   * Opens the port; to be called only where there is something to listen for.
   *
   * @throws IOException if the models file cannot be read
   */
  static CompletionStage<LlmRoom> start(Loops loops, LlmConfig config, Store store, Time time)
      throws IOException {
    LlmWaits waits = new LlmWaits(time, SharedRandom.INSTANCE);
    waits.use(config.models());
    HttpTransport transport =
        HttpTransport.builder()
            .loops(loops)
            .connections(1_000)
            .errors(waits)
            .heads(waits.heads())
            .build();
    LlmRoutes routes =
        new LlmRoutes(
            transport,
            waits,
            new AnswerCache(config.cache(), store.cache(), time),
            store.reviews(),
            LlmRecords.of(config.records(), time),
            time);
    LlmModels models = new LlmModels(config, time, Map.of());
    return LlmGateway.start(loops, config.gateway(), transport, routes.of(config, models), time)
        .thenApply(gateway -> new LlmRoom(routes, gateway));
  }

  /**
   * Stands for other models; what stays as it was keeps its breaker. What is kept and written down
   * stays as it is until the next start.
   *
   * @throws IOException if the models file cannot be read; nothing has changed then
   */
  void use(LlmConfig config) throws IOException {
    routes.waits().use(config.models());
    Map<String, LlmEndpoint> before = new LinkedHashMap<>();
    routes().forEach(route -> route.endpoints().forEach(one -> before.put(one.name(), one)));
    gateway.use(routes.of(config, new LlmModels(config, routes.time(), before)));
  }

  String address() {
    return "http://" + gateway.host() + ":" + gateway.port();
  }

  @Override
  public List<LlmRoute> routes() {
    return gateway.routes().stream().map(GatewayRoute::models).toList();
  }

  @Override
  public GatewayCounts counts() {
    return gateway.counts();
  }

  @Override
  public RolloutDelays delays() {
    return routes.waits().delays();
  }

  @Override
  public Gates gates() {
    return routes.waits().gates();
  }

  @Override
  public CacheCounts cache() {
    return routes.cache().counts();
  }

  @Override
  public Optional<String> problem() {
    return routes.waits().problem();
  }

  @Override
  public Optional<ErrorReports> errors() {
    return routes.records().errors();
  }

  @Override
  public Optional<TranscriptHealth> transcripts() {
    return routes.records().health();
  }

  CompletionStage<Integer> stop() {
    return gateway
        .stop()
        .thenApply(cut -> {
          routes.waits().close();
          routes.transport().close();
          return cut;
        });
  }
}
