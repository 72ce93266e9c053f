package dev.belay.server.cli.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows in aligned columns, for people. For one thread. */
public final class Table {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final Terminal terminal;
  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();

  /** On which side the values of a column stand. */
  public enum Side {
    /** For words. */
    LEFT,

    /** For numbers. */
    RIGHT
  }

  /**
   * A column; numbers stand on the right.
   *
   * @param title what stands above it
   * @param side where its values stand
   */
  public record Column(String title, Side side) {
    /** One of words, with its title. */
    public static Column left(String title) {
      return new Column(title, Side.LEFT);
    }

    /** One of numbers, with its title. */
    public static Column right(String title) {
      return new Column(title, Side.RIGHT);
    }
  }

  /**
   * A value. What could move the cursor is taken out of it: it may come from far away.
   *
   * @param text what it says
   * @param style as picocli names it, {@code red}, say; empty for none
   */
  public record Cell(String text, String style) {
    /** Takes out what could move the cursor. */
    public Cell {
      text = CONTROL.matcher(text).replaceAll(" ");
    }

    /** One without colour. */
    public static Cell of(String text) {
      return new Cell(text, "");
    }
  }

  /**
   * Without rows yet.
   *
   * @param terminal where it will be printed
   * @param columns from the left
   */
  public Table(Terminal terminal, Column... columns) {
    this.terminal = terminal;
    this.columns = List.of(columns);
  }

  /** One row more, with a value for each column. */
  public void row(Cell... cells) {
    rows.add(List.of(cells));
  }

  /** One row more, without colours. */
  public void row(String... texts) {
    rows.add(List.of(texts).stream().map(Cell::of).toList());
  }

  /** Prints all rows below the titles. */
  public void print() {
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
