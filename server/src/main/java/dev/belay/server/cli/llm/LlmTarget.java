package dev.belay.server.cli.llm;

import dev.belay.llm.json.Json;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.server.config.BelayConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whom to ask: a route of a configuration, or a model of a provider with a key of ours. */
final class LlmTarget {
  private static final String ROUTE = "direct";

  /** By what a provider is reached of which only the name is given. */
  private record Known(String dialect, String url, String variable) {}

  private static final Map<String, Known> KNOWN =
      Map.of(
          "openai", new Known("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
          "anthropic", new Known("anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY"),
          "gemini",
              new Known("gemini", "https://generativelanguage.googleapis.com", "GEMINI_API_KEY"));

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A configuration with llm.routes.")
  private @Nullable Path file;

  @Option(
      names = "--route",
      paramLabel = "NAME",
      description = "One of them; the first if not said.")
  private @Nullable String route;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = {
        "Without a configuration: openai, anthropic",
        "or gemini. The key comes from OPENAI_API_KEY,",
        "ANTHROPIC_API_KEY or GEMINI_API_KEY."
      })
  private @Nullable String provider;

  @Option(names = "--model", paramLabel = "NAME", description = "Of the provider.")
  private @Nullable String model;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Of the provider, if it is not the usual one.")
  private @Nullable String url;

  /** The configuration of the file, or one of the provider alone. */
  BelayConfig config(Terminal terminal, CommandLine verb) {
    if (file != null) {
      if (provider != null || model != null || url != null) {
        throw new ParameterException(verb, "--config excludes --provider, --model and --url");
      }
      BelayConfig config = BelayConfig.load(file, terminal.environment());
      if (!config.llm().isOn()) {
        throw new ParameterException(verb, file + " has no llm.routes");
      }
      return config;
    }
    if (provider == null || model == null) {
      throw new ParameterException(
          verb, "Say whom to ask: --config FILE, or --provider NAME and --model NAME");
    }
    Known known = KNOWN.get(provider.toLowerCase(Locale.ROOT));
    if (known == null) {
      throw new ParameterException(
          verb, "--provider must be openai, anthropic or gemini, was '%s'".formatted(provider));
    }
    if (terminal.environment().getOrDefault(known.variable, "").isBlank()) {
      throw new ParameterException(
          verb, "The key is missing: set the environment variable " + known.variable);
    }
    String yaml =
        """
        llm:
          providers:
            %s: {dialect: %s, url: %s, key: "${%s}"}
          routes:
            %s: {targets: [{provider: %s, model: %s}]}
        """
            .formatted(
                provider,
                known.dialect,
                quoted(url == null ? known.url : url),
                known.variable,
                ROUTE,
                provider,
                quoted(model));
    return BelayConfig.parse(yaml, "--provider", terminal.environment());
  }

  /** A text of JSON is one of YAML. */
  private static String quoted(String text) {
    return Json.of(text).toString();
  }

  /** The one that is asked for; the first if none is. */
  String route(List<String> there, CommandLine verb) {
    if (route == null) {
      return there.getFirst();
    }
    if (!there.contains(route)) {
      throw new ParameterException(
          verb, "There is no route '%s'; there are %s".formatted(route, String.join(", ", there)));
    }
    return route;
  }
}
