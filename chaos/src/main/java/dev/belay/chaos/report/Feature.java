package dev.belay.chaos.report;

import java.util.List;
import java.util.Locale;

/**
 * Something that trials differ in.
 *
 * @param name such as {@code cart>pricing delay} or {@code percentage}
 * @param unit of numbers; empty for none
 * @param levels the names of its values, if it has no order; empty for numbers
 * @param low the least number that was tried
 * @param high the greatest number that was tried
 */
public record Feature(String name, String unit, List<String> levels, double low, double high) {
  private static final int STEPS = 10;

  public Feature {
    levels = List.copyOf(levels);
  }

  static Feature number(String name, String unit, double low, double high) {
    return new Feature(name, unit, List.of(), low, high);
  }

  static Feature category(String name, List<String> levels) {
    return new Feature(name, "", levels, 0, levels.size() - 1.0);
  }

  /** Whether its values have no order. */
  public boolean isCategory() {
    return !levels.isEmpty();
  }

  /** The values it is looked at: all levels, or some numbers from the least to the greatest. */
  double[] grid() {
    double[] grid = new double[isCategory() ? levels.size() : STEPS];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = isCategory() ? i : low + (high - low) * i / (STEPS - 1);
    }
    return grid;
  }

  /** A value of it, for people. */
  public String text(double value) {
    if (isCategory()) {
      return levels.get((int) value);
    }
    String number =
        high - low >= STEPS
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%.2f", value);
    return unit.isEmpty() ? number : number + " " + unit;
  }
}
