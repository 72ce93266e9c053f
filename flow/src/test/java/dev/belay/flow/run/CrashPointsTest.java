package dev.belay.flow.run;

import static dev.belay.flow.run.Scripted.answers;
import static dev.belay.flow.run.Scripted.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Backoff;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Plan;
import dev.belay.flow.RunState;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.Workflow;
import dev.belay.flow.journal.MemoryRunStore;
import dev.belay.flow.journal.RunStore;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends after each of the writes that it makes, one after the other. */
@Timeout(120)
class CrashPointsTest {
  @TempDir Path files;

  /** Writes so often, and then never again: what a killed process has left. */
  private static RunStore cutAfter(MemoryRunStore store, int writes) {
    AtomicInteger left = new AtomicInteger(writes);
    return (RunStore)
        Proxy.newProxyInstance(
            RunStore.class.getClassLoader(),
            new Class<?>[] {RunStore.class},
            (self, method, arguments) -> {
              if (method.getName().equals("write") && left.getAndDecrement() <= 0) {
                throw new UncheckedIOException(new java.io.IOException("the process is gone"));
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private static Plan plan() {
    return Plan.named("crash")
        .backend(BackendSettings.of("agent", "command").command(List.of("x")).build())
        .retry(
            Plan.RETRY.toBuilder()
                .maxAttempts(3)
                .backoff(Backoff.fixed(Duration.ofNanos(1)))
                .build())
        .workflow(
            new Workflow(
                "two",
                List.of(
                    new Workflow.Step("agent", "", Optional.empty()),
                    new Workflow.Step("agent", "again", Optional.empty()))))
        .task(Task.of("a", "agent", "x"))
        .task(Task.of("flaky", "agent", "x").needs("a"))
        .task(Task.of("steps", "agent", "x").workflow("two").needs("a"))
        .task(Task.of("last", "agent", "{{steps}}").needs("flaky", "steps"))
        .build();
  }

  @Test
  void whereverAProcessEndsNothingThatCompletedIsDoneTwiceAndNothingIsLost() throws Exception {
    boolean whole = false;
    for (int writes = 0; !whole; writes++) {
      assertThat(writes).isLessThan(200);
      MemoryRunStore store = new MemoryRunStore();
      Scripted agent =
          new Scripted("agent").on("flaky", fails(OutcomeClass.TRANSIENT), answers("well"));
      String run;
      try (LocalEngine first =
          LocalEngine.builder(cutAfter(store, writes), any -> agent, files).build()) {
        run = first.submit(plan(), files);
        first.await(run);
      }
      whole = store.run(run).orElseThrow().state() == RunState.COMPLETED;
      Map<String, Integer> before = completed(store, run, agent);
      try (LocalEngine second = LocalEngine.builder(store, any -> agent, files).build()) {
        if (!whole) {
          second.resume(run);
          assertThat(second.await(run).state())
              .as("after %d", writes)
              .isEqualTo(RunState.COMPLETED);
        }
        assertThat(second.result(run, "last", -1)).contains("did last");
      }
      before.forEach((task, calls) ->
          assertThat(agent.calls(task)).as("%s done again", task).isEqualTo(calls));
      assertThat(store.tasks(run)).extracting(TaskStatus::state).containsOnly(TaskState.COMPLETED);
    }
  }

  private static Map<String, Integer> completed(MemoryRunStore store, String run, Scripted agent) {
    Map<String, Integer> calls = new HashMap<>();
    for (TaskStatus task : store.tasks(run)) {
      if (task.state() == TaskState.COMPLETED) {
        calls.put(task.task(), agent.calls(task.task()));
      }
    }
    return calls;
  }

  @Test
  void aStoreThatFailsStopsTheRunAndSaysSo() throws Exception {
    MemoryRunStore store = new MemoryRunStore();
    Scripted agent = new Scripted("agent");
    RunStore cut = cutAfter(store, 2);
    try (LocalEngine engine = LocalEngine.builder(cut, any -> agent, files).build()) {
      String run = engine.submit(plan(), files);
      engine.await(run);
      assertThat(agent.calls("last")).isZero();
    }
  }
}
