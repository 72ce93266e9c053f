package dev.belay.settings;

import dev.belay.RetryPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as people write them: {@code 250ms}, {@code 1.5s}, {@code 2m}, {@code 1h}, {@code
 * 7d}.
 */
public final class DurationText {
  private static final Pattern FORM = Pattern.compile("(-?\\d{1,18}(?:\\.\\d{1,9})?)(ms|s|m|h|d)?");

  private static final Map<String, BigDecimal> SECONDS =
      Map.of(
          "ms",
          new BigDecimal("0.001"),
          "s",
          BigDecimal.ONE,
          "m",
          BigDecimal.valueOf(60),
          "h",
          BigDecimal.valueOf(3600),
          "d",
          BigDecimal.valueOf(86_400));

  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final BigDecimal LONGEST = BigDecimal.valueOf(RetryPolicy.FOREVER.toSeconds());

  private DurationText() {}

  /**
   * The length that {@code text} means; a bare number is seconds. What is longer than 292 years is
   * {@link RetryPolicy#FOREVER}, what is shorter than a nanosecond is zero.
   */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = Optional.ofNullable(matcher.group(2)).orElse("s");
    BigDecimal factor = SECONDS.getOrDefault(unit, BigDecimal.ONE);
    BigDecimal seconds = new BigDecimal(matcher.group(1)).multiply(factor);
    if (seconds.abs().compareTo(LONGEST) >= 0) {
      return Optional.of(
          seconds.signum() < 0 ? RetryPolicy.FOREVER.negated() : RetryPolicy.FOREVER);
    }
    return Optional.of(Duration.ofNanos(seconds.movePointRight(9).longValue()));
  }

  /**
   * The shortest exact form, {@code 90s} or {@code 1.5s}, say; {@code none} for {@link
   * RetryPolicy#FOREVER}, which is no limit.
   */
  public static String of(Duration length) {
    if (length.compareTo(RetryPolicy.FOREVER) >= 0) {
      return "none";
    }
    long nanos = length.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    if (nanos % HOUR == 0) {
      return nanos / HOUR + "h";
    }
    if (nanos % MINUTE == 0) {
      return nanos / MINUTE + "m";
    }
    return Math.abs(nanos) < SECOND
        ? plain(BigDecimal.valueOf(nanos, 6)) + "ms"
        : plain(BigDecimal.valueOf(nanos, 9)) + "s";
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
