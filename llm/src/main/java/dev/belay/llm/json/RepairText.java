package dev.belay.llm.json;

/** The text that is repaired, and how far it was read. For one thread. */
final class RepairText {
  static final char END = '\uFFFF';

  final String text;
  final RepairLog log;
  int at;

  RepairText(String text, int start, RepairLog log) {
    this.text = text;
    this.at = start;
    this.log = log;
  }

  /** The character to read next, {@link #END} after the last. */
  char peek() {
    return at(at);
  }

  char at(int offset) {
    return offset < text.length() ? text.charAt(offset) : END;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  void note(Repair.Kind kind, String what) {
    log.note(kind, at, what);
  }

  JsonException broken(String message) {
    return RepairLog.broken(text, at, message);
  }

  /** What is read next, for messages. */
  String shown() {
    return atEnd() ? "the end" : "'" + Character.toString(text.codePointAt(at)) + "'";
  }

  /** Skips white space, and comments, which are noted. */
  void skipSpace() {
    while (!atEnd()) {
      if (isSpace(peek())) {
        if (peek() > ' ') {
          note(Repair.Kind.PROSE, "white space that JSON does not know");
        }
        at++;
      } else if ((peek() == '/' && at(at + 1) == '/') || peek() == '#') {
        note(Repair.Kind.COMMENT, "a comment");
        at = endOfLine(at);
      } else if (peek() == '/' && at(at + 1) == '*') {
        note(Repair.Kind.COMMENT, "a comment");
        int end = text.indexOf("*/", at + 2);
        at = end < 0 ? text.length() : end + 2;
      } else {
        return;
      }
    }
  }

  int endOfLine(int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  int afterSpace(int from) {
    int next = from;
    while (next < text.length() && isSpace(text.charAt(next))) {
      next++;
    }
    return next;
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\uFEFF' || c == '\u00A0';
  }

  static boolean isNameStart(char c) {
    return c != END && (Character.isLetter(c) || c == '_' || c == '$' || Character.isSurrogate(c));
  }

  static boolean isNamePart(char c) {
    return c != END && (isNameStart(c) || Character.isDigit(c) || c == '-');
  }

  int afterName(int from) {
    int next = from;
    while (isNamePart(at(next))) {
      next++;
    }
    return next;
  }
}
