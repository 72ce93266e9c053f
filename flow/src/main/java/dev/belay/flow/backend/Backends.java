package dev.belay.flow.backend;

import dev.belay.Time;
import dev.belay.settings.Nearest;
import java.util.List;

/** Makes backends from settings. Safe for any number of threads. */
public final class Backends {
  /** All types that there are. */
  public static final List<String> TYPES = List.of("claude", "codex", "goose", "command", "http");

  private Backends() {}

  /**
   * Makes one. Nothing is started or connected yet.
   *
   * @throws IllegalArgumentException if there is no such type, with the nearest one that there is,
   *     or if something is missing that the type needs
   */
  public static Backend create(BackendSettings settings, Time time) {
    return switch (settings.type()) {
      case "claude" -> new AgentBackend(settings, new Claude(), time);
      case "codex" -> new AgentBackend(settings, new Codex(), time);
      case "goose" -> new AgentBackend(settings, new Goose(), time);
      case "command" -> new CommandBackend(settings, time);
      case "http" -> new HttpBackend(settings, time);
      default -> throw unknown(settings);
    };
  }

  private static IllegalArgumentException unknown(BackendSettings settings) {
    String meant =
        Nearest.to(settings.type(), TYPES).map("; did you mean %s?"::formatted).orElse("");
    return new IllegalArgumentException(
        "backend %s: type must be one of %s, was %s%s"
            .formatted(settings.name(), String.join(", ", TYPES), settings.type(), meant));
  }
}
