package dev.belay.llm.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds what somebody may have meant. */
final class Near {
  private static final int MOST_SHOWN = 3;
  private static final int LONGEST_COMPARED = 64;

  private Near() {}

  /** A sentence such as " Did you mean 'length'?", or all names if none is near. */
  static String hint(String wrong, Collection<String> known) {
    List<String> near =
        known.stream()
            .filter(name -> isNear(wrong, name))
            .sorted(Comparator.comparingInt((String name) -> distance(wrong, name)))
            .limit(MOST_SHOWN)
            .toList();
    return near.isEmpty()
        ? " Known are: " + known.stream().sorted().collect(Collectors.joining(", ")) + "."
        : " Did you mean "
            + near.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or "))
            + "?";
  }

  private static boolean isNear(String wrong, String name) {
    String lower = wrong.toLowerCase(Locale.ROOT);
    return wrong.length() <= LONGEST_COMPARED
        && (distance(lower, name) <= Math.max(1, name.length() / 3)
            || (lower.length() >= 3 && (name.contains(lower) || lower.contains(name))));
  }

  /** Levenshtein's distance. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
