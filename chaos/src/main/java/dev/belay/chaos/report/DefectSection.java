package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.score.Component;
import dev.belay.chaos.score.Dimension;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Trial;
import java.util.List;

/** The defects, each with all that is known of it. */
final class DefectSection {
  private final Markup page;

  DefectSection(Markup page) {
    this.page = page;
  }

  void draw(List<Finding> findings) {
    if (findings.isEmpty()) {
      page.element("p", "None was found.", "class", "none");
    }
    for (int i = 0; i < findings.size(); i++) {
      one(i + 1, findings.get(i));
    }
  }

  private void one(int number, Finding finding) {
    Defect defect = finding.defect();
    page.open("article", "id", "defect-" + number);
    page.element("h3", "%d. %s".formatted(number, defect.signature()));
    page.element(
        "p",
        defect
            .minimal()
            .map(minimal ->
                "Found by trial %d; made as small as it gets in %d more. Shows %s."
                    .formatted(defect.trial(), minimal.runs(), Words.odds(minimal.odds())))
            .orElse("Found by trial %d; not made smaller.".formatted(defect.trial())));
    plan(finding.plan().faults());
    finding.hints().forEach(this::hint);
    if (finding.hints().isEmpty()) {
      page.element("p", "No known pattern fits: compare the traces.", "class", "none");
    }
    finding
        .evidence()
        .flatMap(Trial::seen)
        .ifPresent(seen -> amplification(finding.evidence().get().number(), seen.score()));
    traces(finding);
    page.close();
  }

  private void plan(List<Fault> faults) {
    page.open("ul", "class", "plan");
    faults.forEach(fault -> page.open("li").element("code", fault.toString()).close());
    page.close();
  }

  private void hint(Hint hint) {
    page.open("p", "class", "hint");
    page.element("strong", hint.pattern().title());
    page.text(" at ").element("code", hint.where());
    page.text(". " + hint.pattern().advice());
    page.close();
  }

  private void amplification(int trial, Score score) {
    page.open("div", "class", "wide").open("table");
    page.element(
        "caption",
        "What the system did by itself in trial %d: %s of 10 (with what the faults did: %s)"
            .formatted(trial, Words.score(score.discovery()), Words.score(score.total())));
    page.open("tbody");
    for (Dimension dimension : Dimension.values()) {
      Component part = score.amplification(dimension);
      page.open("tr");
      page.element("th", dimension.word());
      page.element("td", part.missing() ? "–" : Words.score(part.score()), "class", "figure");
      page.element("td", part.condition());
      page.element("td", part.inputs());
      page.close();
    }
    page.close().close().close();
  }

  private void traces(Finding finding) {
    long scale =
        Math.max(
            finding.healthy().map(Waterfall::nanos).orElse(0L),
            finding.failing().map(Waterfall::nanos).orElse(0L));
    WaterfallChart chart = new WaterfallChart(page, scale);
    page.open("div", "class", "beside");
    finding.healthy().ifPresent(trace -> chart.draw("Healthy", trace));
    finding.failing().ifPresent(trace -> chart.draw("Failing", trace));
    page.close();
  }
}
