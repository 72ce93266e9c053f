package dev.belay.flow.run;

import static dev.belay.flow.run.Scripted.answers;
import static dev.belay.flow.run.Scripted.fails;
import static dev.belay.flow.run.Scripted.hangs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Plan;
import dev.belay.flow.PlanException;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunState;
import dev.belay.flow.RunView;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.journal.MemoryRunStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every engine of runs keeps to, wherever it carries them out. */
@Timeout(60)
public abstract class RunEngineContract {
  @TempDir Path files;
  private final Scripted agent = new Scripted("agent");
  private final List<RunEngine> engines = new ArrayList<>();
  private RunEngine engine =
      LocalEngine.builder(new MemoryRunStore(), any -> agent, Path.of(".")).build();

  /**
   * An engine over the same store as all others of one test.
   *
   * @param backends makes backends of settings
   */
  protected abstract RunEngine engine(Function<BackendSettings, Backend> backends, Path files);

  private RunEngine open() {
    RunEngine opened =
        engine(
            settings -> {
              if (settings.name().equals("impossible")) {
                throw new IllegalArgumentException("there is no such backend");
              }
              return agent;
            },
            files);
    engines.add(opened);
    return opened;
  }

  @BeforeEach
  void begin() {
    engine = open();
  }

  @AfterEach
  void end() {
    engines.forEach(RunEngine::close);
  }

  private static Plan.Builder plan() {
    return Plan.named("contract").backend(BackendSettings.of("agent", "claude").build());
  }

  private static Task.Builder task(String id, String... needs) {
    return Task.of(id, "agent", "do " + id).needs(needs);
  }

  private static void until(BooleanSupplier holds) throws InterruptedException {
    while (!holds.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private RunView view(String run) {
    return engine.view(run).orElseThrow();
  }

  private TaskState state(String run, String task) {
    return view(run).tasks().stream()
        .filter(one -> one.task().equals(task))
        .map(TaskStatus::state)
        .findFirst()
        .orElseThrow();
  }

  private void untilOver(String run) throws InterruptedException {
    until(() -> view(run).run().state() != RunState.RUNNING);
  }

  @Test
  void doesWhatAPlanSays() throws Exception {
    String run = engine.submit(plan().task(task("b", "a")).task(task("a")).build(), files);
    untilOver(run);

    RunView view = view(run);
    assertThat(view.run().state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.order()).containsExactly("a", "b");
    assertThat(view.attempts()).hasSize(2);
    assertThat(engine.result(run, "b", -1)).contains("did b");
    assertThat(engine.result(run, "b", 0)).contains("did b");
    assertThat(engine.log(run, "a", 10)).containsExactly("working on a");
    assertThat(engine.runs(10)).extracting(status -> status.run()).containsExactly(run);
  }

  @Test
  void aFailureStaysWhereItIs() throws Exception {
    agent.on("bad", fails(OutcomeClass.AGENT_FAILED));
    String run =
        engine.submit(
            plan().task(task("bad")).task(task("next", "bad")).task(task("free")).build(), files);
    untilOver(run);

    assertThat(view(run).run().state()).isEqualTo(RunState.FAILED);
    assertThat(state(run, "next")).isEqualTo(TaskState.BLOCKED);
    assertThat(state(run, "free")).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void eventsComeInOrderWithoutGapsAndEndWithTheRun() throws Exception {
    List<RunEvent> events = new CopyOnWriteArrayList<>();
    CountDownLatch listening = new CountDownLatch(1);
    agent.on(
        "a",
        call -> {
          listening.await();
          return "a";
        });
    String run = engine.submit(plan().task(task("a")).task(task("b", "a")).build(), files);
    until(() -> agent.calls("a") == 1);
    long known = view(run).sequence();
    try (RunEngine.Watch watch = engine.watch(run, known, events::add)) {
      assertThat(watch.hasGap()).isFalse();
      listening.countDown();
      untilOver(run);
      watch.drain();
    }
    for (int at = 0; at < events.size(); at++) {
      assertThat(events.get(at).sequence()).isEqualTo(known + at + 1);
    }
    List<String> states = new ArrayList<>();
    for (RunEvent event : events) {
      if (event.change().orElse(null) instanceof TaskStatus task) {
        states.add(task.task() + " " + task.state());
      }
    }
    assertThat(states).containsSubsequence("a COMPLETED", "b RUNNING", "b COMPLETED");
  }

  @Test
  void whatWasStoppedGoesOnInAnotherProcessAndNothingIsDoneTwice() throws Exception {
    agent.on("b", hangs(), answers("well"));
    String run = engine.submit(plan().task(task("a")).task(task("b", "a")).build(), files);
    until(() -> agent.calls("b") == 1);
    engine.close();

    engine = open();
    assertThat(state(run, "a")).isEqualTo(TaskState.COMPLETED);
    assertThat(engine.resumeAll()).containsExactly(run);
    untilOver(run);

    assertThat(view(run).run().state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.calls("a")).isEqualTo(1);
    assertThat(engine.resumeAll()).isEmpty();
  }

  @Test
  void cancelsTasksAndRuns() throws Exception {
    agent.on("a", hangs()).on("b", hangs());
    String run = engine.submit(plan().task(task("a")).task(task("b")).build(), files);
    until(() -> agent.calls("a") == 1 && agent.calls("b") == 1);

    engine.cancel(run, "a");
    until(() -> state(run, "a") == TaskState.CANCELLED);
    assertThat(state(run, "b")).isEqualTo(TaskState.RUNNING);
    engine.cancel(run);
    untilOver(run);

    assertThat(view(run).run().state()).isEqualTo(RunState.CANCELLED);
    assertThatThrownBy(() -> engine.cancel(run)).isInstanceOf(RunRefused.class);
    assertThatThrownBy(() -> engine.cancel(run, "a")).isInstanceOf(RunRefused.class);
  }

  @Test
  void doesATaskOnceMore() throws Exception {
    agent.on("a", fails(OutcomeClass.AGENT_FAILED), answers("well"));
    String run = engine.submit(plan().task(task("a")).task(task("b", "a")).build(), files);
    untilOver(run);
    engine.retry(run, "a");
    untilOver(run);

    assertThat(view(run).run().state()).isEqualTo(RunState.COMPLETED);
    assertThat(view(run).attempts()).extracting(one -> one.number()).contains(1, 2);
  }

  @Test
  void answersQuestions() throws Exception {
    agent.on("a", answers("QUESTION: which?"), answers("done"));
    String run = engine.submit(plan().task(task("a")).build(), files);
    until(() -> state(run, "a") == TaskState.ASKING);

    engine.answer(run, "a", 1, "that", "ann");
    untilOver(run);

    assertThat(view(run).questions().getFirst().answer()).contains("that");
    assertThat(view(run).run().state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() ->
            engine.submit(
                Plan.named("x")
                    .backend(BackendSettings.of("impossible", "claude").build())
                    .task(Task.of("a", "impossible", "x"))
                    .build(),
                files))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("there is no such backend");
    assertThatThrownBy(() -> engine.submit(plan().task(task("a")).build(), files.resolve("none")))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("is not a directory");
    assertThatThrownBy(() -> engine.resume("none"))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("there is no run none");
    assertThatThrownBy(() -> engine.watch("none", 0, event -> {})).isInstanceOf(RunRefused.class);
    assertThat(engine.view("none")).isEmpty();
    assertThat(engine.endCooldown("nobody")).isFalse();
  }
}
