package dev.belay.chaos.report;

import com.google.errorprone.annotations.FormatMethod;
import org.jspecify.annotations.Nullable;

/** Refuses arguments that are out of range. */
final class Check {
  private Check() {}

  /** Throws with a message that names field, range and value. */
  @FormatMethod
  static void that(boolean holds, String message, @Nullable Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }
}
