package dev.belay.chaos.space;

import dev.belay.Check;
import java.math.BigDecimal;

/** What a dimension may be at a point. */
public sealed interface Value {

  /** Its kind in the words of a message. */
  String kind();

  /**
   * A name.
   *
   * @param text any
   */
  record Text(String text) implements Value {
    @Override
    public String kind() {
      return "text";
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A number, whole or not: 5 and 5.0 are one.
   *
   * @param number finite
   */
  record Numeric(double number) implements Value {
    public Numeric {
      Check.that(Double.isFinite(number), "number must be finite, was %s", number);
      number += 0.0; // so that -0 and 0 are one
    }

    @Override
    public String kind() {
      return "a number";
    }

    @Override
    public String toString() {
      return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
  }

  /**
   * Yes or no.
   *
   * @param isTrue which
   */
  record Flag(boolean isTrue) implements Value {
    @Override
    public String kind() {
      return "true or false";
    }

    @Override
    public String toString() {
      return Boolean.toString(isTrue);
    }
  }

  /** A name as a value. */
  static Value of(String text) {
    return new Text(text);
  }

  /** A number as a value. */
  static Value of(double number) {
    return new Numeric(number);
  }

  /** Yes or no as a value. */
  static Value of(boolean flag) {
    return new Flag(flag);
  }
}
