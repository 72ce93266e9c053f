package dev.belay.flow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.Cases;
import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Change;
import dev.belay.flow.Cooldown;
import dev.belay.flow.Message;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Question;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.SessionNote;
import dev.belay.flow.Spend;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of runs keeps to. */
public abstract class RunStoreContract {
  protected static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");
  protected static final String RUN = "r1";

  /** All that a text may be but for what no text has: a NUL, and halves of characters. */
  private static final String ODD =
      "ß 😀 \u202e \u0001\t\r\n'; drop table runs; -- \\ \" :name ? {{x}} " + "y".repeat(3_000);

  /** Set before each test. */
  @SuppressWarnings("NullAway.Init")
  protected RunStore store;

  /** An empty one; asked for once in each test, before anything else. */
  protected abstract RunStore empty() throws Exception;

  @BeforeEach
  final void makeStore() throws Exception {
    store = empty();
  }

  protected static RunStatus run(String id, Instant started) {
    return new RunStatus(
        id, "plan", RunState.RUNNING, "", "/work", started, Optional.empty(), Spend.NONE);
  }

  protected static TaskStatus task(String run, String id) {
    return TaskStatus.waiting(run, id);
  }

  protected static AttemptStatus attempt(String run, String task, int number) {
    return new AttemptStatus(
        run,
        task,
        number,
        0,
        0,
        "claude",
        "team",
        NOON,
        Optional.empty(),
        Optional.empty(),
        "",
        Spend.NONE,
        "");
  }

  private static Message message(String run, String task, String text) {
    return new Message(run, task, "user", text, NOON);
  }

  private void begin(String run) {
    store.begin(run(run, NOON), "plan of " + run, List.of(task(run, "a"), task(run, "b")));
  }

  @Test
  final void knowsNothingAtFirst() {
    assertThat(store.runs(10)).isEmpty();
    assertThat(store.run(RUN)).isEmpty();
    assertThat(store.plan(RUN)).isEmpty();
    assertThat(store.tasks(RUN)).isEmpty();
    assertThat(store.attempts(RUN)).isEmpty();
    assertThat(store.questions(RUN)).isEmpty();
    assertThat(store.messages(RUN, "a")).isEmpty();
    assertThat(store.sessions(RUN)).isEmpty();
    assertThat(store.result(RUN, "a", 0)).isEmpty();
    assertThat(store.takeRequests(RUN)).isEmpty();
    assertThat(store.cooldowns()).isEmpty();
  }

  @Test
  final void aRunBeginsWithItsPlanAndAllItsTasks() {
    begin(RUN);
    begin("r2");

    assertThat(store.run(RUN)).contains(run(RUN, NOON));
    assertThat(store.plan(RUN)).contains("plan of r1");
    assertThat(store.tasks(RUN)).containsExactlyInAnyOrder(task(RUN, "a"), task(RUN, "b"));
  }

  @Test
  final void tasksAreCountedByRunAndState() {
    begin(RUN);
    begin("r2");
    store.write(List.of(task(RUN, "a").in(TaskState.RUNNING, "")));

    assertThat(store.tallies(List.of(RUN, "r2", "none")))
        .isEqualTo(
            Map.of(
                RUN,
                Map.of(TaskState.RUNNING, 1, TaskState.WAITING, 1),
                "r2",
                Map.of(TaskState.WAITING, 2)));
    assertThat(store.tallies(List.of())).isEmpty();
  }

  @Test
  final void aRunThatIsThereDoesNotBeginAgain() {
    begin(RUN);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> store.begin(run(RUN, NOON.plusSeconds(1)), "other", List.of(task(RUN, "c"))))
        .withMessageContaining(RUN);

    assertThat(store.run(RUN)).contains(run(RUN, NOON));
    assertThat(store.plan(RUN)).contains("plan of r1");
    assertThat(store.tasks(RUN)).hasSize(2);
  }

  @Test
  final void aChangeOfAnUnknownRunIsRefusedWithAllThatCameWithIt() {
    begin(RUN);
    List<Change> changes =
        List.of(
            task(RUN, "a").in(TaskState.QUEUED, "so"),
            message(RUN, "a", "hello"),
            attempt("none", "a", 1),
            new TaskResult(RUN, "a", 0, "done"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.write(changes))
        .withMessageContaining("none");

    assertThat(store.tasks(RUN)).containsExactlyInAnyOrder(task(RUN, "a"), task(RUN, "b"));
    assertThat(store.messages(RUN, "a")).isEmpty();
    assertThat(store.result(RUN, "a", 0)).isEmpty();
    assertThat(store.attempts("none")).isEmpty();
  }

  @Test
  final void ofTwoChangesOfTheSameThingTheLaterOneStays() {
    begin(RUN);
    TaskStatus queued = task(RUN, "a").in(TaskState.QUEUED, "first");
    TaskStatus running = queued.begun(NOON).in(TaskState.RUNNING, "second");
    AttemptStatus open = attempt(RUN, "a", 1);
    AttemptStatus over =
        open.over(NOON.plusSeconds(9), OutcomeClass.TIMEOUT, "late", new Spend(0.25, 7, 3), "s1");
    Question asked = new Question(RUN, "a", 1, "which?", NOON, Optional.empty(), "");
    RunStatus ended =
        run(RUN, NOON)
            .withSpend(new Spend(0.1, 2, 3))
            .in(RunState.FAILED, "b failed", Optional.of(NOON.plusSeconds(10)));

    store.write(
        List.of(
            queued,
            open,
            asked,
            new TaskResult(RUN, "a", 0, "one"),
            running,
            over,
            asked.answered("this", "ann"),
            new TaskResult(RUN, "a", 0, "two"),
            run(RUN, NOON),
            ended));

    assertThat(store.tasks(RUN)).containsExactlyInAnyOrder(running, task(RUN, "b"));
    assertThat(store.attempts(RUN)).containsExactly(over);
    assertThat(store.questions(RUN)).containsExactly(asked.answered("this", "ann"));
    assertThat(store.result(RUN, "a", 0)).contains(new TaskResult(RUN, "a", 0, "two"));
    assertThat(store.run(RUN)).contains(ended);
    assertThat(store.plan(RUN)).contains("plan of r1");
  }

  @Test
  final void aTaskThatTheRunDidNotBeginWithIsAdded() {
    begin(RUN);

    store.write(List.of(task(RUN, "c")));

    assertThat(store.tasks(RUN)).extracting(TaskStatus::task).contains("a", "b", "c");
  }

  @Test
  final void nothingAtAllMayBeWritten() {
    store.write(List.of());

    assertThat(store.runs(10)).isEmpty();
  }

  @Test
  final void runsComeTheNewestFirstAndNoMoreThanAreAskedFor() {
    for (int i : List.of(2, 4, 1, 3)) {
      store.begin(run("r" + i, NOON.plusNanos(i)), "", List.of());
    }

    assertThat(store.runs(3)).extracting(RunStatus::run).containsExactly("r4", "r3", "r2");
    assertThat(store.runs(Integer.MAX_VALUE)).hasSize(4);
  }

  @Test
  final void attemptsComeByTaskAndNumber() {
    begin(RUN);

    store.write(
        List.of(
            attempt(RUN, "b", 1),
            attempt(RUN, "a", 10),
            attempt(RUN, "B", 1),
            attempt(RUN, "a", 2),
            attempt(RUN, "a-b", 1)));

    assertThat(store.attempts(RUN))
        .extracting(one -> one.task() + one.number())
        .containsExactly("B1", "a2", "a10", "a-b1", "b1");
  }

  @Test
  final void questionsComeByTheTimeTheyWereAsked() {
    begin(RUN);
    Question late = new Question(RUN, "a", 1, "?", NOON.plusNanos(1), Optional.empty(), "");
    Question early = new Question(RUN, "b", 1, "?", NOON, Optional.of(""), "ann");

    store.write(List.of(late, early));

    assertThat(store.questions(RUN)).containsExactly(early, late);
  }

  @Test
  final void messagesAreAddedAndComeInTheOrderInWhichTheyWereSaid() {
    begin(RUN);
    begin("r2");

    store.write(List.of(message(RUN, "a", "1"), message("r2", "a", "x"), message(RUN, "b", "y")));
    store.write(List.of(message(RUN, "a", "2"), message(RUN, "a", "2"), message(RUN, "a", "3")));

    assertThat(store.messages(RUN, "a"))
        .containsExactly(
            message(RUN, "a", "1"),
            message(RUN, "a", "2"),
            message(RUN, "a", "2"),
            message(RUN, "a", "3"));
    assertThat(store.messages(RUN, "b")).hasSize(1);
    assertThat(store.messages("r2", "a")).hasSize(1);
  }

  @Test
  final void aConversationWithoutAnIdIsForgotten() {
    begin(RUN);
    SessionNote first = new SessionNote(RUN, "a", 0, "claude", "s1");
    SessionNote other = new SessionNote(RUN, "a", 1, "claude", "s2");
    SessionNote third = new SessionNote(RUN, "a", 0, "codex", "s3");

    store.write(List.of(first, other, third));
    assertThat(store.sessions(RUN)).containsExactlyInAnyOrder(first, other, third);
    store.write(List.of(new SessionNote(RUN, "a", 0, "claude", "")));
    assertThat(store.sessions(RUN)).containsExactlyInAnyOrder(other, third);
    SessionNote again = new SessionNote(RUN, "a", 0, "claude", "s4");
    store.write(List.of(again));

    assertThat(store.sessions(RUN)).containsExactlyInAnyOrder(again, other, third);
  }

  @Test
  final void resultsMayBeVeryLong() {
    begin(RUN);
    String text = "0123456789abcde\n".repeat(1 << 20);

    store.write(List.of(new TaskResult(RUN, "a", 0, text), new TaskResult(RUN, "a", 1, "")));

    assertThat(store.result(RUN, "a", 0).map(TaskResult::text).filter(text::equals)).isPresent();
    assertThat(store.result(RUN, "a", 1)).contains(new TaskResult(RUN, "a", 1, ""));
    assertThat(store.result(RUN, "a", 2)).isEmpty();
    assertThat(store.result(RUN, "b", 0)).isEmpty();
  }

  @Test
  final void textsComeBackToTheLetter() {
    RunStatus run =
        new RunStatus(
            RUN,
            ODD,
            RunState.INTERRUPTED,
            ODD,
            ODD,
            NOON,
            Optional.of(NOON),
            new Spend(0.1 + 0.2, Long.MAX_VALUE, 1L << 53));
    TaskStatus task =
        new TaskStatus(
            RUN,
            "a",
            TaskState.PARKED,
            ODD,
            Optional.of(OutcomeClass.RATE_LIMITED),
            3,
            2,
            1,
            Optional.of(NOON),
            new Spend(1e-9, 0, 0),
            ODD,
            Optional.of(NOON.minusNanos(1)),
            Optional.of(NOON.plusNanos(1)));
    AttemptStatus attempt =
        new AttemptStatus(
            RUN,
            "a",
            1,
            2,
            3,
            ODD,
            ODD,
            NOON,
            Optional.of(NOON),
            Optional.of(OutcomeClass.KILLED),
            ODD,
            Spend.NONE,
            ODD);
    Question question = new Question(RUN, "a", 1, ODD, NOON, Optional.of(ODD), ODD);
    Message message = new Message(RUN, "a", ODD, ODD, NOON);
    SessionNote note = new SessionNote(RUN, "a", 0, ODD, ODD);
    TaskResult result = new TaskResult(RUN, "a", 0, ODD);

    store.begin(run, ODD, List.of(task));
    store.write(List.of(attempt, question, message, note, result));

    assertThat(store.run(RUN)).contains(run);
    assertThat(store.runs(1)).containsExactly(run);
    assertThat(store.plan(RUN)).contains(ODD);
    assertThat(store.tasks(RUN)).containsExactly(task);
    assertThat(store.attempts(RUN)).containsExactly(attempt);
    assertThat(store.questions(RUN)).containsExactly(question);
    assertThat(store.messages(RUN, "a")).containsExactly(message);
    assertThat(store.sessions(RUN)).containsExactly(note);
    assertThat(store.result(RUN, "a", 0)).contains(result);
  }

  @Test
  final void aRunIsTakenByOneOwnerUntilTheTimeIsOver() {
    begin(RUN);
    Instant later = NOON.plusSeconds(30);

    assertThat(store.owner(RUN)).isEmpty();
    assertThat(store.claim(RUN, "me", NOON, later)).isTrue();
    assertThat(store.owner(RUN)).contains("me");
    assertThat(store.claim(RUN, "you", NOON, later.plusSeconds(9))).isFalse();
    assertThat(store.claim(RUN, "you", later.minusNanos(1), later.plusSeconds(9))).isFalse();
    assertThat(store.claim(RUN, "me", NOON, later.plusSeconds(1))).as("goes on").isTrue();
    assertThat(store.claim(RUN, "you", later, later.plusSeconds(9))).as("too early").isFalse();
    assertThat(store.claim(RUN, "you", later.plusSeconds(1), later.plusSeconds(9))).isTrue();
    assertThat(store.claim(RUN, "me", later.plusSeconds(1), later.plusSeconds(2))).isFalse();
  }

  @Test
  final void onlyItsOwnerGivesARunBack() {
    begin(RUN);
    begin("r2");
    Instant later = NOON.plusSeconds(30);
    store.claim(RUN, "me", NOON, later);
    store.claim("r2", "me", NOON, later);

    store.release(RUN, "you");
    store.release("none", "me");
    assertThat(store.claim(RUN, "you", NOON, later)).isFalse();
    store.release(RUN, "me");

    assertThat(store.claim(RUN, "you", NOON, later)).isTrue();
    assertThat(store.claim("r2", "you", NOON, later)).as("the other run").isFalse();
  }

  @Test
  final void aRunThatIsNotThereIsTakenByNobody() {
    assertThat(store.claim(RUN, "me", NOON, NOON.plusSeconds(30))).isFalse();
    begin(RUN);
    assertThat(store.claim(RUN, "you", NOON, NOON.plusSeconds(30))).isTrue();
  }

  @Test
  final void ofManyWhoTakeARunAtOnceOneGetsIt() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        String run = "r" + round;
        begin(run);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          String owner = "owner" + i;
          taken.add(
              threads.submit(() -> {
                start.await();
                return store.claim(run, owner, NOON, NOON.plusSeconds(30));
              }));
        }

        start.countDown();

        int winners = 0;
        for (Future<Boolean> each : taken) {
          winners += each.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
      }
    }
  }

  @Test
  final void requestsAreTakenOnceInTheirOrder() {
    begin(RUN);
    begin("r2");
    store.request(new Request(RUN, "b"));
    store.request(new Request(RUN, ""));
    store.request(new Request("r2", "a"));
    store.request(new Request(RUN, "b"));

    assertThat(store.takeRequests(RUN))
        .containsExactly(new Request(RUN, "b"), new Request(RUN, ""), new Request(RUN, "b"));
    assertThat(store.takeRequests(RUN)).isEmpty();
    store.request(new Request(RUN, "a"));
    assertThat(store.takeRequests(RUN)).containsExactly(new Request(RUN, "a"));
    assertThat(store.takeRequests("r2")).containsExactly(new Request("r2", "a"));
  }

  @Test
  final void aRequestForARunThatIsNotThereIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.request(new Request("none", "")))
        .withMessageContaining("none");
  }

  @Test
  final void ofTwoRestsOfAnAccountTheLongerOneHolds() {
    Cooldown first = new Cooldown("team", NOON.plusSeconds(60), "five_hour", "event");
    Cooldown longer = new Cooldown("team", NOON.plusSeconds(60).plusNanos(1), ODD, "text");
    Cooldown shorter = new Cooldown("team", NOON, "shorter", "default");
    Cooldown other = new Cooldown("own/ß", NOON, "", "default");

    store.raise(first);
    store.raise(longer);
    store.raise(shorter);
    store.raise(other);
    assertThat(store.cooldowns()).containsExactlyInAnyOrder(longer, other);
    store.endCooldown("team");
    store.endCooldown("none");

    assertThat(store.cooldowns()).containsExactly(other);
    store.raise(shorter);
    assertThat(store.cooldowns()).containsExactlyInAnyOrder(shorter, other);
  }

  @Test
  final void manyThreadsMayWrite() throws Exception {
    begin(RUN);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int number = i;
        all.add(
            threads.submit(() -> {
              for (int j = 0; j < 5; j++) {
                store.write(
                    List.of(
                        attempt(RUN, "a", number * 5 + j), message(RUN, "a", number + "." + j)));
              }
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }

    assertThat(store.attempts(RUN)).hasSize(40);
    assertThat(store.messages(RUN, "a")).hasSize(40);
    for (int i = 0; i < 8; i++) {
      String mine = i + ".";
      assertThat(store.messages(RUN, "a"))
          .extracting(Message::text)
          .filteredOn(text -> text.startsWith(mine))
          .containsExactly(mine + 0, mine + 1, mine + 2, mine + 3, mine + 4);
    }
  }

  @Test
  final void whateverIsWrittenReadsBackAsFromMemory() {
    AtomicInteger count = new AtomicInteger();
    Cases.check(
        25,
        random -> RandomChanges.of(random, "case" + count.incrementAndGet()),
        batches -> {
          MemoryRunStore memory = new MemoryRunStore();
          String run = batches.getFirst().getFirst().run();
          for (RunStore each : List.of(memory, store)) {
            each.begin(run(run, NOON), run, List.of(task(run, "a"), task(run, "b")));
            batches.forEach(each::write);
          }

          assertThat(store.run(run)).isEqualTo(memory.run(run));
          assertThat(store.tasks(run)).containsExactlyInAnyOrderElementsOf(memory.tasks(run));
          assertThat(store.attempts(run)).isEqualTo(memory.attempts(run));
          assertThat(store.sessions(run)).containsExactlyInAnyOrderElementsOf(memory.sessions(run));
          assertThat(store.questions(run))
              .containsExactlyInAnyOrderElementsOf(memory.questions(run));
          assertThat(store.questions(run)).extracting(Question::asked).isSorted();
          for (String task : List.of("a", "b", "c")) {
            assertThat(store.messages(run, task)).isEqualTo(memory.messages(run, task));
            for (int step = 0; step < 3; step++) {
              assertThat(store.result(run, task, step)).isEqualTo(memory.result(run, task, step));
            }
          }
        });
  }
}
