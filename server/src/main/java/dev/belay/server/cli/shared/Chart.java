package dev.belay.server.cli.shared;

import java.util.ArrayList;
import java.util.List;

/** Rows of bars over time, all on one scale, so that they can be compared. */
public final class Chart {
  private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
  private static final String ASCII = " .:-=+*%#";
  private static final int WIDTH = 60;

  private final String steps;

  /**
   * A way to draw.
   *
   * @param unicode whether the terminal can show block characters
   */
  public Chart(boolean unicode) {
    steps = unicode ? BLOCKS : ASCII;
  }

  /** At most 60 values, each the mean of as many neighbours as it takes. */
  public static List<Double> squeezed(List<Double> values) {
    int columns = Math.min(WIDTH, values.size());
    List<Double> means = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      int from = i * values.size() / columns;
      int to = (i + 1) * values.size() / columns;
      means.add(
          values.subList(from, to).stream().mapToDouble(Double::doubleValue).average().orElse(0));
    }
    return means;
  }

  /**
   * One bar for each value; whatever is above 0 can be seen.
   *
   * @param values from 0
   * @param top what the highest bar stands for
   */
  public String row(List<Double> values, double top) {
    int most = steps.length() - 1;
    StringBuilder row = new StringBuilder();
    for (double value : values) {
      long step = top <= 0 ? 0 : Math.round(value / top * most);
      row.append(steps.charAt(Math.clamp(step, value > 0 ? 1 : 0, most)));
    }
    return row.toString();
  }
}
