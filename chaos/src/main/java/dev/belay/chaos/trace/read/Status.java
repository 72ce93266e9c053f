package dev.belay.chaos.trace.read;

import java.util.Locale;
import java.util.Set;

/** What others write where a span failed. */
final class Status {
  private static final Set<String> ERROR = Set.of("2", "ERROR", "STATUS_CODE_ERROR");

  private Status() {}

  static boolean isError(String code) {
    return ERROR.contains(code.strip().toUpperCase(Locale.ROOT));
  }
}
