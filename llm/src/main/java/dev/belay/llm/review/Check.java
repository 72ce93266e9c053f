package dev.belay.llm.review;

/** Refuses bad arguments with one voice. */
final class Check {
  private Check() {}

  static void that(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }
}
