package dev.belay.chaos.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a session reached over its trials, as a picture of steps. */
final class CurveChart {
  private static final double WIDTH = 420;
  private static final double HEIGHT = 180;
  private static final double LEFT = 34;
  private static final double BOTTOM = 22;
  private static final double TOP = 10;
  private static final double RIGHT = 8;
  private static final int LINES = 4;

  private final Markup page;
  private final List<Step> steps;

  CurveChart(Markup page, List<Step> steps) {
    this.page = page;
    this.steps = steps;
  }

  /**
   * Draws it.
   *
   * @param title what is seen
   * @param most the upper end of the scale, above 0
   * @param value what is drawn
   */
  void draw(String title, double most, ToDoubleFunction<Step> value) {
    page.open("figure");
    page.element("figcaption", title);
    page.open(
        "svg",
        "viewBox",
        "0 0 %s %s".formatted(Markup.number(WIDTH), Markup.number(HEIGHT)),
        "role",
        "img",
        "aria-label",
        title);
    grid(most);
    page.empty("path", "class", "curve", "d", path(most, value));
    page.element(
        "text",
        "trial %d".formatted(steps.getLast().trial()),
        "class",
        "scale end",
        "x",
        Markup.number(WIDTH - RIGHT),
        "y",
        Markup.number(HEIGHT - 6));
    page.close().close();
  }

  private void grid(double most) {
    for (int i = 0; i <= LINES; i++) {
      double at = most * i / LINES;
      String y = Markup.number(y(at, most));
      page.empty(
          "line",
          "class",
          "grid",
          "x1",
          Markup.number(LEFT),
          "x2",
          Markup.number(WIDTH - RIGHT),
          "y1",
          y,
          "y2",
          y);
      page.element(
          "text", Words.score(at), "class", "scale end", "x", Markup.number(LEFT - 4), "y", y);
    }
  }

  private String path(double most, ToDoubleFunction<Step> value) {
    StringBuilder path = new StringBuilder();
    path.append('M').append(Markup.number(LEFT)).append(' ').append(Markup.number(y(0, most)));
    for (int i = 0; i < steps.size(); i++) {
      double x = LEFT + (WIDTH - LEFT - RIGHT) * (i + 1) / steps.size();
      path.append('V').append(Markup.number(y(value.applyAsDouble(steps.get(i)), most)));
      path.append('H').append(Markup.number(x));
    }
    return path.toString();
  }

  private static double y(double value, double most) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most;
  }
}
