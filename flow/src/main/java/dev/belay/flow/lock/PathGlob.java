package dev.belay.flow.lock;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A file, a directory with all that is in it, or a glob of such, below a root. Two that mean the
 * same are equal. Immutable.
 *
 * <p>{@code *} and {@code ?} stay within one name, {@code **} as a whole name is any number of
 * names. Brackets and braces stand for themselves: web frameworks name files like {@code [id].tsx}.
 *
 * @param segments the names from the root down; empty is the root itself
 */
record PathGlob(List<String> segments) {
  private static final String ANY_DEPTH = "**";

  PathGlob {
    segments = List.copyOf(segments);
  }

  /**
   * Reads what a plan says.
   *
   * @param root absolute
   * @throws IllegalArgumentException if it is blank, or leads out of the root
   */
  static PathGlob of(Path root, String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a path to lock must not be blank");
    }
    List<String> within = names(root.normalize().toString());
    List<String> names = new ArrayList<>(text.startsWith("/") ? List.of() : within);
    for (String name : names(text)) {
      if (!name.equals("..")) {
        add(names, name);
      } else if (names.isEmpty()) {
        throw outside(text, root);
      } else if (SegmentGlob.isWild(names.removeLast())) {
        throw new IllegalArgumentException(
            "'%s' goes up from a wildcard, which could be anywhere; write it without '..'"
                .formatted(text));
      }
    }
    if (names.size() < within.size() || !names.subList(0, within.size()).equals(within)) {
      throw outside(text, root);
    }
    return new PathGlob(names.subList(within.size(), names.size()));
  }

  private static void add(List<String> names, String name) {
    // Two in a row mean no more than one, and would only cost time.
    boolean repeated = name.equals(ANY_DEPTH) && !names.isEmpty() && names.getLast().equals(name);
    if (!repeated) {
      names.add(name);
    }
  }

  private static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    // One name in two spellings of Unicode is one file on some systems.
    for (String name : Normalizer.normalize(path, Normalizer.Form.NFC).split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }

  private static IllegalArgumentException outside(String text, Path root) {
    return new IllegalArgumentException(
        "'%s' is outside of %s; only paths inside it can be locked".formatted(text, root));
  }

  /**
   * Whether some path is in both. Exact, where a directory counts as everything below it, and any
   * name may be a directory.
   */
  boolean overlaps(PathGlob other) {
    int rows = segments.size();
    int columns = other.segments.size();
    boolean[] below = new boolean[columns + 1];
    for (int i = rows; i >= 0; i--) {
      boolean[] meets = new boolean[columns + 1];
      for (int j = columns; j >= 0; j--) {
        meets[j] = meetFrom(i, other, j, meets, below);
      }
      below = meets;
    }
    return below[0];
  }

  private boolean meetFrom(int i, PathGlob other, int j, boolean[] sameRow, boolean[] nextRow) {
    // Where one has ended, the other goes on inside that directory.
    if (i == segments.size() || j == other.segments.size()) {
      return true;
    }
    String mine = segments.get(i);
    String theirs = other.segments.get(j);
    if (mine.equals(ANY_DEPTH) || theirs.equals(ANY_DEPTH)) {
      return nextRow[j] || sameRow[j + 1];
    }
    return SegmentGlob.meet(mine, theirs) && nextRow[j + 1];
  }

  @Override
  public String toString() {
    return segments.isEmpty() ? "." : String.join("/", segments);
  }
}
