package dev.belay.testkit.llm;

import java.math.BigDecimal;
import java.time.Duration;

/** Lengths of time as providers write them. */
final class Lengths {
  private Lengths() {}

  /** As Go prints them: {@code 0s}, {@code 12ms}, {@code 7.66s}, {@code 6m0s}, {@code 1h0m5s}. */
  static String go(Duration length) {
    if (length.isZero()) {
      return "0s";
    }
    if (length.compareTo(Duration.ofSeconds(1)) < 0) {
      return plain(BigDecimal.valueOf(length.toNanos(), 6)) + "ms";
    }
    String seconds =
        plain(
            BigDecimal.valueOf(length.toNanosPart(), 9)
                .add(BigDecimal.valueOf(length.toSecondsPart())));
    StringBuilder text = new StringBuilder();
    if (length.toHours() > 0) {
      text.append(length.toHours()).append('h');
    }
    if (length.toMinutes() > 0) {
      text.append(length.toMinutesPart()).append('m');
    }
    return text.append(seconds).append('s').toString();
  }

  /** Seconds with as many digits as it takes: {@code 34.07}. */
  static String seconds(Duration length) {
    return plain(
        BigDecimal.valueOf(length.getNano(), 9).add(BigDecimal.valueOf(length.getSeconds())));
  }

  /** Whole seconds, rounded up, so that nobody comes early. */
  static long wholeSeconds(Duration length) {
    return length.getSeconds() + (length.getNano() > 0 ? 1 : 0);
  }

  /** Milliseconds, rounded up. */
  static long millis(Duration length) {
    return Math.ceilDiv(length.toNanos(), 1_000_000L);
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
