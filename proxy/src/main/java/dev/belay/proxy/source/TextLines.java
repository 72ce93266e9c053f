package dev.belay.proxy.source;

import java.util.Iterator;

/** Reads a list with a proxy in each line. */
final class TextLines {
  private TextLines() {}

  static Harvest read(String text, Harvest harvest) {
    Iterator<String> lines = text.lines().iterator();
    for (int number = 1; lines.hasNext(); number++) {
      harvest.count();
      String line = lines.next().strip();
      if (!isComment(line)) {
        harvest.take("line " + number, firstWord(line));
      }
    }
    return harvest;
  }

  /** Whether nothing is meant by the line. */
  static boolean isComment(String line) {
    return line.isEmpty()
        || line.charAt(0) == '#'
        || line.charAt(0) == ';'
        || line.startsWith("//");
  }

  private static String firstWord(String line) {
    int end = 0;
    while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
      end++;
    }
    return line.substring(0, end);
  }
}
