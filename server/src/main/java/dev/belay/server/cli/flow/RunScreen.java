package dev.belay.server.cli.flow;

import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.server.cli.shared.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Draws a run on a terminal: its progress, its tasks, and what one of them says. */
final class RunScreen {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int BAR = 40;
  private static final int TAIL = 8;
  private static final String KEYS = "j and k choose a task, Ctrl-C stops the run";

  private final Terminal terminal;

  RunScreen(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * The lines.
   *
   * @param selected the task whose words are shown
   * @param width columns of the terminal
   * @param height rows of it
   */
  List<String> draw(RunModel model, String selected, Instant now, int width, int height) {
    List<String> lines = new ArrayList<>();
    String spend = RunWords.spend(model.run().spend());
    lines.add(
        cut(
            "%s  %s  %s  %s"
                .formatted(
                    model.run().name(),
                    model.run().run(),
                    RunWords.length(Duration.between(model.run().started(), now)),
                    spend),
            width));
    lines.add(bar(model, width));
    List<TaskStatus> tasks = model.tasks();
    int rows = Math.max(3, height - TAIL - 7);
    int first = first(tasks, selected, rows);
    if (first > 0) {
      lines.add(cut("  … %d above".formatted(first), width));
    }
    for (TaskStatus task : tasks.subList(first, Math.min(tasks.size(), first + rows))) {
      lines.add(row(task, task.task().equals(selected), now, width));
    }
    int below = tasks.size() - first - rows;
    if (below > 0) {
      lines.add(cut("  … %d below".formatted(below), width));
    }
    model.notices().forEach(notice -> lines.add(cut("  ! " + clean(notice), width)));
    if (!selected.isEmpty()) {
      lines.add(cut("── " + selected + " " + "─".repeat(Math.max(0, width)), width));
      model.tail(selected, TAIL).forEach(line -> lines.add(cut("  " + clean(line), width)));
    }
    lines.add(cut(KEYS, width));
    return lines;
  }

  private static int first(List<TaskStatus> tasks, String selected, int rows) {
    int at = 0;
    for (int i = 0; i < tasks.size(); i++) {
      at = tasks.get(i).task().equals(selected) ? i : at;
    }
    int most = Math.max(0, tasks.size() - rows);
    return Math.min(most, Math.max(0, at - rows / 2));
  }

  /** Done, failed, at work and to come, in their shares. */
  private String bar(RunModel model, int width) {
    int all = Math.max(1, model.tasks().size());
    long good = model.count(TaskState.COMPLETED) + model.count(TaskState.SKIPPED);
    long bad = model.over() - good;
    long busy =
        model.tasks().stream()
            .filter(task -> !task.state().isOver() && task.state() != TaskState.WAITING)
            .count();
    int cells = Math.min(BAR, Math.max(10, width - 30));
    int goodCells = (int) (cells * good / all);
    int badCells = bad == 0 ? 0 : Math.max(1, (int) (cells * bad / all));
    int busyCells =
        Math.min(
            cells - goodCells - badCells, busy == 0 ? 0 : Math.max(1, (int) (cells * busy / all)));
    String text =
        "[%s%s%s%s]"
            .formatted(
                terminal.styled("green", "=".repeat(goodCells)),
                terminal.styled("red", "!".repeat(badCells)),
                terminal.styled("cyan", "-".repeat(busyCells)),
                ".".repeat(Math.max(0, cells - goodCells - badCells - busyCells)));
    return "%s %d/%d%s"
        .formatted(
            text,
            model.over(),
            model.tasks().size(),
            bad == 0 ? "" : ", %d not done".formatted(bad));
  }

  private String row(TaskStatus task, boolean selected, Instant now, int width) {
    String mark = RunWords.mark(task.state(), terminal.speaksUnicode());
    String took = RunWords.took(task, now);
    String text =
        "%s %-20s %-9s %7s  %s"
            .formatted(
                selected ? ">" : " ",
                task.task(),
                RunWords.lower(task.state()),
                took,
                clean(RunWords.detail(task, now)));
    return terminal.styled(RunWords.style(task.state()), mark) + " " + cut(text, width - 2);
  }

  private static String clean(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }

  private static String cut(String text, int width) {
    int end = Math.max(1, width);
    if (text.codePointCount(0, text.length()) <= end) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, end - 1)) + "…";
  }
}
