package dev.belay.server.cli.flow;

import dev.belay.Time;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.server.cli.shared.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A run on a screen that is drawn anew a few times a second. Up and down (or k and j) select the
 * task whose words are shown. Safe for any number of threads.
 */
final class LiveRunPrinter implements RunPrinter {
  private static final long REDRAW = Duration.ofMillis(100).toNanos();

  private final Terminal terminal;
  private final Time time;
  private final TerminalMode mode;
  private final RunModel model;
  private final RunScreen screen;
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread drawing = Thread.ofVirtual().name("belay-screen").unstarted(this::draw);
  private final Thread keys = Thread.ofPlatform().daemon().name("belay-keys").unstarted(this::read);
  private Optional<String> chosen = Optional.empty();
  private int drawn;

  LiveRunPrinter(Terminal terminal, TerminalMode mode, RunView view, Time time) {
    this.terminal = terminal;
    this.time = time;
    this.mode = mode;
    this.model = new RunModel(view);
    this.screen = new RunScreen(terminal);
  }

  LiveRunPrinter start() {
    mode.keys();
    drawing.start();
    keys.start();
    return this;
  }

  private void draw() {
    try {
      while (true) {
        redraw();
        time.sleep(REDRAW);
      }
    } catch (InterruptedException closed) {
      // the end
    }
  }

  private void redraw() {
    lock.lock();
    try {
      TerminalMode.Size size = mode.size();
      List<String> lines =
          screen.draw(model, selected(), time.instant(), size.columns(), size.rows());
      StringBuilder text = new StringBuilder();
      if (drawn > 0) {
        text.append("\u001b[").append(drawn).append('A');
      }
      lines.forEach(line -> text.append("\r\u001b[2K").append(line).append("\r\n"));
      for (int more = lines.size(); more < drawn; more++) {
        text.append("\u001b[2K\r\n");
      }
      int up = Math.max(0, drawn - lines.size());
      if (up > 0) {
        text.append("\u001b[").append(up).append('A');
      }
      drawn = lines.size();
      terminal.err().print(text);
      terminal.err().flush();
    } finally {
      lock.unlock();
    }
  }

  /** Who was chosen; else who speaks; else who works. */
  private String selected() {
    return chosen
        .or(() -> Optional.of(model.latest()).filter(this::works))
        .or(() ->
            model.tasks().stream()
                .filter(task -> task.state() == TaskState.RUNNING)
                .map(TaskStatus::task)
                .findFirst())
        .orElse(model.latest());
  }

  private boolean works(String task) {
    return model.task(task).filter(status -> !status.state().isOver()).isPresent();
  }

  private void read() {
    try (InputStream in = mode.typed()) {
      for (int key = in.read(); key >= 0; key = in.read()) {
        switch (key) {
          case 'j', 'B' -> move(1);
          case 'k', 'A' -> move(-1);
          default -> {
            // arrows come as three bytes, of which the last counts
          }
        }
      }
    } catch (IOException gone) {
      // nobody types any more
    }
  }

  private void move(int by) {
    lock.lock();
    try {
      List<String> ids = model.tasks().stream().map(TaskStatus::task).toList();
      int at = Math.max(0, ids.indexOf(selected()));
      if (!ids.isEmpty()) {
        chosen = Optional.of(ids.get(Math.floorMod(at + by, ids.size())));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void event(RunEvent event) {
    lock.lock();
    try {
      var unused = model.take(event);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end(RunStatus run) {
    drawing.interrupt();
    redraw();
    terminal.err().println(RunWords.end(run));
    terminal.err().flush();
  }

  @Override
  public void close() {
    drawing.interrupt();
    mode.close();
  }
}
