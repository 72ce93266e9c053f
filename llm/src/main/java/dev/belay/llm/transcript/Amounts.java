package dev.belay.llm.transcript;

import dev.belay.llm.form.Members;
import dev.belay.llm.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Times and money as they stand in lines and reports. */
public final class Amounts {
  /** No wait is longer: 285 years, which still are nanoseconds in a long. */
  private static final BigDecimal MOST_MILLIS = BigDecimal.valueOf(9, -12);

  private static final BigDecimal MOST_DOLLARS = BigDecimal.valueOf(1, -9);
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
  private static final int MOST_DIGITS = 40;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private Amounts() {}

  /** Milliseconds, exact to the nanosecond; 285 years for all that is longer. */
  public static Json.Num millis(Duration length) {
    BigDecimal millis =
        BigDecimal.valueOf(length.getSeconds())
            .multiply(THOUSAND)
            .add(BigDecimal.valueOf(length.getNano(), 6));
    return plain(millis.min(MOST_MILLIS));
  }

  static Duration millis(Members in, String name) {
    BigDecimal millis = in.number(name);
    if (millis.signum() < 0
        || millis.compareTo(MOST_MILLIS) > 0
        || millis.precision() > MOST_DIGITS
        || Math.abs(millis.scale()) > MOST_DIGITS) {
      return in.fail(name, "be a number of milliseconds from 0 to 9e12");
    }
    return Duration.ofNanos(
        millis.movePointRight(6).setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  /** Dollars, to the billionth; 0 for what is no price. */
  public static Json.Num dollars(double dollars) {
    double finite = dollars >= 0 && dollars <= 1e9 ? dollars : 0;
    return plain(BigDecimal.valueOf(finite).setScale(9, RoundingMode.HALF_UP));
  }

  static double dollars(Members in, String name) {
    BigDecimal dollars = in.number(name);
    return dollars.signum() < 0
            || dollars.compareTo(MOST_DOLLARS) > 0
            || dollars.precision() > MOST_DIGITS
            || Math.abs(dollars.scale()) > MOST_DIGITS
        ? in.fail(name, "be a number of dollars from 0 to 1e9")
        : dollars.doubleValue();
  }

  /** A number without an exponent. */
  private static Json.Num plain(BigDecimal number) {
    BigDecimal bare = number.stripTrailingZeros();
    return new Json.Num(bare.scale() < 0 ? bare.setScale(0) : bare);
  }

  static Instant instant(Members in, String name) {
    try {
      Instant at = Instant.parse(in.text(name));
      return at.isBefore(Instant.EPOCH) || at.isAfter(LAST)
          ? in.fail(name, "be an instant of the years 1970 to 9999")
          : at;
    } catch (DateTimeParseException wrong) {
      return in.fail(name, "be an instant such as 2026-01-01T00:00:00Z");
    }
  }
}
