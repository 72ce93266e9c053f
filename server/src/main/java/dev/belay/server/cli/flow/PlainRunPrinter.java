package dev.belay.server.cli.flow;

import dev.belay.Time;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunStatus;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.server.cli.shared.Terminal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One line for each thing that happens, for files and for people without a screen. */
final class PlainRunPrinter implements RunPrinter {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Terminal terminal;
  private final boolean words;
  private final ZoneId zone;
  private final Time time;
  private final Map<String, TaskState> shown = new HashMap<>();

  /**
   * One.
   *
   * @param words whether what agents say is shown as well
   */
  PlainRunPrinter(Terminal terminal, boolean words, ZoneId zone, Time time) {
    this.terminal = terminal;
    this.words = words;
    this.zone = zone;
    this.time = time;
  }

  @Override
  public void event(RunEvent event) {
    switch (event.kind()) {
      case CHANGE -> {
        if (event.change().orElse(null) instanceof TaskStatus task) {
          task(event.at(), task);
        }
      }
      case OUTPUT -> {
        if (words) {
          line(event.at(), "  %s | %s".formatted(event.task(), event.text()));
        }
      }
      case BREAKER, COOLDOWN, MERGE, DROPPED ->
          line(event.at(), "! %s %s".formatted(event.task(), event.text()).strip());
    }
  }

  private void task(Instant at, TaskStatus task) {
    boolean news = task.state() != shown.put(task.task(), task.state());
    if (!news || task.state() == TaskState.QUEUED || task.state() == TaskState.WAITING) {
      return;
    }
    String mark = RunWords.mark(task.state(), terminal.speaksUnicode());
    String took = task.state().isOver() ? RunWords.took(task, time.instant()) : "";
    line(
        at,
        "%s %s %s %s%s"
            .formatted(
                terminal.styled(RunWords.style(task.state()), mark),
                task.task(),
                RunWords.lower(task.state()),
                took.isEmpty() ? "" : "in " + took + " ",
                task.why().isEmpty() ? "" : "(" + RunWords.detail(task, time.instant()) + ")"));
  }

  private void line(Instant at, String text) {
    String clean = text.replaceAll("[\\p{Cntrl}&&[^\\x1b]]", " ").stripTrailing();
    terminal.err().println(CLOCK.format(at.atZone(zone)) + " " + clean);
    terminal.err().flush();
  }

  /** What went well is not told once more. */
  @Override
  public void last(List<TaskStatus> tasks) {
    tasks.stream()
        .filter(task -> task.state().isOver() && !task.why().isEmpty())
        .forEach(task -> task(time.instant(), task));
  }

  @Override
  public void end(RunStatus run) {
    terminal.err().println(RunWords.end(run));
    terminal.err().flush();
  }

  @Override
  public void close() {
    // nothing was taken
  }
}
