package dev.belay.chaos.propose;

import dev.belay.Check;
import java.util.Arrays;

/**
 * What a {@link Forest} learns from: rows of features, each with a target and a weight. Grows; for
 * one thread.
 */
public final class Samples {
  /** The most levels of a feature that is a category. */
  public static final int MAX_LEVELS = 64;

  private final int[] levels;
  private double[][] rows = new double[16][];
  private double[] targets = new double[16];
  private double[] weights = new double[16];
  private int size;

  /**
   * None yet.
   *
   * @param levels for each feature: 0 if it is a number, else how many levels it has, counted from
   *     0 in rows; at most {@link #MAX_LEVELS}
   */
  public Samples(int... levels) {
    Check.that(levels.length > 0, "there must be a feature, there was none");
    for (int count : levels) {
      Check.that(
          count >= 0 && count <= MAX_LEVELS, "levels must be in 0..%d, was %d", MAX_LEVELS, count);
    }
    this.levels = levels.clone();
  }

  /** One more, of weight 1. */
  public void add(double[] row, double target) {
    add(row, target, 1);
  }

  /**
   * One more.
   *
   * @param weight above 0; 2 counts as much as the same row twice
   */
  public void add(double[] row, double target, double weight) {
    Check.that(
        row.length == levels.length,
        "row must have %d features, had %d",
        levels.length,
        row.length);
    for (int feature = 0; feature < row.length; feature++) {
      checkValue(feature, row[feature]);
    }
    Check.that(Double.isFinite(target), "target must be finite, was %s", target);
    Check.that(weight > 0 && weight < 1e9, "weight must be above 0 and below 1e9, was %s", weight);
    if (size == targets.length) {
      rows = Arrays.copyOf(rows, 2 * size);
      targets = Arrays.copyOf(targets, 2 * size);
      weights = Arrays.copyOf(weights, 2 * size);
    }
    rows[size] = row.clone();
    targets[size] = target;
    weights[size++] = weight;
  }

  private void checkValue(int feature, double value) {
    Check.that(Double.isFinite(value), "feature %d must be finite, was %s", feature, value);
    int count = levels[feature];
    Check.that(
        count == 0 || (value >= 0 && value < count && value == Math.rint(value)),
        "feature %d must be a level in 0..%d, was %s",
        feature,
        count - 1,
        value);
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** How many features each has. */
  public int features() {
    return levels.length;
  }

  /** How many levels a feature has; 0 if it is a number. */
  public int levels(int feature) {
    return levels[feature];
  }

  double value(int sample, int feature) {
    return rows[sample][feature];
  }

  double target(int sample) {
    return targets[sample];
  }

  double weight(int sample) {
    return weights[sample];
  }
}
