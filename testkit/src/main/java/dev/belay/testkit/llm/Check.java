package dev.belay.testkit.llm;

/** Argument checks with one voice. */
final class Check {
  private Check() {}

  static void that(boolean ok, String message, Object... args) {
    if (!ok) {
      throw new IllegalArgumentException(message.formatted(args));
    }
  }
}
