package dev.belay.chaos.trace;

import dev.belay.Check;
import java.util.List;

/** How many elements have to be put in, left out or replaced to make one list of another. */
public final class EditDistance {
  private EditDistance() {}

  /**
   * Levenshtein's distance, found along the diagonal only (Ukkonen 1985), in time proportional to
   * the length of the lists times {@code most}.
   *
   * @param most how far to look; at least 0
   * @return the distance; {@code most + 1} for all that is farther
   */
  public static <T> int between(List<T> one, List<T> other, int most) {
    Check.that(most >= 0, "the most must be >= 0, was %d", most);
    int rows = one.size();
    int columns = other.size();
    if (Math.abs(rows - columns) > most) {
      return most + 1;
    }
    int far = most + 1;
    int[] above = new int[columns + 1];
    int[] now = new int[columns + 1];
    for (int j = 0; j <= columns; j++) {
      above[j] = Math.min(j, far);
    }
    for (int i = 1; i <= rows; i++) {
      int from = Math.max(1, i - most);
      int to = Math.min(columns, i + most);
      now[from - 1] = from == 1 ? Math.min(i, far) : far;
      int least = now[from - 1];
      for (int j = from; j <= to; j++) {
        int replaced = above[j - 1] + (one.get(i - 1).equals(other.get(j - 1)) ? 0 : 1);
        int leftOut = j == i + most ? far : above[j] + 1;
        now[j] = Math.min(far, Math.min(replaced, Math.min(leftOut, now[j - 1] + 1)));
        least = Math.min(least, now[j]);
      }
      if (least >= far) {
        return far;
      }
      int[] swap = above;
      above = now;
      now = swap;
    }
    return above[columns];
  }
}
