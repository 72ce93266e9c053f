package dev.belay.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows in aligned columns, for people. For one thread. */
final class Table {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final Terminal terminal;
  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();

  /** On which side the values of a column stand. */
  enum Side {
    LEFT,
    RIGHT
  }

  /** A column; numbers stand on the right. */
  record Column(String title, Side side) {
    static Column left(String title) {
      return new Column(title, Side.LEFT);
    }

    static Column right(String title) {
      return new Column(title, Side.RIGHT);
    }
  }

  /**
   * A value. What could move the cursor is taken out of it: it may come from far away.
   *
   * @param style as picocli names it, {@code red}, say; empty for none
   */
  record Cell(String text, String style) {
    Cell {
      text = CONTROL.matcher(text).replaceAll(" ");
    }

    static Cell of(String text) {
      return new Cell(text, "");
    }
  }

  Table(Terminal terminal, Column... columns) {
    this.terminal = terminal;
    this.columns = List.of(columns);
  }

  /** One row more, with a value for each column. */
  void row(Cell... cells) {
    rows.add(List.of(cells));
  }

  /** One row more, without colours. */
  void row(String... texts) {
    rows.add(List.of(texts).stream().map(Cell::of).toList());
  }

  void print() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              width(columns.get(i).title()),
              rows.stream().mapToInt(row -> width(row.get(column).text())).max().orElse(0));
    }
    line(columns.stream().map(column -> new Cell(column.title(), "bold")).toList(), widths);
    rows.forEach(row -> line(row, widths));
  }

  private void line(List<Cell> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    int last = cells.size() - 1;
    for (int i = 0; i <= last; i++) {
      Cell cell = cells.get(i);
      boolean left = columns.get(i).side() == Side.LEFT;
      String gap = " ".repeat(widths[i] - width(cell.text()));
      line.append(left ? "" : gap)
          .append(terminal.styled(cell.style(), cell.text()))
          .append(left && i < last ? gap : "")
          .append(i < last ? "  " : "");
    }
    terminal.out().println(line.toString().stripTrailing());
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
