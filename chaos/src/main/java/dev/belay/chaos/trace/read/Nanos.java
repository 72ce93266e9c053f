package dev.belay.chaos.trace.read;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Times of other units. */
final class Nanos {
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int LONGEST = 40;

  private Nanos() {}

  /**
   * A time in nanoseconds.
   *
   * @param written a number, or a text that is one
   * @param unit its unit, in nanoseconds
   * @throws UnreadableSpans if it is none, or farther from 0 than can be counted
   */
  static long of(Object written, long unit) throws UnreadableSpans {
    String text = String.valueOf(written);
    if (text.length() <= LONGEST) {
      try {
        BigDecimal number = new BigDecimal(text);
        // Far exponents first: to write them out would take more room than there is.
        if (number.precision() - (long) number.scale() <= LONGEST && number.scale() <= 1_000) {
          BigDecimal nanos = number.multiply(BigDecimal.valueOf(unit));
          if (nanos.abs().compareTo(MOST) <= 0) {
            return nanos.setScale(0, RoundingMode.HALF_UP).longValue();
          }
        }
      } catch (NumberFormatException none) {
        // said below
      }
    }
    throw UnreadableSpans.wrong("a time must be a number up to the year 2262");
  }
}
