package dev.belay.flow.run;

import static dev.belay.flow.run.Scripted.answers;
import static dev.belay.flow.run.Scripted.fails;
import static dev.belay.flow.run.Scripted.hangs;
import static dev.belay.flow.run.Scripted.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Backoff;
import dev.belay.RetryPolicy;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.FailureMode;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Plan;
import dev.belay.flow.Role;
import dev.belay.flow.RunLimits;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Task;
import dev.belay.flow.TaskLimits;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.Workflow;
import dev.belay.flow.journal.MemoryRunStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class RunnerTest {
  private static final RetryPolicy QUICK =
      Plan.RETRY.toBuilder().maxAttempts(3).backoff(Backoff.fixed(Duration.ofMillis(1))).build();

  @TempDir Path files;
  private final MemoryRunStore store = new MemoryRunStore();
  private final Scripted agent = new Scripted("agent");
  private final Scripted other = new Scripted("other");
  private LocalEngine engine;

  @BeforeEach
  void start() {
    engine = engine();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private LocalEngine engine() {
    return LocalEngine.builder(
            store, settings -> settings.name().equals("agent") ? agent : other, files)
        .cooldowns(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(50))
        .build();
  }

  private static Plan.Builder plan() {
    return Plan.named("test")
        .backend(settings("agent").build())
        .backend(settings("other").build())
        .retry(QUICK);
  }

  private static Task.Builder task(String id, String... needs) {
    return Task.of(id, "agent", "do " + id).needs(needs);
  }

  private String submit(Plan.Builder plan) {
    return engine.submit(plan.build(), files);
  }

  private RunStatus run(Plan.Builder plan) throws InterruptedException {
    return engine.await(submit(plan));
  }

  private TaskStatus status(RunStatus run, String task) {
    return store.tasks(run.run()).stream()
        .filter(one -> one.task().equals(task))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTaskStartsWhenItsNeedsAreDone() throws Exception {
    RunStatus run = run(plan().task(task("c", "a", "b")).task(task("b", "a")).task(task("a")));

    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.order()).containsExactly("a", "b", "c");
    assertThat(engine.result(run.run(), "c", -1)).contains("did c");
  }

  @Test
  void aFailureStopsWhatNeedsItAndNothingElse() throws Exception {
    agent.on("bad", fails(OutcomeClass.AGENT_FAILED));

    RunStatus run =
        run(
            plan()
                .task(task("bad"))
                .task(task("next", "bad"))
                .task(task("last", "next"))
                .task(task("free"))
                .task(task("freeNext", "free")));

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(status(run, "bad").state()).isEqualTo(TaskState.FAILED);
    assertThat(status(run, "bad").why()).contains("it is AGENT_FAILED");
    assertThat(status(run, "next").state()).isEqualTo(TaskState.BLOCKED);
    assertThat(status(run, "next").why()).isEqualTo("needs bad, which failed");
    assertThat(status(run, "last").why()).isEqualTo("needs next, which is blocked");
    assertThat(status(run, "freeNext").state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void aChainIsNotDelayedByASlowSibling() throws Exception {
    CountDownLatch chainDone = new CountDownLatch(1);
    agent.on(
        "slow",
        call -> {
          chainDone.await();
          return "slow";
        });
    agent.on(
        "c",
        call -> {
          chainDone.countDown();
          return "c";
        });

    RunStatus run =
        run(plan().task(task("slow")).task(task("a")).task(task("b", "a")).task(task("c", "b")));

    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void dependentsOfASoftFailureRunAndSeeIt() throws Exception {
    agent.on("bad", fails(OutcomeClass.AGENT_FAILED));

    RunStatus run =
        run(
            plan()
                .task(task("bad").failure(FailureMode.SOFT))
                .task(Task.of("next", "agent", "{{bad}} was {{bad.status}}").needs("bad")));

    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.why()).contains("1 tasks failed");
    assertThat(status(run, "bad").state()).isEqualTo(TaskState.FAILED);
    assertThat(agent.asked.getLast().prompt()).contains("bad has no result", "was failed");
  }

  @Test
  void aTaskThatMayBeMissedIsSkippedWhenItFails() throws Exception {
    agent.on("bad", fails(OutcomeClass.AGENT_FAILED));

    RunStatus run =
        run(plan().task(task("bad").failure(FailureMode.SKIP)).task(task("next", "bad")));

    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
    assertThat(status(run, "bad").state()).isEqualTo(TaskState.SKIPPED);
  }

  @Test
  void onlyWhatMayBeGoneTheNextTimeIsTriedAgain() throws Exception {
    agent.on("flaky", fails(OutcomeClass.TRANSIENT), fails(OutcomeClass.TIMEOUT), answers("well"));
    for (OutcomeClass hopeless :
        List.of(
            OutcomeClass.AUTH,
            OutcomeClass.CONFIG,
            OutcomeClass.INVALID_INPUT,
            OutcomeClass.AGENT_FAILED,
            OutcomeClass.KILLED)) {
      agent.on(hopeless.name(), fails(hopeless));
    }
    Plan.Builder plan = plan().task(task("flaky"));
    for (OutcomeClass outcome : OutcomeClass.values()) {
      if (agent.calls(outcome.name()) == 0 && isHopeless(outcome)) {
        plan.task(task(outcome.name()));
      }
    }

    RunStatus run = run(plan);

    assertThat(status(run, "flaky").state()).isEqualTo(TaskState.COMPLETED);
    assertThat(status(run, "flaky").attempts()).isEqualTo(3);
    assertThat(agent.calls("AUTH")).isEqualTo(1);
    assertThat(agent.calls("CONFIG")).isEqualTo(1);
    assertThat(agent.calls("INVALID_INPUT")).isEqualTo(1);
    assertThat(agent.calls("AGENT_FAILED")).isEqualTo(1);
    assertThat(agent.calls("KILLED")).isEqualTo(1);
  }

  private static boolean isHopeless(OutcomeClass outcome) {
    return switch (outcome) {
      case AUTH, CONFIG, INVALID_INPUT, AGENT_FAILED, KILLED -> true;
      case SUCCESS, TRANSIENT, RATE_LIMITED, OVERLOADED, TIMEOUT, CANCELLED -> false;
    };
  }

  @Test
  void everyAttemptKeepsItsError() throws Exception {
    agent.on("bad", fails(OutcomeClass.TRANSIENT), fails(OutcomeClass.TIMEOUT), answers("well"));

    RunStatus run = run(plan().task(task("bad")));

    assertThat(store.attempts(run.run()))
        .extracting(attempt -> attempt.outcome().orElseThrow())
        .containsExactly(OutcomeClass.TRANSIENT, OutcomeClass.TIMEOUT, OutcomeClass.SUCCESS);
    assertThat(store.attempts(run.run()).getFirst().message()).isEqualTo("it is TRANSIENT");
  }

  @Test
  void aUsedUpAccountIsNoAttemptAndIsWaitedFor() throws Exception {
    Instant until = Instant.now().plusMillis(60);
    agent.on("limited", Scripted.limitedUntil(until), answers("well"));

    RunStatus run = run(plan().task(task("limited")));

    assertThat(status(run, "limited").state()).isEqualTo(TaskState.COMPLETED);
    assertThat(status(run, "limited").attempts()).isEqualTo(1);
    assertThat(Instant.now()).isAfter(until);
  }

  @Test
  void aUsedUpAccountSendsItsTasksToTheNextBackend() throws Exception {
    agent.on("limited", Scripted.limitedUntil(Instant.now().plusSeconds(3_600)));

    RunStatus run =
        run(
            plan()
                .role(Role.of("coder", "agent", "other"))
                .task(Task.of("limited", "coder", "do it")));

    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
    assertThat(other.calls("limited")).isEqualTo(1);
    assertThat(engine.endCooldown("agent")).isTrue();
  }

  @Test
  void aRestCanBeEndedByHand() throws Exception {
    agent.on("limited", Scripted.limitedUntil(Instant.now().plusSeconds(3_600)), answers("well"));
    String run = submit(plan().task(task("limited")));
    while (store.cooldowns().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }

    engine.endCooldown("agent");

    assertThat(engine.await(run).state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void anOutageLosesNoTaskAndBurnsNoAttempts() throws Exception {
    Instant end = Instant.now().plusMillis(300);
    agent.always(call -> {
      if (Instant.now().isBefore(end)) {
        return fails(OutcomeClass.TRANSIENT).answer(call);
      }
      return "well";
    });
    BackendSettings resting =
        settings("agent")
            .breaker(
                dev.belay.BreakerPolicy.builder()
                    .failureThreshold(0)
                    .consecutiveFailures(5)
                    .openFor(Duration.ofMillis(40))
                    .build())
            .build();
    Plan.Builder plan = Plan.named("outage").backend(resting).retry(QUICK);
    for (int i = 0; i < 8; i++) {
      plan.task(task("t" + i));
    }

    RunStatus run = run(plan);

    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
    long failed =
        store.attempts(run.run()).stream()
            .filter(attempt -> attempt.outcome().equals(Optional.of(OutcomeClass.TRANSIENT)))
            .count();
    assertThat(failed)
        .isLessThan(30); // 8 tasks at a millisecond each would have failed 2,400 times
  }

  private String breaker(String run) {
    return engine.view(run).orElseThrow().breakers().stream()
        .filter(backend -> backend.name().equals("agent"))
        .findFirst()
        .orElseThrow()
        .breaker();
  }

  @Test
  void anAgentThatHangsCountsAgainstItsBackend() throws Exception {
    agent.always(fails(OutcomeClass.TIMEOUT));
    String run = submit(plan().task(task("a")).task(task("b")));
    while (!breaker(run).equals("open")) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertThat(agent.asked).hasSizeBetween(5, 6); // two were under way
  }

  @Test
  void whatTheUserStopsDoesNotCountAgainstItsBackendAndNeitherDoesAnAgentThatGivesUp()
      throws Exception {
    agent.on("stays", hangs());
    Plan.Builder plan =
        plan()
            .limits(new RunLimits(20, Double.POSITIVE_INFINITY, Long.MAX_VALUE))
            .task(task("stays"));
    for (int i = 0; i < 6; i++) {
      agent.on("stop" + i, hangs());
      agent.on("fail" + i, fails(OutcomeClass.AGENT_FAILED));
      plan.task(task("stop" + i)).task(task("fail" + i));
    }
    String run = submit(plan);
    while (agent.asked.size() < 13) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    for (int i = 0; i < 6; i++) {
      engine.cancel(run, "stop" + i);
    }
    while (engine.view(run).orElseThrow().tasks().stream().filter(t -> t.state().isOver()).count()
        < 12) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertThat(breaker(run)).isEqualTo("closed");
  }

  @Test
  void asManyRunAtOnceAsMay() throws Exception {
    agent.always(call -> {
      TimeUnit.MILLISECONDS.sleep(5);
      return "";
    });
    Plan.Builder plan = plan().limits(new RunLimits(3, Double.POSITIVE_INFINITY, Long.MAX_VALUE));
    for (int i = 0; i < 12; i++) {
      plan.task(task("t" + i));
    }

    assertThat(run(plan).state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.mostRunning).hasValue(3);
  }

  @Test
  void aBackendHasItsOwnLimit() throws Exception {
    agent.always(call -> {
      TimeUnit.MILLISECONDS.sleep(5);
      return "";
    });
    Plan.Builder plan =
        Plan.named("narrow").backend(settings("agent").concurrency(1).build()).retry(QUICK);
    for (int i = 0; i < 5; i++) {
      plan.task(task("t" + i));
    }

    assertThat(run(plan).state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.mostRunning).hasValue(1);
  }

  @Test
  void aTaskOfHigherPriorityIsNext() throws Exception {
    CountDownLatch queued = new CountDownLatch(1);
    agent.on(
        "first",
        call -> {
          queued.await();
          return "";
        });
    BackendSettings narrow = settings("agent").concurrency(1).build();
    String before = submit(Plan.named("before").backend(narrow).task(task("first")));
    while (agent.calls("first") == 0) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    String run =
        submit(
            Plan.named("two")
                .backend(narrow)
                .task(task("low").priority(-1))
                .task(task("high").priority(5)));
    while (queued(run) < 2) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    queued.countDown();
    engine.await(before);
    engine.await(run);

    assertThat(agent.order()).containsExactly("first", "high", "low");
  }

  private long queued(String run) {
    return engine.view(run).orElseThrow().tasks().stream()
        .filter(one -> one.state() == TaskState.QUEUED)
        .count();
  }

  @Test
  void aBudgetThatIsUsedUpEndsATask() throws Exception {
    agent.on("dear", fails(OutcomeClass.TRANSIENT));
    agent.on("free", answers("x"));
    TaskLimits little =
        new TaskLimits(Duration.ofHours(1), Duration.ofHours(1), 0.4, Long.MAX_VALUE);

    RunStatus run =
        run(
            plan()
                .workflow(
                    new Workflow(
                        "two",
                        List.of(
                            new Workflow.Step("agent", "", Optional.empty()),
                            new Workflow.Step("agent", "again", Optional.empty()))))
                .task(task("free").workflow("two").limits(little)));

    assertThat(status(run, "free").why()).contains("has used up its budget");
  }

  @Test
  void cancellingOneTaskLeavesTheOthersAlone() throws Exception {
    agent.on("stuck", hangs());
    String run = submit(plan().task(task("stuck")).task(task("next", "stuck")).task(task("free")));
    while (agent.calls("stuck") == 0) {
      TimeUnit.MILLISECONDS.sleep(1);
    }

    engine.cancel(run, "stuck");
    RunStatus end = engine.await(run);

    assertThat(status(end, "stuck").state()).isEqualTo(TaskState.CANCELLED);
    assertThat(status(end, "next").why()).isEqualTo("needs stuck, which was cancelled");
    assertThat(status(end, "free").state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void cancellingARunStopsAllOfIt() throws Exception {
    agent.on("stuck", hangs());
    String run = submit(plan().task(task("stuck")).task(task("next", "stuck")));
    while (agent.calls("stuck") == 0) {
      TimeUnit.MILLISECONDS.sleep(1);
    }

    engine.cancel(run);
    RunStatus end = engine.await(run);

    assertThat(end.state()).isEqualTo(RunState.CANCELLED);
    assertThat(status(end, "stuck").state()).isEqualTo(TaskState.CANCELLED);
    assertThat(status(end, "next").state()).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void anInterruptedRunGoesOnWhereItWas() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    agent.on(
        "stuck",
        call -> {
          first.countDown();
          new CountDownLatch(1).await();
          return "";
        },
        answers("well"));
    String run = submit(plan().task(task("a")).task(task("stuck", "a")).task(task("z", "stuck")));
    first.await();
    engine.close();

    assertThat(store.run(run).orElseThrow().state()).isEqualTo(RunState.INTERRUPTED);

    engine = engine();
    assertThat(engine.resumeAll()).containsExactly(run);
    assertThat(engine.await(run).state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.calls("a")).isEqualTo(1);
    assertThat(agent.calls("stuck")).isEqualTo(2);
    assertThat(store.attempts(run)).extracting(one -> one.number()).contains(1, 2);
  }

  @Test
  void aFailedRunCanBeResumedAndOneTaskRetried() throws Exception {
    agent.on("bad", fails(OutcomeClass.AGENT_FAILED), answers("well"));
    RunStatus run = run(plan().task(task("bad")).task(task("next", "bad")).task(task("free")));

    engine.retry(run.run(), "bad");
    RunStatus again = engine.await(run.run());

    assertThat(again.state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.calls("free")).isEqualTo(1);
    assertThat(agent.calls("next")).isEqualTo(1);
  }

  private static Workflow standard(int rounds) {
    return new Workflow(
        "standard",
        List.of(
            new Workflow.Step("agent", "", Optional.empty()),
            new Workflow.Step("other", "", Optional.of(new Workflow.Loop(0, rounds)))));
  }

  @Test
  void aReviewSendsWorkBackUntilItApproves() throws Exception {
    other.on("t", answers("rename x\nVERDICT: CHANGES"), answers("fine\nVERDICT: APPROVE"));

    RunStatus run = run(plan().workflow(standard(3)).task(task("t").workflow("standard")));

    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.calls("t")).isEqualTo(2);
    assertThat(agent.asked.getLast().prompt()).contains("Changes are asked for", "rename x");
    assertThat(other.asked.getFirst().prompt()).contains("did t", "VERDICT: APPROVE");
  }

  @Test
  void aReviewThatNeverApprovesEndsAfterItsRounds() throws Exception {
    other.on("t", answers("no\nVERDICT: CHANGES"));

    RunStatus run = run(plan().workflow(standard(2)).task(task("t").workflow("standard")));

    assertThat(status(run, "t").state()).isEqualTo(TaskState.FAILED);
    assertThat(status(run, "t").why()).contains("still asks for changes after 2 rounds");
    assertThat(agent.calls("t")).isEqualTo(3);
  }

  @Test
  void aThousandTasksInAChainAndAFanAreAllDone() throws Exception {
    Plan.Builder plan =
        plan().limits(new RunLimits(64, Double.POSITIVE_INFINITY, Long.MAX_VALUE)).task(task("t0"));
    for (int i = 1; i < 500; i++) {
      plan.task(task("t" + i, "t" + (i - 1)));
    }
    for (int i = 0; i < 500; i++) {
      plan.task(task("f" + i, "t0"));
    }

    assertThat(run(plan).state()).isEqualTo(RunState.COMPLETED);
    assertThat(agent.asked).hasSize(1_000);
  }
}
