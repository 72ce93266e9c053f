package dev.belay.llm.json;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A fenced block of Markdown. Immutable.
 *
 * @param language the first word after the opening marks in lower case; empty if there is none
 * @param start where its content begins in the text
 * @param end where its content ends
 * @param line of the first line of its content, counted from 1
 * @param closed whether there are closing marks; without them the text was cut
 */
public record Fence(String language, int start, int end, int line, boolean closed) {
  private static final int LEAST_MARKS = 3;

  /** Rejects null. */
  public Fence {
    requireNonNull(language, "language");
  }

  /** What is inside. */
  public String of(String text) {
    return text.substring(start, end);
  }

  /** All blocks in a text, in order. */
  public static List<Fence> in(String text) {
    List<Fence> fences = new ArrayList<>();
    Open open = Open.NONE;
    int line = 1;
    for (int at = 0; at < text.length(); line++) {
      int end = text.indexOf('\n', at);
      int next = end < 0 ? text.length() : end + 1;
      Open marks = Open.marks(text.substring(at, next), next, line + 1);
      if (open.count == 0) {
        open = marks.opens() ? marks : open;
      } else if (marks.closes(open)) {
        fences.add(
            new Fence(open.language(), open.start, Math.max(open.start, at), open.line, true));
        open = Open.NONE;
      }
      at = next;
    }
    if (open.count > 0) {
      fences.add(new Fence(open.language(), open.start, text.length(), open.line, false));
    }
    return List.copyOf(fences);
  }

  /** The marks at the beginning of a line, and what stands after them. */
  private record Open(char mark, int count, String info, int start, int line) {
    static final Open NONE = new Open(' ', 0, "", 0, 0);

    static Open marks(String row, int start, int line) {
      String stripped = row.strip();
      int count = 0;
      char mark = stripped.isEmpty() ? ' ' : stripped.charAt(0);
      if (mark == '`' || mark == '~') {
        while (count < stripped.length() && stripped.charAt(count) == mark) {
          count++;
        }
      }
      return count < LEAST_MARKS
          ? NONE
          : new Open(mark, count, stripped.substring(count).strip(), start, line);
    }

    /** Backticks after backticks are code within a line. */
    boolean opens() {
      return count > 0 && (mark != '`' || info.indexOf('`') < 0);
    }

    boolean closes(Open open) {
      return mark == open.mark && count >= open.count && info.isEmpty();
    }

    String language() {
      int end = 0;
      while (end < info.length() && " \t{,:".indexOf(info.charAt(end)) < 0) {
        end++;
      }
      return info.substring(0, end).toLowerCase(Locale.ROOT);
    }
  }
}
