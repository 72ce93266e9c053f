package dev.belay.server;

import static java.util.Objects.requireNonNull;

import dev.belay.CircuitBreaker;
import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Gemini;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.OpenAiResponses;
import dev.belay.llm.provider.Secret;
import dev.belay.server.config.LlmConfig;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The models that the routes of a configuration lead to: one endpoint each, whichever routes share
 * it. What was there before keeps its breaker. For one thread.
 */
final class LlmModels {
  private final LlmConfig config;
  private final Time time;
  private final Map<String, LlmEndpoint> before;
  private final Map<String, LlmEndpoint> made = new LinkedHashMap<>();

  /**
   * Those of a configuration.
   *
   * @param before the endpoints that there were, by name
   */
  LlmModels(LlmConfig config, Time time, Map<String, LlmEndpoint> before) {
    this.config = config;
    this.time = time;
    this.before = before;
  }

  /** Those of a route, in order. */
  List<LlmEndpoint> of(LlmConfig.Route route) {
    return route.targets().stream().map(this::endpoint).toList();
  }

  private LlmEndpoint endpoint(LlmConfig.Target target) {
    String name = target.provider() + "/" + target.model();
    return made.computeIfAbsent(name, none -> make(target, name));
  }

  private LlmEndpoint make(LlmConfig.Target target, String name) {
    LlmConfig.Provider provider =
        requireNonNull(config.providers().get(target.provider()), target.provider());
    LlmEndpoint.Builder endpoint =
        LlmEndpoint.of(provider.name(), target.model())
            .backend(
                new Backend.Http(
                    dialect(provider.dialect()),
                    URI.create(provider.url()),
                    Secret.of(provider.key()),
                    Headers.NONE))
            .prices(target.prices())
            .contextWindow(target.contextWindow());
    LlmEndpoint known = before.get(name);
    if (known != null) {
      known.breaker().updatePolicy(config.breakers());
      return endpoint.replacing(known);
    }
    return endpoint
        .breaker(
            new CircuitBreaker(name, config.breakers(), time, SharedRandom.INSTANCE, edge -> {}))
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
}
