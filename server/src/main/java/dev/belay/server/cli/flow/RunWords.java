package dev.belay.server.cli.flow;

import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Spend;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How runs and tasks are spoken of on a terminal. */
final class RunWords {
  private RunWords() {}

  /** One sign for each state, as wide as any other. */
  static String mark(TaskState state, boolean unicode) {
    return switch (state) {
      case COMPLETED -> unicode ? "✓" : "+";
      case FAILED -> unicode ? "✗" : "x";
      case RUNNING, MERGING -> unicode ? "●" : "*";
      case RETRYING -> unicode ? "↻" : "~";
      case PARKED -> unicode ? "‖" : "=";
      case ASKING -> "?";
      case BLOCKED -> unicode ? "⊘" : "#";
      case SKIPPED -> unicode ? "↷" : ">";
      case CANCELLED -> unicode ? "⊗" : "/";
      case WAITING, QUEUED -> unicode ? "○" : "o";
    };
  }

  static String style(TaskState state) {
    return switch (state) {
      case COMPLETED -> "green";
      case FAILED, BLOCKED -> "red";
      case RUNNING, MERGING -> "cyan";
      case RETRYING, PARKED, ASKING -> "yellow";
      case SKIPPED, CANCELLED, WAITING, QUEUED -> "faint";
    };
  }

  static String style(RunState state) {
    return switch (state) {
      case COMPLETED -> "green";
      case FAILED -> "red";
      case RUNNING -> "cyan";
      case INTERRUPTED, CANCELLED -> "yellow";
    };
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** {@code 1.2s}, {@code 3m 05s}, {@code 2h 04m}. */
  static String length(Duration length) {
    long seconds = Math.max(0, length.toSeconds());
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1fs", Math.max(0, length.toMillis()) / 1e3);
    }
    return seconds < 3_600
        ? "%dm %02ds".formatted(seconds / 60, seconds % 60)
        : "%dh %02dm".formatted(seconds / 3_600, seconds / 60 % 60);
  }

  static String spend(Spend spend) {
    if (spend.equals(Spend.NONE)) {
      return "";
    }
    return String.format(Locale.ROOT, "$%.2f, %,d tokens", spend.cost(), spend.tokens());
  }

  /** What there is to say of a task beside its state. */
  static String detail(TaskStatus task, Instant now) {
    StringBuilder text = new StringBuilder(task.why());
    task.until()
        .filter(until -> until.isAfter(now))
        .ifPresent(until ->
            text.append(text.isEmpty() ? "" : ", ")
                .append("goes on in ")
                .append(length(Duration.between(now, until))));
    if (task.attempts() > 1) {
      text.append(text.isEmpty() ? "" : ", ").append("attempt ").append(task.attempts());
    }
    return text.toString();
  }

  static String took(TaskStatus task, Instant now) {
    return task.started()
        .map(start -> length(Duration.between(start, task.ended().orElse(now))))
        .orElse("");
  }

  /** The last line of a run, with what to do next. */
  static String end(RunStatus run) {
    String why = run.why().isEmpty() ? "" : ": " + run.why();
    String next =
        switch (run.state()) {
          case COMPLETED, RUNNING -> "";
          case FAILED, CANCELLED, INTERRUPTED -> "; go on with: belay resume " + run.run();
        };
    return "run %s %s%s%s".formatted(run.run(), lower(run.state()), why, next);
  }
}
