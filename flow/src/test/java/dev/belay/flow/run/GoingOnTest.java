package dev.belay.flow.run;

import static dev.belay.flow.run.Scripted.answers;
import static dev.belay.flow.run.Scripted.hangs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.flow.Plan;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Spend;
import dev.belay.flow.Task;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.journal.MemoryRunStore;
import dev.belay.flow.journal.RunStore;
import dev.belay.flow.plan.PlanFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a process that ended has left to the next one. */
@Timeout(60)
class GoingOnTest {
  private static final String RUN = "261128-101500-1a2b";

  @TempDir Path files;
  private final MemoryRunStore store = new MemoryRunStore();
  private final Scripted agent = new Scripted("agent");

  private LocalEngine engine(RunStore over) {
    return LocalEngine.builder(over, any -> agent, files).build();
  }

  private static Task.Builder task(String id, String... needs) {
    return Task.of(id, "agent", "do " + id).needs(needs);
  }

  private static Plan.Builder plan() {
    return Plan.named("on").backend(Scripted.settings("agent").build());
  }

  /** A run as a process has left it that was killed while one of its tasks was in some state. */
  private void leave(Plan plan, String task, TaskState in) {
    RunStatus run =
        new RunStatus(
            RUN,
            plan.name(),
            RunState.RUNNING,
            "",
            files.toString(),
            Instant.now(),
            Optional.empty(),
            Spend.NONE);
    List<TaskStatus> tasks =
        plan.tasks().keySet().stream()
            .map(id -> TaskStatus.waiting(RUN, id).in(id.equals(task) ? in : TaskState.WAITING, ""))
            .toList();
    store.begin(run, PlanFile.write(plan), tasks);
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "QUEUED", "RUNNING", "RETRYING", "PARKED", "ASKING", "MERGING"})
  void aTaskThatIsStoredAsUnderWayIsDoneByTheNextProcess(TaskState state) throws Exception {
    leave(plan().task(task("a")).task(task("b", "a")).build(), "a", state);

    try (LocalEngine engine = engine(store)) {
      assertThat(engine.resumeAll()).containsExactly(RUN);
      assertThat(engine.await(RUN).state()).isEqualTo(RunState.COMPLETED);
    }

    assertThat(agent.order()).containsExactly("a", "b");
  }

  /** As a driver of a database does that heeds the interruption of the thread that calls it. */
  private RunStore heedingInterrupts() {
    return (RunStore)
        Proxy.newProxyInstance(
            RunStore.class.getClassLoader(),
            new Class<?>[] {RunStore.class},
            (self, method, arguments) -> {
              if (method.getName().equals("write") && Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while writing");
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private String underWay(LocalEngine engine) throws InterruptedException {
    agent.on("a", hangs(), answers("well"));
    String run = engine.submit(plan().task(task("a")).task(task("b", "a")).build(), files);
    while (agent.calls("a") == 0) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return run;
  }

  @Test
  void whatIsCancelledIsWrittenDownAlthoughItIsInterrupted() throws Exception {
    try (LocalEngine engine = engine(heedingInterrupts())) {
      String run = underWay(engine);

      engine.cancel(run);
      engine.await(run);

      assertThat(store.run(run).orElseThrow().state()).isEqualTo(RunState.CANCELLED);
      assertThat(store.tasks(run)).extracting(TaskStatus::state).containsOnly(TaskState.CANCELLED);
    }
  }

  @Test
  void whatIsDoneAtTheMomentOfItsCancellationIsWrittenDownAsDone() throws Exception {
    try (LocalEngine engine = engine(heedingInterrupts())) {
      agent.on(
          "a",
          call -> {
            engine.cancel(call.environment().getOrDefault("BELAY_RUN", ""), "a");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            return "well";
          });
      RunStatus run = engine.await(engine.submit(plan().task(task("a")).build(), files));

      assertThat(run.state()).as(run.why()).isEqualTo(RunState.COMPLETED);
      assertThat(store.result(run.run(), "a", 0)).map(TaskResult::text).contains("well");
    }
  }

  @Test
  void whatIsStoppedIsWrittenDownSoThatItGoesOn() throws Exception {
    String run;
    try (LocalEngine engine = engine(heedingInterrupts())) {
      run = underWay(engine);
    }

    assertThat(store.run(run).orElseThrow().state()).isEqualTo(RunState.INTERRUPTED);
    assertThat(store.tasks(run)).extracting(TaskStatus::state).containsOnly(TaskState.WAITING);
    try (LocalEngine next = engine(store)) {
      next.resume(run);
      assertThat(next.await(run).state()).isEqualTo(RunState.COMPLETED);
    }
  }

  @Test
  void whatNeedsWhatIsKeptInWhateverOrderAPlanNamesItsTasks() {
    Cases.check(
        30,
        RandomGenerator::nextLong,
        seed -> {
          GoingOnTest one = new GoingOnTest();
          one.files = files;
          one.goesOnInOrder(new Random(seed));
        });
  }

  private void goesOnInOrder(Random random) {
    int size = 2 + random.nextInt(12);
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<String> needs = new ArrayList<>();
      for (int before = 0; before < i; before++) {
        if (random.nextInt(3) == 0) {
          needs.add("t" + before);
        }
      }
      tasks.add(task("t" + i, needs.toArray(String[]::new)).build());
    }
    Collections.shuffle(tasks, random);
    Plan.Builder plan = plan();
    tasks.forEach(plan::task);
    leave(plan.build(), "t0", TaskState.RUNNING);

    try (LocalEngine engine = engine(store)) {
      engine.resume(RUN);
      assertThat(engine.await(RUN).state()).isEqualTo(RunState.COMPLETED);
    } catch (InterruptedException given) {
      throw new AssertionError(given);
    }

    List<String> order = agent.order();
    assertThat(order).hasSize(size).doesNotHaveDuplicates();
    for (Task task : tasks) {
      for (String need : task.needs()) {
        assertThat(order.indexOf(need)).isLessThan(order.indexOf(task.id()));
      }
    }
  }
}
