package dev.belay.llm.check;

import java.util.Locale;

/** Small things done with texts. */
final class Texts {
  private static final int LONGEST_SHOWN = 80;

  private Texts() {}

  /** For messages: on one line, and not longer than a line. */
  static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.length() <= LONGEST_SHOWN) {
      return line;
    }
    int end =
        Character.isHighSurrogate(line.charAt(LONGEST_SHOWN - 1))
            ? LONGEST_SHOWN - 1
            : LONGEST_SHOWN;
    return line.substring(0, end) + "…";
  }

  /** The same for letters that differ in case only, in all scripts. */
  static String folded(String text) {
    // the way over upper case unites letters outside ASCII alone
    String upper = isAscii(text) ? text : text.toUpperCase(Locale.ROOT);
    return upper.toLowerCase(Locale.ROOT);
  }

  private static boolean isAscii(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** How often a text occurs, without overlaps, counted no further than {@code most}. */
  static int count(String text, String wanted, int most) {
    int count = 0;
    for (int at = text.indexOf(wanted); at >= 0 && count < most; count++) {
      at = text.indexOf(wanted, at + wanted.length());
    }
    return count;
  }
}
