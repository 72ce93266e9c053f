package dev.belay.chaos.space;

import dev.belay.Check;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/** One thing that points of a space differ in. */
public sealed interface Dimension {
  /** The most values of a category. */
  int MAX_VALUES = 1000;

  /** What it shares with other kinds. */
  Traits traits();

  /** Whether a value lies in it. */
  boolean holds(Value value);

  /** What lies in it, in the words of a message. */
  String range();

  /** Its name, unique in its space. */
  default String name() {
    return traits().name();
  }

  /**
   * One of some values that have no order.
   *
   * @param traits name and so on
   * @param values 1 to 1000 of one kind, none twice
   */
  record Categorical(Traits traits, List<Value> values) implements Dimension {
    public Categorical {
      values = List.copyOf(values);
      Check.that(
          !values.isEmpty() && values.size() <= MAX_VALUES,
          "values of %s must be 1 to %d, were %d",
          traits.name(),
          MAX_VALUES,
          values.size());
      Check.that(
          new HashSet<>(values).size() == values.size(),
          "values of %s must be unique, were %s",
          traits.name(),
          values);
      Check.that(
          values.stream().map(Value::kind).distinct().count() == 1,
          "values of %s must be of one kind, were %s",
          traits.name(),
          values);
      checkStandard(traits, values.contains(traits.standard().orElse(values.getFirst())), values);
    }

    /** A category of names. */
    public static Categorical of(String name, String... values) {
      return new Categorical(Traits.named(name), Arrays.stream(values).map(Value::of).toList());
    }

    @Override
    public boolean holds(Value value) {
      return values.contains(value);
    }

    @Override
    public String range() {
      return "one of " + values;
    }
  }

  /**
   * A number between two.
   *
   * @param traits name and so on
   * @param min the least, itself included
   * @param max the greatest, itself included; above {@code min}
   * @param log whether ratios count rather than differences; {@code min} is above 0 then
   */
  record Real(Traits traits, double min, double max, boolean log) implements Dimension {
    public Real {
      checkBounds(traits, min, max, log);
      Check.that(Double.isFinite(max - min), "bounds of %s are too far apart", traits.name());
      checkStandard(
          traits,
          traits.standard().map(value -> within(value, min, max)).orElse(true),
          bounds(min, max));
    }

    /** A number on a plain scale. */
    public static Real of(String name, double min, double max) {
      return new Real(Traits.named(name), min, max, false);
    }

    @Override
    public boolean holds(Value value) {
      return within(value, min, max);
    }

    @Override
    public String range() {
      return "a number in " + bounds(min, max);
    }
  }

  /**
   * A whole number between two.
   *
   * @param traits name and so on
   * @param min the least, itself included
   * @param max the greatest, itself included; above {@code min}; both at most 2^52 from 0
   * @param log whether ratios count rather than differences; {@code min} is above 0 then
   */
  record Whole(Traits traits, long min, long max, boolean log) implements Dimension {
    private static final long FARTHEST = 1L << 52;

    public Whole {
      checkBounds(traits, (double) min, (double) max, log);
      Check.that(
          min >= -FARTHEST && max <= FARTHEST,
          "bounds of %s must be at most 2^52 from 0, were [%d, %d]",
          traits.name(),
          min,
          max);
      checkStandard(
          traits,
          traits
              .standard()
              .map(value -> isWhole(value) && within(value, (double) min, (double) max))
              .orElse(true),
          bounds((double) min, (double) max));
    }

    /** A whole number on a plain scale. */
    public static Whole of(String name, long min, long max) {
      return new Whole(Traits.named(name), min, max, false);
    }

    @Override
    public boolean holds(Value value) {
      return isWhole(value) && within(value, (double) min, (double) max);
    }

    @Override
    public String range() {
      return "a whole number in " + bounds((double) min, (double) max);
    }
  }

  private static void checkStandard(Traits traits, boolean inside, Object range) {
    Check.that(
        inside,
        "default of %s must be in %s, was %s",
        traits.name(),
        range,
        traits.standard().map(Value::toString).orElse("none"));
  }

  private static void checkBounds(Traits traits, double min, double max, boolean log) {
    Check.that(
        Double.isFinite(min) && Double.isFinite(max) && min < max,
        "bounds of %s must be finite, the first below the second, were %s",
        traits.name(),
        bounds(min, max));
    Check.that(
        !log || min > 0,
        "bounds of %s must be above 0 on a log scale, were %s",
        traits.name(),
        bounds(min, max));
  }

  private static String bounds(double min, double max) {
    return Double.isFinite(min) && Double.isFinite(max)
        ? "[%s, %s]".formatted(Value.of(min), Value.of(max))
        : "[%s, %s]".formatted(min, max);
  }

  private static boolean within(Value value, double min, double max) {
    return value instanceof Value.Numeric number
        && number.number() >= min
        && number.number() <= max;
  }

  private static boolean isWhole(Value value) {
    return value instanceof Value.Numeric number && number.number() == Math.rint(number.number());
  }
}
