package dev.belay.chaos.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a session reached over its trials, as pictures of steps. */
final class CurveChart {
  private static final double WIDTH = 420;
  private static final double HEIGHT = 180;
  private static final double LEFT = 34;
  private static final double BOTTOM = 22;
  private static final double TOP = 10;
  private static final double RIGHT = 8;
  private static final int LINES = 4;
  private static final int ROWS = 10;

  private final Markup page;
  private final Curve curve;

  CurveChart(Markup page, Curve curve) {
    this.page = page;
    this.curve = curve;
  }

  void draw() {
    page.open("div", "class", "beside");
    page.open("figure").element("figcaption", "Best score so far");
    steps("Best score so far", 10, Step::best);
    page.close().close();
    double most = Math.max(4, Math.ceil(curve.steps().getLast().failures() / 4.0) * 4);
    page.open("figure").open("figcaption").text("Different failures so far");
    curve
        .chance()
        .ifPresent(chance -> {
          page.text(": ").element("span", "this session", "class", "key found");
          page.element("span", "expected by chance", "class", "key chance");
        });
    page.close();
    steps("Different failures so far", most, Step::failures);
    curve.chance().ifPresent(chance -> page.empty("path", "class", "chance", "d", expected(most)));
    page.close().close();
    page.close();
    curve.compared().ifPresent(text -> page.element("p", text, "class", "quiet"));
    table();
  }

  /** Leaves the drawing open. */
  private void steps(String title, double most, ToDoubleFunction<Step> value) {
    page.drawing(WIDTH, HEIGHT, title);
    for (int i = 0; i <= LINES; i++) {
      double at = most * i / LINES;
      page.line("grid", LEFT, y(at, most), WIDTH - RIGHT, y(at, most));
      page.label("scale end", LEFT - 5, y(at, most) + 3, Words.short1(at));
    }
    page.empty("path", "class", "curve", "d", path(most, value));
    page.label("scale", LEFT, HEIGHT - 6, "trial 1");
    page.label(
        "scale end",
        WIDTH - RIGHT,
        HEIGHT - 6,
        "trial %d".formatted(curve.steps().getLast().trial()));
  }

  private String path(double most, ToDoubleFunction<Step> value) {
    StringBuilder path = new StringBuilder();
    path.append('M').append(Markup.number(LEFT)).append(' ').append(Markup.number(y(0, most)));
    for (int i = 0; i < curve.steps().size(); i++) {
      path.append('V').append(Markup.number(y(value.applyAsDouble(curve.steps().get(i)), most)));
      path.append('H').append(Markup.number(x(i + 1)));
    }
    return path.toString();
  }

  private String expected(double most) {
    StringBuilder path = new StringBuilder();
    path.append('M').append(Markup.number(LEFT)).append(' ').append(Markup.number(y(0, most)));
    for (int i = 1; i <= curve.steps().size(); i++) {
      path.append('L')
          .append(Markup.number(x(i)))
          .append(' ')
          .append(Markup.number(y(curve.expected(i), most)));
    }
    return path.toString();
  }

  private void table() {
    List<List<String>> rows = new ArrayList<>();
    int size = curve.steps().size();
    int every = Math.max(1, (size + ROWS - 1) / ROWS);
    for (int i = 1; i <= size; i++) {
      if (i % every == 0 || i == size) {
        Step step = curve.steps().get(i - 1);
        rows.add(
            List.of(
                "trial %d".formatted(step.trial()),
                Words.score(step.best()),
                Integer.toString(step.failures()),
                Words.score(curve.expected(i))));
      }
    }
    page.figures(
        "The curves as a table",
        List.of("after", "best score", "failures", "expected by chance"),
        rows);
  }

  private double x(int trials) {
    return LEFT + (WIDTH - LEFT - RIGHT) * trials / curve.steps().size();
  }

  private static double y(double value, double most) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most;
  }
}
