package dev.belay.chaos.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Markup that is well-formed by construction: what is opened is closed, and whatever text comes in
 * stays text. What XML does not know as a character becomes U+FFFD. For one thread.
 */
final class Markup {
  private static final int REPLACEMENT = 0xFFFD;

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values by turns
   */
  Markup open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /** Closes what was opened last. */
  Markup close() {
    out.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** An element without content. */
  Markup empty(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>");
    return this;
  }

  /** An element that holds nothing but text. */
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** A drawing of a size, with a text for those who do not see it. */
  Markup drawing(double width, double height, String label, String... kind) {
    String box = "0 0 %s %s".formatted(number(width), number(height));
    return open(
        "svg",
        "viewBox",
        box,
        "role",
        "img",
        "aria-label",
        label,
        "class",
        kind.length == 0 ? "drawing" : kind[0]);
  }

  /** A line from one point to another. */
  Markup line(String kind, double x1, double y1, double x2, double y2) {
    return empty(
        "line",
        "class",
        kind,
        "x1",
        number(x1),
        "y1",
        number(y1),
        "x2",
        number(x2),
        "y2",
        number(y2));
  }

  /** Text at a point of a drawing. */
  Markup label(String kind, double x, double y, String text) {
    return element("text", text, "class", kind, "x", number(x), "y", number(y));
  }

  /** What is drawn, once more as a table, behind a line to open it by. */
  Markup figures(String title, List<String> head, List<List<String>> rows) {
    open("details").element("summary", title);
    open("div", "class", "wide").open("table").open("thead").open("tr");
    head.forEach(text -> element("th", text, "scope", "col"));
    close().close().open("tbody");
    for (List<String> row : rows) {
      open("tr").element("th", row.getFirst(), "scope", "row");
      row.stream().skip(1).forEach(text -> element("td", text, "class", "figure"));
      close();
    }
    return close().close().close().close();
  }

  /** Text, whatever is in it. */
  Markup text(String text) {
    escape(text);
    return this;
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            default -> out.appendCodePoint(isCharacter(point) ? point : REPLACEMENT);
          }
        });
  }

  /** As XML 1.0 has it. A surrogate without its other half is none. */
  private static boolean isCharacter(int point) {
    return point == '\t'
        || point == '\n'
        || (point >= 0x20 && point <= 0xD7FF)
        || (point >= 0xE000 && point <= REPLACEMENT)
        || point >= 0x10000;
  }

  /** A number for coordinates: with one decimal, and a point whatever the locale. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
