package dev.belay.flow.lock;

/** Wildcards within one name of a path: {@code *} is any run of characters, {@code ?} any one. */
final class SegmentGlob {
  private SegmentGlob() {}

  /** Whether a name holds a wildcard. */
  static boolean isWild(String segment) {
    return segment.indexOf('*') >= 0 || segment.indexOf('?') >= 0;
  }

  /** Whether there is a name that both match; exact. */
  static boolean meet(String left, String right) {
    if (!isWild(left) && !isWild(right)) {
      return left.equals(right);
    }
    int[] a = left.codePoints().toArray();
    int[] b = right.codePoints().toArray();
    // meets[j]: what is left of a from i, and of b from j, match a common string.
    boolean[] below = new boolean[b.length + 1];
    for (int i = a.length; i >= 0; i--) {
      boolean[] meets = new boolean[b.length + 1];
      for (int j = b.length; j >= 0; j--) {
        meets[j] = meetFrom(a, i, b, j, meets, below);
      }
      below = meets;
    }
    return below[0];
  }

  private static boolean meetFrom(
      int[] a, int i, int[] b, int j, boolean[] sameRow, boolean[] nextRow) {
    if (i == a.length && j == b.length) {
      return true;
    }
    // A star ends here, or takes in one more of the other side.
    if (i < a.length && a[i] == '*' && (nextRow[j] || (j < b.length && sameRow[j + 1]))) {
      return true;
    }
    if (j < b.length && b[j] == '*' && (sameRow[j + 1] || (i < a.length && nextRow[j]))) {
      return true;
    }
    return i < a.length && j < b.length && sameCharacter(a[i], b[j]) && nextRow[j + 1];
  }

  private static boolean sameCharacter(int a, int b) {
    return a != '*' && b != '*' && (a == b || a == '?' || b == '?');
  }
}
