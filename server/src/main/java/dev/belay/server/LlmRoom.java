package dev.belay.server;

import static java.util.Objects.requireNonNull;

import dev.belay.Belay;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CircuitBreaker;
import dev.belay.Classifier;
import dev.belay.Endpoint;
import dev.belay.Pool;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.http.Loops;
import dev.belay.llm.ProviderException;
import dev.belay.llm.delay.DelayPolicy;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.ErrorTable;
import dev.belay.llm.gateway.GatewayRoute;
import dev.belay.llm.gateway.LlmGateway;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Gemini;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.OpenAiResponses;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.llm.transport.Limits;
import dev.belay.server.config.LlmConfig;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The gateway with all it stands on. Safe for any number of threads. */
final class LlmRoom {
  private final HttpTransport transport;
  private final LlmGateway gateway;

  private LlmRoom(HttpTransport transport, LlmGateway gateway) {
    this.transport = transport;
    this.gateway = gateway;
  }

  /** The first one that is free: the order is the user's. */
  private static final class InOrder implements Selection {
    @Override
    public <E extends Endpoint> E select(List<E> candidates, Call call) {
      return candidates.getFirst();
    }
  }

  /** Opens the port; to be called only where there is something to listen for. */
  static CompletionStage<LlmRoom> start(
      Loops loops, LlmConfig config, BreakerPolicy breakers, Time time) {
    HttpTransport transport = HttpTransport.builder().loops(loops).connections(1_000).build();
    return LlmGateway.start(
            loops, config.gateway(), transport, routes(config, breakers, time, Map.of()), time)
        .thenApply(gateway -> new LlmRoom(transport, gateway));
  }

  /** Stands for other models; what stays as it was keeps its breaker. */
  void use(LlmConfig config, BreakerPolicy breakers, Time time) {
    Map<String, LlmEndpoint> before = new LinkedHashMap<>();
    gateway
        .routes()
        .forEach(route ->
            route.endpoints().pool().endpoints().forEach(one -> before.put(one.name(), one)));
    gateway.use(routes(config, breakers, time, before));
  }

  private static List<GatewayRoute> routes(
      LlmConfig config, BreakerPolicy breakers, Time time, Map<String, LlmEndpoint> before) {
    Map<String, LlmEndpoint> endpoints = new LinkedHashMap<>(before);
    DelayPolicy waits = DelayPolicy.of(DelaySettings.DEFAULT);
    ErrorTable errors = ErrorTable.builtIn();
    return config.routes().stream()
        .map(route -> {
          List<LlmEndpoint> targets =
              route.targets().stream()
                  .map(target -> endpoint(config, target, breakers, time))
                  .map(made -> known(made, endpoints))
                  .toList();
          Belay<LlmEndpoint> belay =
              Belay.over(Pool.of(route.name(), new InOrder(), targets))
                  .policy(route.policy())
                  .classifier(classifier(waits, targets))
                  .time(time)
                  .build();
          return new GatewayRoute(
              route.name(), belay, Limits.DEFAULT, errors, Optional.empty(), false);
        })
        .toList();
  }

  private static LlmEndpoint known(LlmEndpoint made, Map<String, LlmEndpoint> endpoints) {
    return endpoints.computeIfAbsent(made.name(), name -> made);
  }

  /**
   * Endpoints of one route may have rules of their own; the first one's provider stands for all.
   */
  private static Classifier classifier(DelayPolicy waits, List<LlmEndpoint> targets) {
    String provider = targets.isEmpty() ? "" : targets.getFirst().provider();
    return Classifier.builder()
        .failure(
            ProviderException.class,
            failure -> waits.verdict(provider, failure.error(), SharedRandom.INSTANCE))
        .build();
  }

  private static LlmEndpoint endpoint(
      LlmConfig config, LlmConfig.Target target, BreakerPolicy breakers, Time time) {
    LlmConfig.Provider provider =
        requireNonNull(config.providers().get(target.provider()), target.provider());
    String name = provider.name() + "/" + target.model();
    return LlmEndpoint.of(provider.name(), target.model())
        .backend(
            new Backend.Http(
                dialect(provider.dialect()),
                URI.create(provider.url()),
                Secret.of(provider.key()),
                Headers.NONE))
        .prices(target.prices())
        .contextWindow(target.contextWindow())
        .breaker(new CircuitBreaker(name, breakers, time, SharedRandom.INSTANCE, edge -> {}))
        .build();
  }

  private static Dialect dialect(String name) {
    return switch (name) {
      case "openai" -> OpenAiChat.openAi();
      case "openai-compatible" -> OpenAiChat.compatible();
      case "openai-responses" -> OpenAiResponses.openAi();
      case "anthropic" -> Anthropic.messages();
      case "gemini" -> Gemini.generateContent();
      default -> throw new IllegalArgumentException("there is no dialect " + name);
    };
  }

  String address() {
    return "http://" + gateway.host() + ":" + gateway.port();
  }

  CompletionStage<Integer> stop() {
    return gateway
        .stop()
        .thenApply(cut -> {
          transport.close();
          return cut;
        });
  }
}
