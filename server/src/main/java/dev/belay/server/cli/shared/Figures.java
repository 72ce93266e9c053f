package dev.belay.server.cli.shared;

import java.util.Locale;

/** Figures as people read them. */
public final class Figures {
  private Figures() {}

  /**
   * A length of time to three digits: {@code 840us}, {@code 12ms}, {@code 1.53s}, {@code 2m 5s}.
   */
  public static String seconds(double seconds) {
    if (seconds >= 3_600) {
      return "%dh %dm".formatted((long) seconds / 3_600, (long) seconds % 3_600 / 60);
    }
    if (seconds >= 60) {
      return "%dm %ds".formatted((long) seconds / 60, (long) seconds % 60);
    }
    if (seconds >= 1) {
      return String.format(Locale.ROOT, "%.2fs", seconds);
    }
    return seconds >= 0.001 || seconds == 0
        ? Math.round(seconds * 1e3) + "ms"
        : Math.round(seconds * 1e6) + "us";
  }

  /** A share as {@code 99.1 %}. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** With two digits behind the point. */
  public static String score(double score) {
    return String.format(Locale.ROOT, "%.2f", score);
  }
}
