package dev.belay.proxy.source;

import java.util.ArrayList;
import java.util.List;

/** Reads a list of comma-separated values: RFC 4180, with semicolons or tabs as well. */
final class CsvRows {
  private static final char[] SEPARATORS = {',', ';', '\t'};

  private final String text;
  private final char separator;
  private int at;
  private int line = 1;

  private CsvRows(String text, char separator) {
    this.text = text;
    this.separator = separator;
  }

  /** Whether it was a table of proxies; if not, nothing was harvested. */
  static boolean read(String text, Harvest harvest) {
    for (char separator : SEPARATORS) {
      CsvRows rows = new CsvRows(text, separator);
      List<String> columns = rows.header();
      if (Fields.nameAProxy(columns)) {
        rows.harvest(columns, harvest);
        return true;
      }
    }
    return false;
  }

  private List<String> header() {
    while (at < text.length()) {
      List<String> row = row();
      if (!TextLines.isComment(row.getFirst().strip())) {
        return row;
      }
    }
    return List.of();
  }

  private void harvest(List<String> columns, Harvest harvest) {
    while (at < text.length()) {
      harvest.count();
      String place = "line " + line;
      List<String> row = row();
      boolean empty = row.size() == 1 && TextLines.isComment(row.getFirst().strip());
      if (row.size() > columns.size()) {
        harvest.refuse(place, "has more columns than the header");
      } else if (!empty) {
        harvest.take(place, fields(columns, row));
      }
    }
  }

  private static Fields fields(List<String> columns, List<String> row) {
    Fields fields = new Fields();
    for (int i = 0; i < row.size(); i++) {
      fields.put(columns.get(i), row.get(i));
    }
    return fields;
  }

  /** The next row; moves past its end. */
  private List<String> row() {
    List<String> row = new ArrayList<>();
    boolean more = true;
    while (more) {
      row.add(isQuote() ? quoted() : bare());
      more = at < text.length() && text.charAt(at) == separator;
      at += more ? 1 : 0;
    }
    endLine();
    return row;
  }

  private boolean isQuote() {
    return at < text.length() && text.charAt(at) == '"';
  }

  private String bare() {
    int start = at;
    while (at < text.length() && !isEnd(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private boolean isEnd(char c) {
    return c == separator || c == '\n' || c == '\r';
  }

  /** Two quotes within quotes are one; a quote that never ends takes in the rest. */
  private String quoted() {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"' && !isQuote()) {
        break;
      }
      if (c == '"') {
        at++;
      }
      line += c == '\n' ? 1 : 0;
      value.append(c);
    }
    return value + bare();
  }

  private void endLine() {
    if (at < text.length() && text.charAt(at) == '\r') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '\n') {
      at++;
    }
    line++;
  }
}
