package dev.belay.flow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Backoff;
import dev.belay.Cases;
import dev.belay.flow.AttemptStatus;
import dev.belay.flow.FailureMode;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Plan;
import dev.belay.flow.RunLimits;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.backend.AgentException;
import dev.belay.flow.journal.MemoryRunStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RandomPlansTest {
  private static final List<FailureMode> MODES =
      List.of(FailureMode.HARD, FailureMode.SOFT, FailureMode.SKIP);

  @TempDir Path files;

  /** Tasks with needs among those before them, some of which fail, in some way. */
  private record Shape(Plan plan, Set<String> doomed, Set<String> flaky) {}

  private static Shape shape(RandomGenerator random) {
    int size = 1 + random.nextInt(40);
    Plan.Builder plan =
        Plan.named("random")
            .backend(Scripted.settings("agent").build())
            .limits(new RunLimits(1 + random.nextInt(8), Double.POSITIVE_INFINITY, Long.MAX_VALUE))
            .retry(
                Plan.RETRY.toBuilder()
                    .maxAttempts(3)
                    .backoff(Backoff.fixed(Duration.ofNanos(1)))
                    .build());
    Set<String> doomed = new HashSet<>();
    Set<String> flaky = new HashSet<>();
    for (int i = 0; i < size; i++) {
      Task.Builder task =
          Task.of("t" + i, "agent", "do")
              .failure(MODES.get(random.nextInt(3)))
              .priority(random.nextInt(5));
      for (int j = 0; j < i; j++) {
        if (random.nextInt(6) == 0) {
          task.needs("t" + j);
        }
      }
      plan.task(task);
      int fate = random.nextInt(8);
      if (fate == 0) {
        doomed.add("t" + i);
      } else if (fate == 1) {
        flaky.add("t" + i);
      }
    }
    return new Shape(plan.build(), doomed, flaky);
  }

  /** What has to become of each task, told without running anything. */
  private static Map<String, TaskState> expected(Shape shape) {
    Map<String, TaskState> states = new HashMap<>();
    for (String id : shape.plan().order()) {
      Task task = shape.plan().task(id);
      boolean blocked =
          task.needs().stream()
              .anyMatch(need ->
                  Set.of(TaskState.FAILED, TaskState.BLOCKED).contains(states.get(need))
                      && shape.plan().task(need).failure() == FailureMode.HARD);
      boolean skip = task.failure() == FailureMode.SKIP;
      TaskState state = TaskState.COMPLETED;
      if (blocked) {
        state = skip ? TaskState.SKIPPED : TaskState.BLOCKED;
      } else if (shape.doomed().contains(id)) {
        state = skip ? TaskState.SKIPPED : TaskState.FAILED;
      }
      states.put(id, state);
    }
    return states;
  }

  @Test
  void everyTaskRunsAfterItsNeedsAndOnceForEachAttemptAndEndsAsItMust() {
    Cases.check(
        60,
        RandomGenerator::nextLong,
        seed -> {
          Shape shape = shape(new SplittableRandom(seed));
          MemoryRunStore store = new MemoryRunStore();
          Set<String> done = ConcurrentHashMap.newKeySet();
          AtomicReference<String> wrong = new AtomicReference<>("");
          Scripted agent =
              new Scripted("agent")
                  .always(call -> {
                    String id = call.environment().getOrDefault("BELAY_TASK", "");
                    Task task = shape.plan().task(id);
                    for (String need : task.needs()) {
                      boolean over =
                          store.tasks(call.environment().getOrDefault("BELAY_RUN", "")).stream()
                              .anyMatch(one -> one.task().equals(need) && one.state().isOver());
                      if (!over) {
                        wrong.set("%s ran before %s".formatted(id, need));
                      }
                    }
                    if (shape.doomed().contains(id)) {
                      throw new AgentException(OutcomeClass.AGENT_FAILED, "doomed");
                    }
                    if (shape.flaky().contains(id) && done.add(id)) {
                      throw new AgentException(OutcomeClass.TRANSIENT, "flaky");
                    }
                    return "";
                  });
          try (LocalEngine engine = LocalEngine.builder(store, any -> agent, files).build()) {
            String run = engine.submit(shape.plan(), files);
            engine.await(run);

            assertThat(wrong).hasValue("");
            Map<String, TaskState> states = new HashMap<>();
            for (TaskStatus task : store.tasks(run)) {
              states.put(task.task(), task.state());
            }
            assertThat(states).isEqualTo(expected(shape));
            assertThat(store.attempts(run))
                .allMatch(attempt -> attempt.outcome().isPresent())
                .extracting(AttemptStatus::task, AttemptStatus::number)
                .doesNotHaveDuplicates();
            assertThat(agent.asked).hasSize(store.attempts(run).size());
          } catch (InterruptedException given) {
            throw new AssertionError(given);
          }
        });
  }
}
