package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.search.PastDefects;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.trace.ServiceMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reports for pull requests and tickets. */
public final class MarkdownReport {
  private final StringBuilder out = new StringBuilder();
  private final Report report;

  private MarkdownReport(Report report) {
    this.report = report;
  }

  /** A report as Markdown. */
  public static String write(Report report) {
    return new MarkdownReport(report).text();
  }

  private String text() {
    SessionView session = report.session();
    line("# Chaos session of " + plain(session.spec().service()));
    line(
        "%s: %s, %d of %d trials in %s, %s."
            .formatted(
                plain(session.id()),
                session.state().name().toLowerCase(Locale.ROOT),
                session.progress().done(),
                session.spec().trials(),
                Words.seconds(report.effort().cost().spent()),
                Words.count(report.findings().size(), "defect")));
    session.note().stop().ifPresent(why -> line("Ended: " + plain(why)));
    session.note().pause().ifPresent(why -> line("Waits: " + plain(why)));
    report.curve().compared().ifPresent(this::line);
    report.known().ifPresent(this::known);
    defects();
    heat(report.tried().heat());
    if (report.tried().heat().isTakenOnTrust()) {
      line(Words.NO_RECEIPTS);
    }
    report.tried().map().ifPresent(this::services);
    line("## What may be left");
    line(Words.coverage(report.tried().coverage()));
    line(Words.risk(report.tried().coverage()));
    report.influence().ifPresent(this::influence);
    safety(report.effort().safety());
    cost(report.effort().cost());
    return out.toString();
  }

  private void line(String line) {
    out.append(line).append("\n\n");
  }

  private void known(PastDefects.Change known) {
    line("## Known before");
    Words.known(known).forEach(text -> out.append("- ").append(plain(text)).append('\n'));
    out.append('\n');
  }

  private void defects() {
    line("## Defects");
    if (report.findings().isEmpty()) {
      line("None was found.");
    }
    int number = 0;
    for (Finding finding : report.findings()) {
      number++;
      line("### %d. %s".formatted(number, plain(finding.defect().signature())));
      finding
          .plan()
          .faults()
          .forEach(fault -> out.append("- ").append(plain(fault.toString())).append('\n'));
      out.append('\n');
      line(
          finding
              .defect()
              .minimal()
              .map(Defect.Minimal::odds)
              .map(odds -> "Shows %s.".formatted(Words.odds(odds)))
              .orElse("Not made smaller."));
      finding
          .amplification()
          .ifPresent(score ->
              line("What the system did by itself: %s.".formatted(Words.amplification(score))));
      for (Hint hint : finding.hints()) {
        line(
            "**%s** at %s. %s"
                .formatted(hint.pattern().title(), plain(hint.where()), hint.pattern().advice()));
      }
    }
  }

  private void heat(HeatMap heat) {
    line("## What was tried");
    if (heat.kinds().isEmpty()) {
      line("No fault was planned.");
      return;
    }
    List<String> head = new ArrayList<>(List.of("edge"));
    head.addAll(heat.kinds());
    row(head);
    out.append("|---".repeat(head.size())).append("|\n");
    for (Edge edge : heat.edges()) {
      List<String> cells = new ArrayList<>(List.of(plain(edge.toString())));
      heat.kinds().forEach(kind -> cells.add(heat.at(edge, kind).label()));
      row(cells);
    }
    out.append('\n');
  }

  private void services(ServiceMap map) {
    if (!map.topology().isEmpty()) {
      line("Calls of the healthy system:");
      table(
          List.of("from", "to", "calls", "faults"),
          map.topology().stream().map(this::link).toList());
    }
  }

  private List<String> link(ServiceMap.Link link) {
    Edge edge = new Edge(link.source(), link.target());
    return List.of(
        plain(link.source()),
        plain(link.target()),
        Long.toString(link.calls()),
        MapChart.state(report.tried().heat(), edge).label());
  }

  private void row(List<String> cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private void influence(Influence influence) {
    line("## What makes it bad");
    line(Words.influence(influence));
    for (Influence.Part part : influence.parts()) {
      Feature feature = part.feature();
      List<String> head = new ArrayList<>(List.of(plain(feature.name())));
      List<String> scores = new ArrayList<>(List.of("score"));
      for (int i = 0; i < part.at().size(); i++) {
        head.add(plain(feature.text(part.at().get(i))));
        scores.add(Words.score(part.mean().get(i)));
      }
      table(head, List.of(scores));
    }
    influence.together().ifPresent(this::together);
  }

  private void together(Influence.Together pair) {
    line(
        "%s (down) and %s (across) together:"
            .formatted(plain(pair.up().name()), plain(pair.across().name())));
    List<String> head = new ArrayList<>(List.of(plain(pair.up().name())));
    pair.acrossAt().forEach(value -> head.add(plain(pair.across().text(value))));
    List<List<String>> rows = new ArrayList<>();
    for (int y = 0; y < pair.upAt().size(); y++) {
      List<String> cells = new ArrayList<>(List.of(plain(pair.up().text(pair.upAt().get(y)))));
      pair.mean().get(y).forEach(score -> cells.add(Words.score(score)));
      rows.add(cells);
    }
    table(head, rows);
  }

  private void table(List<String> head, List<List<String>> rows) {
    row(head);
    out.append("|---".repeat(head.size())).append("|\n");
    rows.forEach(this::row);
    out.append('\n');
  }

  private void safety(List<SafetyLog.Entry> safety) {
    line("## Safety log");
    safety.forEach(entry ->
        out.append("- ")
            .append(entry.at())
            .append(' ')
            .append(entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .append(": ")
            .append(plain(entry.detail()))
            .append('\n'));
    line(safety.isEmpty() ? "The guard had nothing to do." : "");
  }

  private void cost(Cost cost) {
    line("## Cost");
    line(Words.cost(cost));
    row(List.of("proposed by", "trials", "new failures", "time"));
    out.append("|---".repeat(4)).append("|\n");
    cost.arms()
        .forEach((name, arm) ->
            row(
                List.of(
                    plain(name),
                    Integer.toString(arm.trials()),
                    Integer.toString(arm.discoveries()),
                    Words.seconds(arm.spent()))));
  }

  /** Text that means nothing to Markdown, in one line. */
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '<' -> plain.append("&lt;");
            case '>' -> plain.append("&gt;");
            case '&' -> plain.append("&amp;");
            case '\\', '`', '*', '_', '[', ']', '#', '|', '~', '!', '$' ->
                plain.append('\\').appendCodePoint(point);
            default -> plain.appendCodePoint(Character.isISOControl(point) ? ' ' : point);
          }
        });
    return plain.toString();
  }
}
