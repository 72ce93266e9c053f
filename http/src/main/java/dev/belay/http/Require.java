package dev.belay.http;

import com.google.errorprone.annotations.FormatMethod;

/** Argument checks with one voice. */
final class Require {
  private Require() {}

  @FormatMethod
  static void that(boolean ok, String message, Object... args) {
    if (!ok) {
      throw new IllegalArgumentException(message.formatted(args));
    }
  }
}
