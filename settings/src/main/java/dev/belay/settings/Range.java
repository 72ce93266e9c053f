package dev.belay.settings;

import java.util.function.Function;

/** What a value may be, and how to say so. */
public record Range<T extends Comparable<T>>(T low, boolean isOpenLow, T high, boolean isOpenHigh) {

  /** Both ends included. */
  public static <T extends Comparable<T>> Range<T> of(T low, T high) {
    return new Range<>(low, false, high, false);
  }

  /** Without the low end. */
  public static <T extends Comparable<T>> Range<T> above(T low, T high) {
    return new Range<>(low, true, high, false);
  }

  /** Without the high end. */
  public static <T extends Comparable<T>> Range<T> below(T low, T high) {
    return new Range<>(low, false, high, true);
  }

  /** Whether a value is within. */
  public boolean contains(T value) {
    int down = value.compareTo(low);
    int up = value.compareTo(high);
    return (isOpenLow ? down > 0 : down >= 0) && (isOpenHigh ? up < 0 : up <= 0);
  }

  /** {@code 1 to 10}, {@code above 0 and at most 1h}, {@code above 0}. */
  public String text(Function<T, String> form) {
    String last = form.apply(high);
    if (last.equals("none")) {
      return isOpenLow ? "above " + form.apply(low) : "at least " + form.apply(low);
    }
    if (isOpenLow) {
      return "above %s and at most %s".formatted(form.apply(low), last);
    }
    return isOpenHigh
        ? "at least %s and below %s".formatted(form.apply(low), last)
        : "%s to %s".formatted(form.apply(low), last);
  }
}
