package dev.belay.server;

import dev.belay.BreakerPolicy;
import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.http.Loops;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmClientBuilder;
import dev.belay.llm.check.Validator;
import dev.belay.llm.check.Validators;
import dev.belay.llm.gateway.ClientAnswerer;
import dev.belay.llm.gateway.GatewayRoute;
import dev.belay.llm.gateway.LlmGateway;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.llm.transport.Limits;
import dev.belay.server.config.LlmConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The gateway with all it stands on. Safe for any number of threads. */
final class LlmRoom {
  private final HttpTransport transport;
  private final LlmWaits waits;
  private final LlmGateway gateway;
  private final Time time;

  private LlmRoom(HttpTransport transport, LlmWaits waits, LlmGateway gateway, Time time) {
    this.transport = transport;
    this.waits = waits;
    this.gateway = gateway;
    this.time = time;
  }

  /**
   * Opens the port; to be called only where there is something to listen for.
   *
   * @throws IOException if the models file cannot be read
   */
  static CompletionStage<LlmRoom> start(
      Loops loops, LlmConfig config, BreakerPolicy breakers, Time time) throws IOException {
    LlmWaits waits = new LlmWaits(time, SharedRandom.INSTANCE);
    waits.use(config.models());
    HttpTransport transport =
        HttpTransport.builder()
            .loops(loops)
            .connections(1_000)
            .errors(waits)
            .heads(waits.heads())
            .build();
    LlmModels models = new LlmModels(config, breakers, time, Map.of());
    return LlmGateway.start(
            loops,
            config.gateway(),
            transport,
            routes(config, client(config, models, transport, waits, time), waits),
            time)
        .thenApply(gateway -> new LlmRoom(transport, waits, gateway, time));
  }

  /**
   * Stands for other models; what stays as it was keeps its breaker.
   *
   * @throws IOException if the models file cannot be read; nothing has changed then
   */
  void use(LlmConfig config, BreakerPolicy breakers) throws IOException {
    waits.use(config.models());
    Map<String, LlmEndpoint> before = new LinkedHashMap<>();
    gateway
        .routes()
        .forEach(route -> route.models().endpoints().forEach(one -> before.put(one.name(), one)));
    LlmModels models = new LlmModels(config, breakers, time, before);
    gateway.use(routes(config, client(config, models, transport, waits, time), waits));
  }

  /** Empty if there is nothing to ask. */
  private static Optional<LlmClient> client(
      LlmConfig config, LlmModels models, HttpTransport transport, LlmWaits waits, Time time) {
    if (config.routes().isEmpty()) {
      return Optional.empty();
    }
    LlmClientBuilder builder =
        LlmClient.builder()
            .transport(transport)
            .delays(waits.delays())
            .gates(waits.gates())
            .random(SharedRandom.INSTANCE)
            .time(time);
    for (LlmConfig.Route route : config.routes()) {
      List<LlmEndpoint> endpoints = models.of(route);
      if (route.policy().isPresent()) {
        builder.route(route.name(), endpoints, route.policy().get());
      } else {
        builder.route(route.name(), endpoints);
      }
    }
    return Optional.of(builder.build());
  }

  private static List<GatewayRoute> routes(
      LlmConfig config, Optional<LlmClient> client, LlmWaits waits) {
    return client.stream()
        .flatMap(one -> config.routes().stream().map(route -> route(route, one, waits)))
        .toList();
  }

  private static GatewayRoute route(LlmConfig.Route route, LlmClient client, LlmWaits waits) {
    List<Validator> checks = Validators.standard().from(route.checks());
    return new GatewayRoute(
        client.route(route.name()),
        Limits.DEFAULT,
        waits,
        Optional.of(
            new ClientAnswerer(
                client,
                call ->
                    call.checkedBy(checks)
                        .correctedBy(route.corrections())
                        .within(route.budget()))),
        !checks.isEmpty());
  }

  String address() {
    return "http://" + gateway.host() + ":" + gateway.port();
  }

  CompletionStage<Integer> stop() {
    return gateway
        .stop()
        .thenApply(cut -> {
          waits.close();
          transport.close();
          return cut;
        });
  }
}
