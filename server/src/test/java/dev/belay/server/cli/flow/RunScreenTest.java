package dev.belay.server.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.flow.BackendSettings;
import dev.belay.flow.Plan;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.Spend;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.server.cli.Shell;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunScreenTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  private static RunModel model(int size) {
    Plan.Builder plan =
        Plan.named("release").backend(BackendSettings.of("claude", "claude").build());
    List<TaskStatus> tasks = new ArrayList<>();
    TaskState[] states = TaskState.values();
    for (int i = 0; i < size; i++) {
      plan.task(Task.of("t" + i, "claude", "x"));
      tasks.add(
          TaskStatus.waiting("r1", "t" + i)
              .in(states[i % states.length], "why", Optional.of(NOW.plusSeconds(90))));
    }
    RunStatus run =
        new RunStatus(
            "r1",
            "release",
            RunState.RUNNING,
            "",
            "/work",
            NOW.minusSeconds(65),
            Optional.empty(),
            new Spend(1.5, 2_000, 500));
    return new RunModel(
        new RunView(0, run, plan.build(), tasks, List.of(), List.of(), List.of(), List.of()));
  }

  private static List<String> draw(RunModel model, String selected, int width, int height) {
    return new RunScreen(new Shell().with("LANG", "C.UTF-8").terminal())
        .draw(model, selected, NOW, width, height);
  }

  @Test
  void showsProgressStatesAndWhatTheSelectedTaskSays() {
    RunModel model = model(12);
    model.take(
        new RunEvent(
            1, NOW, RunEvent.Kind.OUTPUT, "r1", "t2", "compiling \u001b[31mred", Optional.empty()));

    String screen = String.join("\n", draw(model, "t2", 80, 40));

    assertThat(screen)
        .contains("release  r1  1m 05s  $1.50, 2,500 tokens")
        .contains("5/12")
        .contains("● > t2")
        .contains("✓", "✗", "‖", "⊘")
        .contains("goes on in 1m 30s")
        .contains("── t2", "  compiling  [31mred")
        .doesNotContain("\u001b");
  }

  @Test
  void keepsToTheScreenAndToTheSelectedTask() {
    List<String> lines = draw(model(500), "t400", 60, 24);

    assertThat(lines)
        .hasSizeLessThan(24)
        .allMatch(line -> line.codePointCount(0, line.length()) <= 61);
    assertThat(String.join("\n", lines)).contains("t400", "above", "below");
  }

  @Test
  void hasSignsForTerminalsOfOldToo() {
    for (TaskState state : TaskState.values()) {
      assertThat(RunWords.mark(state, false)).matches("[\\x21-\\x7e]");
    }
  }
}
