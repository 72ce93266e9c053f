package dev.belay.chaos.space;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A dimension in numbers. A category's coordinate is the number of its value, counted from 0; a
 * number's lies in 0 to 1 on its own scale. Each has a mark for a dimension that is not active.
 */
final class Axis {
  private static final double MARK = -1;

  final Dimension dimension;

  /** How many values; 0 for numbers. */
  final int levels;

  private final List<Value> values;
  private final double min;
  private final double max;
  private final boolean whole;
  private final boolean log;

  Axis(Dimension dimension) {
    this.dimension = dimension;
    switch (dimension) {
      case Dimension.Categorical category -> {
        values = category.values();
        levels = values.size();
        min = 0;
        max = levels - 1;
        whole = true;
        log = false;
      }
      case Dimension.Real real -> {
        values = List.of();
        levels = 0;
        min = real.min();
        max = real.max();
        whole = false;
        log = real.log();
      }
      case Dimension.Whole number -> {
        values = List.of();
        levels = 0;
        min = number.min();
        max = number.max();
        whole = true;
        log = number.log();
      }
    }
  }

  boolean isCategory() {
    return levels > 0;
  }

  double mark() {
    return isCategory() ? levels : MARK;
  }

  boolean isMark(double coordinate) {
    return isCategory() ? coordinate >= levels : coordinate < 0;
  }

  /** How many different values there are; infinity for real numbers. */
  double steps() {
    return whole ? max - min + 1 : Double.POSITIVE_INFINITY;
  }

  double draw(RandomGenerator random) {
    return isCategory() ? random.nextInt(levels) : snap(random.nextDouble());
  }

  /** The coordinate of the nearest value that the dimension has. */
  double snap(double coordinate) {
    if (isMark(coordinate)) {
      return mark();
    }
    if (isCategory()) {
      return Math.rint(coordinate);
    }
    double inside = Math.min(coordinate, 1);
    return whole ? toCoordinate(number(inside)) : inside;
  }

  /** The number at a coordinate; meaningless for categories. */
  double number(double coordinate) {
    double plain = log ? min * Math.pow(max / min, coordinate) : min + coordinate * (max - min);
    return Math.clamp(whole ? Math.rint(plain) : rounded(plain), min, max);
  }

  /** To about six digits, so that people can read it and borders are met exactly. */
  private double rounded(double number) {
    double size = log ? Math.abs(number) : max - min;
    int digits = 6 - (int) Math.floor(Math.log10(size));
    if (size == 0 || digits > 300 || digits < -300) {
      return number;
    }
    double scale = Math.pow(10, Math.abs(digits));
    return digits >= 0 ? Math.rint(number * scale) / scale : Math.rint(number / scale) * scale;
  }

  /** The least difference between two numbers that matters near one of them. */
  double step(double number) {
    if (whole) {
      return 1;
    }
    double size = log ? Math.abs(number) : max - min;
    return Math.pow(10, Math.floor(Math.log10(size)) - 6);
  }

  double toCoordinate(double number) {
    double inside = Math.clamp(number, min, max);
    return log ? Math.log(inside / min) / Math.log(max / min) : (inside - min) / (max - min);
  }

  double at(int step) {
    return isCategory() ? step : toCoordinate(min + step);
  }

  Value value(double coordinate) {
    return isCategory() ? values.get((int) coordinate) : Value.of(number(coordinate));
  }

  /** The coordinate of a value that lies in the dimension. */
  double coordinate(Value value) {
    if (isCategory()) {
      return values.indexOf(value);
    }
    return value instanceof Value.Numeric number ? toCoordinate(number.number()) : mark();
  }

  List<Value> values() {
    return values;
  }
}
