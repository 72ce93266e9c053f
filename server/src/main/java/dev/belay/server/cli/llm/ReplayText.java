package dev.belay.server.cli.llm;

import dev.belay.llm.delay.Decision;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.form.Words;
import dev.belay.llm.transcript.DecisionForm;
import dev.belay.llm.transcript.replay.CheckStep;
import dev.belay.llm.transcript.replay.ChecksReport;
import dev.belay.llm.transcript.replay.ReplayReport;
import dev.belay.llm.transcript.replay.Totals;
import dev.belay.llm.transcript.replay.WaitStep;
import dev.belay.llm.transcript.replay.WaitsReport;
import dev.belay.server.cli.shared.Figures;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Table.Cell;
import dev.belay.server.cli.shared.Table.Column;
import dev.belay.server.cli.shared.Terminal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Prints replays for people: a table for each call, and what all of them come to. */
final class ReplayText {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int LONGEST_WHY = 60;
  private static final String CHANGED = "yellow";

  private final Terminal terminal;

  ReplayText(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(Replays replays) {
    for (Replays.Replayed one : replays.calls()) {
      call(one);
      line("");
    }
    summary(replays);
  }

  private void call(Replays.Replayed one) {
    ReplayReport report = one.report();
    line(
        "%s: %s, %s"
            .formatted(
                terminal.styled("bold", clean(one.file().toString())),
                clean(report.route()),
                clean(report.outcome())));
    report.waits().ifPresent(this::waits);
    report.checks().ifPresent(this::checks);
  }

  private void waits(WaitsReport report) {
    if (!report.steps().isEmpty()) {
      Table table =
          new Table(
              terminal,
              Column.left("ATTEMPT"),
              Column.left("ENDPOINT"),
              Column.left("FAILURE"),
              Column.left("THEN"),
              Column.left("NOW"),
              Column.left(""));
      report.steps().forEach(step -> row(table, step));
      table.print();
    }
    line(
        "waits %s: %s%s; %s, now %s"
            .formatted(
                clean(report.policy()),
                fate(report.fate()),
                report.why().isEmpty() ? "" : ": " + clean(report.why()),
                totals(report.recorded()),
                totals(report.now())));
  }

  private static String fate(WaitsReport.Fate fate) {
    return switch (fate) {
      case SAME -> "the same way";
      case GIVES_UP -> "gives up sooner";
      case PARKS -> "is put away";
      case UNKNOWN -> "unknown from there on";
    };
  }

  private static void row(Table table, WaitStep step) {
    int status = step.failed().error().status();
    String kind = Words.of(step.failed().error().kind());
    table.row(
        Cell.of(step.failed().place().request() + "." + step.failed().place().attempt()),
        Cell.of(brief(step.failed().place().endpoint())),
        Cell.of(status == 0 ? kind : kind + " " + status),
        Cell.of(
            step.recorded().action()
                + step.recorded().after().map(after -> " " + seconds(after)).orElse("")),
        new Cell(now(step), step.changed() ? CHANGED : ""),
        Cell.of(note(step.changed(), step.reached())));
  }

  private static String now(WaitStep step) {
    String action = DecisionForm.action(step.now());
    return step.now() instanceof Decision.Retry retry
        ? "%s %s (%s to %s)"
            .formatted(
                action,
                seconds(retry.after()),
                seconds(step.range().least()),
                seconds(step.range().most()))
        : action + ": " + brief(step.now().why());
  }

  private static String note(boolean changed, boolean reached) {
    return (changed ? "changed" : "") + (reached ? "" : changed ? ", not reached" : "not reached");
  }

  private void checks(ChecksReport report) {
    if (!report.steps().isEmpty()) {
      Table table =
          new Table(
              terminal,
              Column.left("ANSWER"),
              Column.left("ENDPOINT"),
              Column.left("THEN"),
              Column.left("NOW"),
              Column.left(""));
      int number = 1;
      for (CheckStep step : report.steps()) {
        row(table, number++, step);
      }
      table.print();
    }
    line(
        "checks: %s: %s; %s, now %s"
            .formatted(
                Words.of(report.fate()),
                clean(report.why()),
                cost(report.recorded()),
                cost(report.now())));
  }

  private static void row(Table table, int number, CheckStep step) {
    String verdict = step.now().verdict().map(Words::of).orElse("unknown");
    String why =
        step.now().problems().isEmpty()
            ? step.now().why()
            : step.now().problems().getFirst().message();
    String note = note(step.changed(), step.reached());
    String told = step.sameFeedback() ? "" : "told otherwise";
    table.row(
        Cell.of(Integer.toString(number)),
        Cell.of(brief(step.place().endpoint())),
        Cell.of(step.recorded().map(Words::of).orElse("unchecked")),
        new Cell(
            why.isEmpty() ? verdict : verdict + ": " + brief(why), step.changed() ? CHANGED : ""),
        Cell.of(note.isEmpty() || told.isEmpty() ? note + told : note + ", " + told));
  }

  private void summary(Replays replays) {
    line(
        "%s: %d changed, %d unknown%s"
            .formatted(
                count(replays.calls().size(), "call"),
                replays.changed(),
                replays.unknown(),
                replays.cutOff() == 0
                    ? ""
                    : ", %s cut off in the last line".formatted(count(replays.cutOff(), "file"))));
    if (replays.hasWaits()) {
      line(
          "waits: %s, now %s"
              .formatted(
                  totals(replays.waits(WaitsReport::recorded)),
                  totals(replays.waits(WaitsReport::now))));
    }
    if (replays.hasChecks()) {
      line(
          "checks: %s, now %s"
              .formatted(
                  cost(
                      new ChecksReport.Cost(
                          replays.answers(report -> report.recorded().answers()),
                          replays.dollars(report -> report.recorded().dollars()))),
                  cost(
                      new ChecksReport.Cost(
                          replays.answers(report -> report.now().answers()),
                          replays.dollars(report -> report.now().dollars())))));
    }
  }

  private static String totals(Totals totals) {
    return "%s, %s waited, %s"
        .formatted(
            count(totals.attempts(), "attempt"), seconds(totals.waited()), money(totals.dollars()));
  }

  private static String cost(ChecksReport.Cost cost) {
    return "%s, %s".formatted(count(cost.answers(), "answer"), money(cost.dollars()));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String seconds(Duration length) {
    return Figures.seconds(length.toMillis() / 1e3);
  }

  private static String money(double dollars) {
    return String.format(Locale.ROOT, "$%.4f", dollars);
  }

  private static String brief(String text) {
    String kept = Redaction.text(text);
    return kept.length() <= LONGEST_WHY ? kept : kept.substring(0, LONGEST_WHY - 1) + "…";
  }

  /** What comes from a file must not move the cursor. */
  private static String clean(String text) {
    return CONTROL.matcher(Redaction.text(text)).replaceAll(" ");
  }

  private void line(String line) {
    terminal.out().println(line);
  }
}
