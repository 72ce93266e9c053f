package dev.belay.llm.json;

import dev.belay.llm.json.Repair.Kind;

/** Reads strings in any quotes. What stands inside is never changed but for its escapes. */
final class RepairStrings {
  /** Where a string stands, which decides what may follow it. */
  enum Role {
    NAME,
    MEMBER,
    ITEM
  }

  private final RepairText in;

  RepairStrings(RepairText in) {
    this.in = in;
  }

  static boolean isQuote(char c) {
    return c == '"' || c == '\'' || c == '`' || isCurly(c);
  }

  private static boolean isCurly(char c) {
    return c == '\u201C' || c == '\u201D' || c == '\u2018' || c == '\u2019';
  }

  String read(Role role) {
    char quote = in.peek();
    if (quote != '"') {
      in.note(Kind.QUOTES, "a string in other quotes");
    }
    in.at++;
    StringBuilder value = new StringBuilder();
    while (true) {
      char c = in.peek();
      if (in.atEnd()) {
        in.note(Kind.TRUNCATED, "a string without its end");
        return value.toString();
      } else if (c == '\\') {
        escape(value);
      } else if (!closes(quote, c)) {
        if (c < ' ') {
          in.note(Kind.ESCAPE, "a control character in a string");
        }
        value.append(c);
        in.at++;
      } else if (ends(role)) {
        in.at++;
        return value.toString();
      } else {
        in.note(Kind.INNER_QUOTE, "a quote inside a string");
        value.append(c);
        in.at++;
      }
    }
  }

  private static boolean closes(char opening, char c) {
    return switch (opening) {
      case '\u201C', '\u201D' -> c == '\u201D' || c == '\u201C';
      case '\u2018', '\u2019' -> c == '\u2019' || c == '\u2018';
      default -> c == opening;
    };
  }

  /**
   * Whether the quote that is read next ends the string: what follows must be what may follow a
   * string. In strict JSON it always is.
   */
  private boolean ends(Role role) {
    int next = in.afterSpace(in.at + 1);
    boolean space = next > in.at + 1;
    char c = in.at(next);
    if (c == RepairText.END) {
      return true;
    }
    if (role == Role.NAME) {
      return space || !RepairText.isNamePart(c);
    }
    if (c == ',') {
      return mayFollowComma(role, in.afterSpace(next + 1));
    }
    return c == '}'
        || c == ']'
        || startsComment(next, space)
        || (space && startsMember(role, next));
  }

  private boolean startsComment(int next, boolean space) {
    char c = in.at(next);
    return (space && c == '#') || (c == '/' && (in.at(next + 1) == '/' || in.at(next + 1) == '*'));
  }

  private boolean mayFollowComma(Role role, int next) {
    char c = in.at(next);
    boolean any =
        c == RepairText.END || c == '}' || c == ']' || c == ',' || startsComment(next, true);
    return any || startsMember(role, next);
  }

  /** Whether a member or an item could begin here. */
  private boolean startsMember(Role role, int next) {
    char c = in.at(next);
    if (role == Role.ITEM) {
      return isQuote(c)
          || c == '{'
          || c == '['
          || c == '-'
          || Character.isDigit(c)
          || isLiteral(next);
    }
    if (isQuote(c)) {
      return true;
    }
    int end = in.afterName(next);
    char sign = in.at(in.afterSpace(end));
    return end > next && (sign == ':' || sign == '=');
  }

  private boolean isLiteral(int next) {
    int end = in.afterName(next);
    return end > next && RepairWords.isLiteral(in.text.substring(next, Math.min(end, next + 16)));
  }

  private void escape(StringBuilder value) {
    char c = in.at(in.at + 1);
    switch (c) {
      case '"', '\\', '/' -> value.append(c);
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'u' -> {
        unicode(value);
        return;
      }
      case RepairText.END -> {
        if (in.at + 1 >= in.text.length()) {
          in.at++;
          return;
        }
        value.append('\\').append(c);
      }
      case '\'' -> {
        in.note(Kind.ESCAPE, "an escape that JSON does not know");
        value.append(c);
      }
      default -> {
        in.note(Kind.ESCAPE, "an escape that JSON does not know");
        value.append('\\').append(c);
      }
    }
    in.at += 2;
  }

  private void unicode(StringBuilder value) {
    int code = 0;
    for (int i = 2; i < 6; i++) {
      int digit = Character.digit(in.at(in.at + i), 16);
      if (digit < 0 || in.at(in.at + i) > 'f') {
        if (in.at + i < in.text.length()) {
          in.note(Kind.ESCAPE, "an escape with fewer than 4 digits");
          value.append("\\u");
          in.at += 2;
        } else {
          in.at = in.text.length(); // cut in the middle of it
        }
        return;
      }
      code = code * 16 + digit;
    }
    value.append((char) code);
    in.at += 6;
  }
}
