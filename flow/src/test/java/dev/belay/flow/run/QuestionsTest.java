package dev.belay.flow.run;

import static dev.belay.flow.run.Scripted.answers;
import static dev.belay.flow.run.Scripted.hangs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.flow.BackendSettings;
import dev.belay.flow.Plan;
import dev.belay.flow.Question;
import dev.belay.flow.Questions;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.journal.MemoryRunStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class QuestionsTest {
  @TempDir Path files;
  private final MemoryRunStore store = new MemoryRunStore();
  private final Scripted agent = new Scripted("agent");
  private final Scripted boss = new Scripted("boss");
  private LocalEngine engine = engine();

  private LocalEngine engine() {
    return LocalEngine.builder(
            store,
            settings -> settings.name().equals("boss") ? boss : agent,
            Path.of(System.getProperty("java.io.tmpdir"), "belay-questions"))
        .build();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static Plan.Builder plan() {
    return Plan.named("asking")
        .backend(BackendSettings.of("agent", "claude").build())
        .backend(BackendSettings.of("boss", "claude").build())
        .task(Task.of("t", "agent", "build it"));
  }

  private static void until(BooleanSupplier holds) throws InterruptedException {
    while (!holds.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private boolean asks(String run) {
    return store.tasks(run).getFirst().state() == TaskState.ASKING;
  }

  @Test
  void anAgentMayAskAndAPersonAnswers() throws Exception {
    agent.on("t", answers("I wonder.\nQUESTION: red or blue?"), answers("painted"));
    String run = engine.submit(plan().build(), files);
    until(() -> asks(run));

    engine.answer(run, "t", 1, "blue", "ann");

    assertThat(engine.await(run).state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.asked.getFirst().prompt()).contains("QUESTION:");
    assertThat(agent.asked.getLast().prompt()).contains("red or blue?", "blue", "build it");
    Question question = store.questions(run).getFirst();
    assertThat(question.answer()).contains("blue");
    assertThat(question.by()).isEqualTo("ann");
  }

  @Test
  void theSameAnswerTwiceIsHarmlessAndAnotherOneIsRefused() throws Exception {
    agent.on("t", answers("QUESTION: red or blue?"), hangs());
    String run = engine.submit(plan().build(), files);
    until(() -> asks(run));
    engine.answer(run, "t", 1, "blue", "ann");

    engine.answer(run, "t", 1, "blue", "bob");

    assertThatThrownBy(() -> engine.answer(run, "t", 1, "red", "bob"))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("answered by ann already");
    assertThatThrownBy(() -> engine.answer(run, "t", 9, "red", "bob"))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("has no question 9");
  }

  @Test
  void aRoleMayAnswer() throws Exception {
    agent.on("t", answers("QUESTION: red or blue?"), answers("painted"));
    boss.on("t", answers("red"));

    RunStatus run =
        engine.await(
            engine.submit(
                plan()
                    .questions(new Questions(Optional.of("boss"), Duration.ofHours(1), 5))
                    .build(),
                files));

    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
    assertThat(boss.asked.getFirst().prompt()).contains("build it", "red or blue?");
    assertThat(agent.asked.getLast().prompt()).contains("The answer: red");
  }

  @Test
  void whoAsksTooOftenFails() throws Exception {
    agent.on("t", answers("QUESTION: why?"), answers("QUESTION: why not?"));
    boss.always(answers("because"));

    RunStatus run =
        engine.await(
            engine.submit(
                plan()
                    .questions(new Questions(Optional.of("boss"), Duration.ofHours(1), 1))
                    .build(),
                files));

    assertThat(store.tasks(run.run()).getFirst().why()).contains("asks more than 1 questions");
  }

  @Test
  void aQuestionNobodyAnswersEndsTheTask() throws Exception {
    agent.on("t", answers("QUESTION: why?"));

    RunStatus run =
        engine.await(
            engine.submit(
                plan().questions(new Questions(Optional.empty(), Duration.ofMillis(30), 1)).build(),
                files));

    assertThat(store.tasks(run.run()).getFirst().why()).contains("nobody answered");
  }

  @Test
  void anAnswerThatCameWhileTheProcessWasGoneIsKnownAfterwards() throws Exception {
    agent.on(
        "t", answers("QUESTION: red or blue?"), answers("QUESTION: red or blue?"), answers(""));
    String run = engine.submit(plan().build(), files);
    until(() -> asks(run));
    engine.close();

    engine = engine();
    engine.answer(run, "t", 1, "blue", "ann");
    engine.resume(run);

    assertThat(engine.await(run).state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.asked.getLast().prompt()).contains("The answer: blue");
  }

  @Test
  void anotherProcessMayAnswerStopAndEndRests() throws Exception {
    agent.on("t", answers("QUESTION: red or blue?"), hangs());
    try (LocalEngine other = engine()) {
      String run = engine.submit(plan().build(), files);
      until(() -> asks(run));

      other.answer(run, "t", 1, "blue", "ann");
      until(() -> agent.calls("t") == 2);
      other.cancel(run);

      assertThat(engine.await(run).state()).isEqualTo(RunState.CANCELLED);
      assertThatThrownBy(() -> other.cancel(run))
          .isInstanceOf(RunRefused.class)
          .hasMessageContaining("is over");
    }
  }

  @Test
  void anotherProcessDoesNotResumeWhatIsCarriedOut() throws Exception {
    agent.on("t", hangs());
    try (LocalEngine other = engine()) {
      String run = engine.submit(plan().build(), files);

      assertThat(other.resumeAll()).isEmpty();
      assertThatThrownBy(() -> other.resume(run))
          .isInstanceOf(RunRefused.class)
          .hasMessageContaining("carried out by another process");
      other.cancel(run, "t");
      assertThat(engine.await(run).state()).isEqualTo(RunState.FAILED);
    }
  }

  @Test
  void aRestEndedElsewhereIsOver() throws Exception {
    agent.on("t", Scripted.limitedUntil(Instant.now().plusSeconds(3_600)), answers("well"));
    try (LocalEngine other = engine()) {
      String run = engine.submit(plan().build(), files);
      until(() -> !store.cooldowns().isEmpty());

      assertThat(other.endCooldown("agent")).isTrue();

      assertThat(engine.await(run).state()).isEqualTo(RunState.COMPLETED);
    }
  }
}
