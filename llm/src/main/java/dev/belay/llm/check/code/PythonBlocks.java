package dev.belay.llm.check.code;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Looks at how logical lines of Python are indented, and at the colons before blocks. */
final class PythonBlocks {
  private static final Set<String> HEADS =
      Set.of(
          "def", "class", "if", "elif", "else", "for", "while", "try", "except", "finally", "with",
          "async");
  private static final int MOST_FAULTS = 20;

  private final List<Fault> faults;
  private final Deque<String> indents = new ArrayDeque<>();

  PythonBlocks(List<Fault> faults) {
    this.faults = faults;
    indents.push("");
  }

  void check(List<PythonLines.Logical> lines) {
    boolean blockBegins = false;
    for (PythonLines.Logical line : lines) {
      if (faults.size() >= MOST_FAULTS) {
        return;
      }
      indent(line, blockBegins);
      blockBegins = line.code().endsWith(":");
      if (HEADS.contains(firstWord(line.code())) && !hasColon(line.code())) {
        faults.add(
            new Fault(line.line(), "':' is missing after '%s'".formatted(firstWord(line.code()))));
        blockBegins = true; // as was meant
      }
    }
    if (blockBegins && !lines.isEmpty()) {
      faults.add(new Fault(lines.getLast().line(), "an indented block is missing after ':'"));
    }
  }

  private void indent(PythonLines.Logical line, boolean blockBegins) {
    String current = String.valueOf(indents.peek());
    String indent = line.indent();
    if (blockBegins) {
      if (indent.length() > current.length() && indent.startsWith(current)) {
        indents.push(indent);
        return;
      }
      faults.add(new Fault(line.line(), "an indented block is missing before this line"));
    }
    if (indent.equals(current)) {
      return;
    }
    if (indent.startsWith(current)) {
      faults.add(new Fault(line.line(), "this line is indented for no reason"));
      return;
    }
    while (indents.size() > 1 && !indent.equals(indents.peek())) {
      indents.pop();
    }
    if (!indent.equals(indents.peek())) {
      faults.add(new Fault(line.line(), "this line goes back to an indentation that never was"));
    }
  }

  private static String firstWord(String code) {
    int end = 0;
    while (end < code.length() && Character.isLetter(code.charAt(end))) {
      end++;
    }
    boolean isName =
        end < code.length() && (code.charAt(end) == '_' || Character.isDigit(code.charAt(end)));
    return isName ? "" : code.substring(0, end);
  }

  /** Whether there is a colon outside of all brackets. */
  private static boolean hasColon(String code) {
    int depth = 0;
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      boolean walrus = c == ':' && i + 1 < code.length() && code.charAt(i + 1) == '=';
      if (c == ':' && depth == 0 && !walrus) {
        return true;
      }
    }
    return false;
  }
}
