package dev.belay;

/** Argument checks with one voice. */
public final class Check {
  private Check() {}

  /**
   * Rejects an argument.
   *
   * @param message names field, range and value, in the form of {@link String#format}
   * @throws IllegalArgumentException unless {@code ok}
   */
  public static void that(boolean ok, String message, Object... args) {
    if (!ok) {
      throw new IllegalArgumentException(message.formatted(args));
    }
  }
}
