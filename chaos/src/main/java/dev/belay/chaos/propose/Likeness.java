package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;

/** How alike two rows are. */
final class Likeness {
  private Likeness() {}

  /** 1 if they are the same, 0 if all dimensions are as different as can be. */
  static double of(Chart chart, double[] row, double[] other) {
    double like = 0;
    for (int i = 0; i < row.length; i++) {
      boolean number =
          chart.levels(i) == 0 && !chart.isMark(i, row[i]) && !chart.isMark(i, other[i]);
      like +=
          number ? Math.max(0, 1 - 3 * Math.abs(row[i] - other[i])) : row[i] == other[i] ? 1 : 0;
    }
    return like / row.length;
  }
}
