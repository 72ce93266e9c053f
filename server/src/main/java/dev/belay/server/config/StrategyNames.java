package dev.belay.server.config;

import java.util.List;

/** The selection strategies that a configuration can name. */
final class StrategyNames {
  static final String STANDARD = "best-recent";

  static final List<String> ALL =
      List.of(
          "round-robin",
          "random",
          "weighted",
          "least-used",
          "performance-based",
          "session",
          "session-persistence",
          "geo-targeted",
          "cost-aware",
          "composite",
          "best-recent",
          "power-of-two");

  private StrategyNames() {}
}
