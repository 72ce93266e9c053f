package dev.belay.llm.check.code;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts Python into logical lines: strings, comments and brackets are understood. For one thread.
 */
final class PythonLines {
  private static final int MOST_FAULTS = 20;

  private final String text;
  private final List<Fault> faults;
  private final List<Logical> lines = new ArrayList<>();
  private final StringBuilder brackets = new StringBuilder();
  private final List<Integer> bracketLines = new ArrayList<>();
  private final StringBuilder code = new StringBuilder();
  private int at;
  private int line = 1;
  private int startLine = 1;
  private boolean joined;

  PythonLines(String text, List<Fault> faults) {
    this.text = text;
    this.faults = faults;
  }

  /**
   * A line as Python sees it.
   *
   * @param indent the white space before it
   * @param code the rest, without comments, with each string as {@code ""}
   */
  record Logical(int line, String indent, String code) {}

  List<Logical> logical() {
    while (at < text.length() && faults.size() < MOST_FAULTS) {
      char c = text.charAt(at);
      switch (c) {
        case '\n' -> newLine();
        case '#' -> at = endOfLine();
        case '\'', '"' -> string(c);
        case '\\' -> backslash();
        case '(', '[', '{' -> open(c);
        case ')', ']', '}' -> close(c);
        case '\r' -> at++;
        default -> {
          code.append(c);
          at++;
        }
      }
    }
    finish();
    if (brackets.length() > 0 && faults.size() < MOST_FAULTS) {
      faults.add(
          new Fault(
              bracketLines.getLast(),
              "'%c' is never closed".formatted(brackets.charAt(brackets.length() - 1))));
    }
    return lines;
  }

  private int endOfLine() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private void newLine() {
    at++;
    line++;
    if (brackets.length() == 0 && !joined) {
      finish();
    } else {
      code.append(' ');
    }
    joined = false;
  }

  private void finish() {
    String whole = code.toString();
    String stripped = whole.strip();
    if (!stripped.isEmpty()) {
      lines.add(new Logical(startLine, whole.substring(0, whole.indexOf(stripped)), stripped));
    }
    code.setLength(0);
    startLine = line;
  }

  private void backslash() {
    at++;
    if (at < text.length() && text.charAt(at) == '\r') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '\n') {
      joined = true;
    } else {
      faults.add(new Fault(line, "a '\\' must be the last character of a line"));
    }
  }

  private void string(char quote) {
    int begin = line;
    String three = String.valueOf(quote).repeat(3);
    boolean isLong = text.startsWith(three, at);
    at += isLong ? 3 : 1;
    code.append("\"\"");
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length()) {
        line += text.charAt(at + 1) == '\n' ? 1 : 0;
        at += 2;
      } else if (isLong ? text.startsWith(three, at) : c == quote) {
        at += isLong ? 3 : 1;
        return;
      } else if (c == '\n' && !isLong) {
        break;
      } else {
        line += c == '\n' ? 1 : 0;
        at++;
      }
    }
    faults.add(new Fault(begin, "a string has no end"));
  }

  private void open(char c) {
    brackets.append(c);
    bracketLines.add(line);
    code.append(c);
    at++;
  }

  private void close(char c) {
    int last = brackets.length() - 1;
    if (last < 0) {
      faults.add(new Fault(line, "'%c' closes nothing".formatted(c)));
    } else {
      char opener = brackets.charAt(last);
      if ("([{".indexOf(opener) != ")]}".indexOf(c)) {
        faults.add(
            new Fault(
                line,
                "'%c' does not close the '%c' of line %d"
                    .formatted(c, opener, bracketLines.get(last))));
      }
      brackets.setLength(last);
      bracketLines.removeLast();
    }
    code.append(c);
    at++;
  }
}
