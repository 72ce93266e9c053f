package dev.belay.llm.check;

/** Kinds of characters. */
final class Characters {
  private Characters() {}

  /** Whether a reader sees anything: no white space, no mark that has no width, no control. */
  static boolean isSeen(int codePoint) {
    return !Character.isWhitespace(codePoint)
        && !Character.isSpaceChar(codePoint)
        && Character.getType(codePoint) != Character.FORMAT
        && Character.getType(codePoint) != Character.CONTROL;
  }

  static boolean isOfWord(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        || Character.getType(codePoint) == Character.NON_SPACING_MARK
        || Character.getType(codePoint) == Character.COMBINING_SPACING_MARK;
  }
}
