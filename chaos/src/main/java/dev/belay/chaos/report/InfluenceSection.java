package dev.belay.chaos.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What makes trials bad, as pictures. */
final class InfluenceSection {
  private static final double WIDTH = 300;
  private static final double HEIGHT = 170;
  private static final double LEFT = 30;
  private static final double BOTTOM = 26;
  private static final double TOP = 8;
  private static final double RIGHT = 10;
  private static final double MOST = 10;
  private static final int LINES = 2;

  private final Markup page;

  InfluenceSection(Markup page) {
    this.page = page;
  }

  void draw(Influence influence) {
    page.element("p", Words.influence(influence), "class", "quiet");
    if (influence.parts().isEmpty()) {
      return;
    }
    page.open("div", "class", "beside three");
    influence.parts().forEach(this::part);
    page.close();
    influence.together().ifPresent(pair -> new PairChart(page).draw(pair));
  }

  private void part(Influence.Part part) {
    Feature feature = part.feature();
    page.open("figure").open("figcaption");
    page.element("code", feature.name());
    page.element("span", "changes the score by up to " + Words.score(part.spread())).close();
    page.drawing(WIDTH, HEIGHT, "Score by " + feature.name());
    for (int i = 0; i <= LINES; i++) {
      double at = MOST * i / LINES;
      page.line("grid", LEFT, y(at), WIDTH - RIGHT, y(at));
      page.label("scale end", LEFT - 5, y(at) + 3, Words.short1(at));
    }
    if (feature.isCategory()) {
      levels(part);
    } else {
      part.lines().forEach(line -> page.empty("path", "class", "one", "d", path(line)));
      page.empty("path", "class", "curve", "d", path(part.mean()));
      page.label("scale", LEFT, HEIGHT - 8, feature.text(part.at().getFirst()));
      page.label("scale end", WIDTH - RIGHT, HEIGHT - 8, feature.text(part.at().getLast()));
    }
    page.close();
    page.figures(
        "As a table",
        List.of(feature.name(), "score", "least", "greatest"),
        IntStream.range(0, part.at().size()).mapToObj(i -> row(part, i)).toList());
    page.close();
  }

  private static List<String> row(Influence.Part part, int at) {
    double[] single = part.lines().stream().mapToDouble(line -> line.get(at)).sorted().toArray();
    return List.of(
        part.feature().text(part.at().get(at)),
        Words.score(part.mean().get(at)),
        Words.score(single[0]),
        Words.score(single[single.length - 1]));
  }

  /** A stroke for the mean over each level, and a dot for each trial. */
  private void levels(Influence.Part part) {
    int count = part.at().size();
    double wide = (WIDTH - LEFT - RIGHT) / count;
    for (int i = 0; i < count; i++) {
      double middle = LEFT + wide * (i + 0.5);
      for (List<Double> line : part.lines()) {
        page.empty(
            "circle",
            "class",
            "dot",
            "cx",
            Markup.number(middle),
            "cy",
            Markup.number(y(line.get(i))),
            "r",
            "3");
      }
      double half = Math.min(wide * 0.35, 26);
      page.line(
          "curve", middle - half, y(part.mean().get(i)), middle + half, y(part.mean().get(i)));
      String name = Words.cut(part.feature().text(part.at().get(i)), (int) (wide / 5.5));
      page.label("scale middle", middle, HEIGHT - 8, name);
    }
  }

  private static String path(List<Double> scores) {
    List<String> points = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      double x = LEFT + (WIDTH - LEFT - RIGHT) * i / (scores.size() - 1);
      points.add(Markup.number(x) + " " + Markup.number(y(scores.get(i))));
    }
    return "M" + String.join("L", points);
  }

  private static double y(double score) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * Math.clamp(score / MOST, 0, 1);
  }
}
