package dev.belay.server.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.VirtualTime;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.server.cli.Shell;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlainRunPrinterTest {
  @Test
  void whatFailedBeforeAnybodyListenedIsToldInTheEndAndOnce() {
    Shell shell = new Shell();
    TaskStatus waiting = TaskStatus.waiting("r", "a");
    List<TaskStatus> tasks =
        List.of(
            waiting.in(TaskState.FAILED, "no such program", Optional.empty()),
            TaskStatus.waiting("r", "b").in(TaskState.COMPLETED, "", Optional.empty()));
    try (RunPrinter printer =
        new PlainRunPrinter(shell.terminal(), true, ZoneOffset.UTC, new VirtualTime())) {
      printer.last(tasks);
      printer.last(tasks);
    }

    assertThat(shell.err()).containsOnlyOnce("a failed").contains("no such program");
    assertThat(shell.err().lines()).hasSize(1);
  }
}
