package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.FaultPlan;
import java.util.List;
import java.util.Optional;

/** The defects at a glance. */
final class DefectTable {
  private static final double WIDTH = 120;
  private static final double HEIGHT = 14;

  private final Markup page;

  DefectTable(Markup page) {
    this.page = page;
  }

  void draw(List<Finding> findings) {
    page.open("div", "class", "wide").open("table", "class", "defects").open("thead").open("tr");
    List.of("", "defect", "smallest plan", "amplification", "shows", "at 95 %", "pattern")
        .forEach(head -> page.element("th", head, "scope", "col"));
    page.close().close().open("tbody");
    for (int i = 0; i < findings.size(); i++) {
      row(i + 1, findings.get(i));
    }
    page.close().close().close();
  }

  private void row(int number, Finding finding) {
    Optional<Defect.Odds> odds = finding.defect().minimal().map(Defect.Minimal::odds);
    page.open("tr").element("td", Integer.toString(number), "class", "figure");
    page.open("th", "scope", "row");
    page.element("a", finding.defect().signature(), "href", "#defect-" + number).close();
    FaultPlan plan = finding.plan();
    page.open("td");
    plan.faults().forEach(fault -> page.element("code", fault.toString(), "class", "fault"));
    page.close();
    page.element("td", finding.amplification().map(Words::amplification).orElse("–"));
    page.element(
        "td",
        odds.map(one -> "%d of %d".formatted(one.hits(), one.of())).orElse("not made smaller"));
    page.open("td");
    odds.ifPresent(this::interval);
    page.close();
    page.element(
        "td", finding.hints().isEmpty() ? "–" : finding.hints().getFirst().pattern().title());
    page.close();
  }

  /** Wilson's interval from 0 to 100 %. */
  private void interval(Defect.Odds odds) {
    String text =
        "%s to %s".formatted(Words.percent(100 * odds.low()), Words.percent(100 * odds.high()));
    page.drawing(WIDTH, HEIGHT, text, "interval").element("title", text);
    page.line("grid", 2, HEIGHT / 2, WIDTH - 2, HEIGHT / 2);
    page.line("curve", x(odds.low()), HEIGHT / 2, x(odds.high()), HEIGHT / 2);
    page.empty(
        "circle",
        "class",
        "point",
        "cx",
        Markup.number(x(odds.share())),
        "cy",
        Markup.number(HEIGHT / 2),
        "r",
        "4");
    page.close();
  }

  private static double x(double share) {
    return 6 + (WIDTH - 12) * share;
  }
}
