package dev.belay.server.config;

/** Argument checks with one voice. */
final class Require {
  private Require() {}

  static void that(boolean ok, String message, Object... args) {
    if (!ok) {
      throw new IllegalArgumentException(message.formatted(args));
    }
  }
}
