package dev.belay.chaos.report;

import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.session.SessionView;
import java.util.List;
import java.util.Locale;

/**
 * Reports as a page of their own: one file that needs no network and no script, in the light and in
 * the dark, and that is well-formed XML besides.
 */
public final class HtmlReport {
  private final Markup page = new Markup();
  private final Report report;

  private HtmlReport(Report report) {
    this.report = report;
  }

  /** A report as a page. */
  public static String write(Report report) {
    return "<!DOCTYPE html>\n" + new HtmlReport(report).page();
  }

  private String page() {
    String title = "Chaos session of " + report.session().spec().service();
    page.open("html", "lang", "en").open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'");
    page.element("title", title);
    page.element("style", Style.SHEET);
    page.close().open("body").open("main");
    page.element("h1", title);
    head(report.session());
    curves();
    report
        .known()
        .ifPresent(known -> {
          section("Known before");
          page.open("ul");
          Words.known(known).forEach(text -> page.element("li", text));
          page.close();
        });
    section("Defects");
    if (!report.findings().isEmpty()) {
      new DefectTable(page).draw(report.findings());
    }
    new DefectSection(page).draw(report.findings());
    section("What was tried");
    report.tried().map().ifPresent(map -> new MapChart(page, report, map).draw());
    new HeatTable(page, report.tried().heat()).draw();
    if (report.tried().heat().isTakenOnTrust()) {
      page.element("p", Words.NO_RECEIPTS);
    }
    section("What may be left");
    page.element("p", Words.coverage(report.tried().coverage()));
    page.element("p", Words.risk(report.tried().coverage()));
    report
        .influence()
        .ifPresent(influence -> {
          section("What makes it bad");
          new InfluenceSection(page).draw(influence);
        });
    safety(report.effort().safety());
    cost(report.effort().cost());
    return page.close().close().close().toString();
  }

  private void section(String title) {
    page.element("h2", title);
  }

  private void head(SessionView session) {
    page.element(
        "p",
        "%s, %s, begun %s, seed %d"
            .formatted(
                session.id(),
                session.state().name().toLowerCase(Locale.ROOT),
                session.times().started().orElse(session.times().created()),
                session.spec().seed()),
        "class",
        "quiet");
    String kind = session.state() == SessionState.FAILED ? "failed" : "quiet";
    session.note().stop().ifPresent(why -> page.element("p", "Ended: " + why, "class", kind));
    session.note().pause().ifPresent(why -> page.element("p", "Waits: " + why, "class", "failed"));
    page.open("ul", "class", "facts");
    int found = report.findings().size();
    fact(Integer.toString(found), found == 1 ? "defect" : "defects");
    fact(
        "%d of %d".formatted(session.progress().done(), session.spec().trials()),
        "trials, %d could not be made".formatted(session.progress().failed()));
    session
        .progress()
        .scores()
        .ifPresent(scores ->
            fact(
                Words.score(scores.best().seen().map(seen -> seen.score().total()).orElse(0.0)),
                "best score, trial %d".formatted(scores.best().number())));
    fact(Words.seconds(report.effort().cost().spent()), "in trials");
    page.close();
  }

  private void fact(String figure, String what) {
    page.open("li").element("strong", figure).text(what).close();
  }

  private void curves() {
    if (report.curve().steps().isEmpty()) {
      page.element("p", "No trial was made.", "class", "none");
      return;
    }
    new CurveChart(page, report.curve()).draw();
  }

  private void safety(List<SafetyLog.Entry> safety) {
    section("Safety log");
    if (safety.isEmpty()) {
      page.element("p", "The guard had nothing to do.", "class", "none");
      return;
    }
    page.open("div", "class", "wide").open("table").open("tbody");
    for (SafetyLog.Entry entry : safety) {
      page.open("tr");
      page.element("td", entry.at().toString());
      page.element("td", entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
      page.element("td", entry.detail());
      page.close();
    }
    page.close().close().close();
  }

  private void cost(Cost cost) {
    section("Cost");
    page.element("p", Words.cost(cost));
    if (cost.arms().isEmpty()) {
      return;
    }
    page.open("table").open("thead").open("tr");
    List.of("proposed by", "trials", "new failures", "time")
        .forEach(head -> page.element("th", head));
    page.close().close().open("tbody");
    cost.arms()
        .forEach((name, arm) -> {
          page.open("tr").element("th", name);
          page.element("td", Integer.toString(arm.trials()), "class", "figure");
          page.element("td", Integer.toString(arm.discoveries()), "class", "figure");
          page.element("td", Words.seconds(arm.spent()), "class", "figure");
          page.close();
        });
    page.close().close();
  }
}
