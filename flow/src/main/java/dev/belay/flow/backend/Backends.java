package dev.belay.flow.backend;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.settings.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes backends from settings. Safe for any number of threads. */
public final class Backends {
  /** All types that there are. */
  public static final List<String> TYPES = List.of("claude", "codex", "goose", "command", "http");

  private Backends() {}

  /**
   * Makes one. Nothing is started or connected yet.
   *
   * @param environment holds the keys that settings name
   * @throws IllegalArgumentException if there is no such type, with the nearest one that there is,
   *     or if something is missing that the type needs
   */
  public static Backend create(
      BackendSettings settings, Map<String, String> environment, Time time) {
    return switch (settings.type()) {
      case "claude" -> new AgentBackend(settings, new Claude(), time);
      case "codex" -> new AgentBackend(settings, new Codex(), time);
      case "goose" -> new AgentBackend(settings, new Goose(), time);
      case "command" -> new CommandBackend(settings, time);
      case "http" -> new HttpBackend(settings, key(settings, environment), time);
      default -> throw unknown(settings);
    };
  }

  private static Optional<String> key(BackendSettings settings, Map<String, String> environment) {
    Optional<String> variable = settings.keyVariable();
    if (variable.isEmpty()) {
      return Optional.empty();
    }
    String key = environment.getOrDefault(variable.get(), "");
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "backend %s: the environment variable %s, which is to hold its key, is not set"
              .formatted(settings.name(), variable.get()));
    }
    return Optional.of(key);
  }

  private static IllegalArgumentException unknown(BackendSettings settings) {
    String meant =
        Nearest.to(settings.type(), TYPES).map("; did you mean %s?"::formatted).orElse("");
    return new IllegalArgumentException(
        "backend %s: type must be one of %s, was %s%s"
            .formatted(settings.name(), String.join(", ", TYPES), settings.type(), meant));
  }
}
