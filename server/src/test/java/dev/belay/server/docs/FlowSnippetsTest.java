package dev.belay.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.Plan;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Task;
import dev.belay.flow.backend.Backends;
import dev.belay.flow.journal.MemoryRunStore;
import dev.belay.flow.run.LocalEngine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code on runs in the documents, run as it stands there. */
class FlowSnippetsTest {
  @TempDir Path files;
  @TempDir Path directory;

  @Test
  void aPlanFromJava() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    RunStatus last;
    try {
      Plan plan =
          Plan.named("feature")
              .backend(BackendSettings.of("shell", "command").command(List.of("sh", "-s")).build())
              .task(Task.of("a", "shell", "echo one"))
              .task(Task.of("b", "shell", "echo '{{a}} and two'").needs("a"))
              .build();
      try (LocalEngine engine =
          LocalEngine.builder(
                  new MemoryRunStore(),
                  settings -> Backends.create(settings, System.getenv(), Time.system()),
                  files)
              .build()) {
        RunStatus end = engine.await(engine.submit(plan, directory));
        System.out.println(engine.result(end.run(), "b", -1).orElse(""));
        last = end;
      }
    } finally {
      System.setOut(before);
    }
    assertThat(last.state()).isEqualTo(RunState.COMPLETED);
    assertThat(printed.toString(StandardCharsets.UTF_8).strip()).isEqualTo("one and two");
  }
}
