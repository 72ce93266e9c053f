package dev.belay.chaos.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a score changes with two things at once, as a map whose fields are the darker the worse. */
final class PairChart {
  private static final double WIDTH = 520;
  private static final double LEFT = 84;
  private static final double TOP = 6;
  private static final double ROW = 24;
  private static final double MOST = 10;

  private final Markup page;

  PairChart(Markup page) {
    this.page = page;
  }

  void draw(Influence.Together pair) {
    int rows = pair.upAt().size();
    int columns = pair.acrossAt().size();
    double wide = (WIDTH - LEFT - 4) / columns;
    page.open("figure", "class", "pair").open("figcaption").text("Together: from left to right ");
    page.element("code", pair.across().name()).text(", upwards ");
    page.element("code", pair.up().name());
    page.text(
            ". What the two do to each other comes to %s of 10 in the mean."
                .formatted(String.format(Locale.ROOT, "%.2f", pair.strength())))
        .close();
    double height = TOP + rows * ROW + 22;
    String label = "Score by %s and %s".formatted(pair.across().name(), pair.up().name());
    page.drawing(WIDTH, height, label);
    for (int y = 0; y < rows; y++) {
      double at = TOP + (rows - 1 - y) * ROW;
      page.label("scale end", LEFT - 6, at + ROW / 2 + 3, name(pair.up(), pair.upAt().get(y), 80));
      for (int x = 0; x < columns; x++) {
        field(pair.mean().get(y).get(x), LEFT + x * wide, at, wide);
      }
    }
    for (int x = 0; x < columns; x++) {
      if (pair.across().isCategory() || x == 0 || x == columns - 1 || x % 3 == 0) {
        double middle = LEFT + (x + 0.5) * wide;
        String name = name(pair.across(), pair.acrossAt().get(x), wide * 2);
        page.label("scale middle", middle, height - 7, name);
      }
    }
    page.close();
    table(pair);
    page.close();
  }

  private static String name(Feature feature, double value, double room) {
    return Words.cut(feature.text(value), (int) (room / 5.5));
  }

  private void field(double score, double x, double y, double wide) {
    String share = String.format(Locale.ROOT, "%.2f", 0.06 + 0.94 * Math.clamp(score / MOST, 0, 1));
    page.open("g");
    page.empty(
        "rect",
        "class",
        "field",
        "fill-opacity",
        share,
        "x",
        Markup.number(x + 1),
        "y",
        Markup.number(y + 1),
        "width",
        Markup.number(wide - 2),
        "height",
        Markup.number(ROW - 2));
    page.label("value middle", x + wide / 2, y + ROW / 2 + 3.5, Words.score(score));
    page.close();
  }

  private void table(Influence.Together pair) {
    List<String> head = new ArrayList<>(List.of(pair.up().name()));
    pair.acrossAt().forEach(value -> head.add(pair.across().text(value)));
    List<List<String>> rows = new ArrayList<>();
    for (int y = pair.upAt().size() - 1; y >= 0; y--) {
      List<String> row = new ArrayList<>(List.of(pair.up().text(pair.upAt().get(y))));
      pair.mean().get(y).forEach(score -> row.add(Words.score(score)));
      rows.add(row);
    }
    page.figures("As a table, by " + pair.across().name(), head, rows);
  }
}
