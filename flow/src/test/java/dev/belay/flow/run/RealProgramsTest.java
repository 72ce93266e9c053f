package dev.belay.flow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Plan;
import dev.belay.flow.RunLimits;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Task;
import dev.belay.flow.TaskLimits;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.backend.Backends;
import dev.belay.flow.journal.MemoryRunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose agents are programs of the system: shells that do as they are told. */
@Timeout(60)
class RealProgramsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final RetryPolicy QUICK =
      Plan.RETRY.toBuilder().maxAttempts(3).backoff(Backoff.fixed(Duration.ofMillis(1))).build();

  @TempDir Path home;
  private final MemoryRunStore store = new MemoryRunStore();
  private Path work = Path.of("");
  private LocalEngine engine = LocalEngine.builder(store, this::backend, Path.of(".")).build();

  private Backend backend(BackendSettings settings) {
    return Backends.create(settings, Map.of("PATH", "/usr/bin:/bin"), Time.system());
  }

  @BeforeEach
  void start() throws IOException {
    work = Files.createDirectory(home.resolve("work"));
    engine = LocalEngine.builder(store, this::backend, home.resolve("files")).build();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static Plan.Builder plan(String... command) {
    return Plan.named("real")
        .limits(new RunLimits(20, Double.POSITIVE_INFINITY, Long.MAX_VALUE))
        .backend(
            BackendSettings.of("sh", "command")
                .command(List.of(command))
                .grace(Duration.ofSeconds(1))
                .build())
        .retry(QUICK);
  }

  private static Plan.Builder shell() {
    return plan("sh", "-s");
  }

  private static Task.Builder task(String id, String script, String... needs) {
    return Task.of(id, "sh", script).needs(needs);
  }

  private String submit(Plan.Builder plan) {
    return engine.submit(plan.build(), work);
  }

  private RunStatus run(Plan.Builder plan) throws InterruptedException {
    return engine.await(submit(plan));
  }

  private TaskStatus status(String run, String task) {
    return store.tasks(run).stream()
        .filter(one -> one.task().equals(task))
        .findFirst()
        .orElseThrow();
  }

  private String breaker(String run) {
    return engine.view(run).orElseThrow().breakers().getFirst().breaker();
  }

  private static boolean lives(long number) {
    Path state = Path.of("/proc/" + number + "/stat");
    try {
      return ProcessHandle.of(number).isPresent()
          && !(Files.exists(state) && Files.readString(state).contains(") Z "));
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void aMissingProgramEndsItsTaskAtTheFirstAttemptWithItsNameAndTheRemedy() throws Exception {
    RunStatus run =
        run(plan("no-such-program-here").task(task("a", "x")).task(task("b", "x", "a")));

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(status(run.run(), "a").attempts()).isEqualTo(1);
    assertThat(status(run.run(), "a").why())
        .contains(
            "no-such-program-here is not on the PATH", "install it", "another attempt cannot help");
    assertThat(store.attempts(run.run()))
        .extracting(attempt -> attempt.outcome().orElseThrow())
        .containsExactly(OutcomeClass.CONFIG);
  }

  @Test
  void whatIsNoUtf8IsReplacedInResultsAndLogsAndInThePromptOfTheNext() throws Exception {
    RunStatus run =
        run(
            shell()
                .task(task("a", "printf 'a\\377\\300b\\nc\\n'"))
                .task(task("b", "cat <<'END'\n{{a}}\nEND\n", "a")));

    assertThat(run.state()).as(run.why()).isEqualTo(RunState.COMPLETED);
    assertThat(engine.result(run.run(), "a", -1)).contains("a\ufffd\ufffdb\nc");
    assertThat(engine.log(run.run(), "a", 10)).containsExactly("a\ufffd\ufffdb", "c");
    assertThat(engine.result(run.run(), "b", -1)).contains("a\ufffd\ufffdb\nc");
  }

  @Test
  void aPromptOfFiveMegabytesIsCarriedOutAndRemembered() throws Exception {
    String prompt = "0123456789abcde\n".repeat((5 << 20) / 16);

    RunStatus run = run(plan("wc", "-c").task(task("a", prompt)));

    assertThat(run.state()).as(run.why()).isEqualTo(RunState.COMPLETED);
    assertThat(engine.result(run.run(), "a", -1).map(String::strip)).contains("" + (5 << 20));
    assertThat(store.messages(run.run(), "a").getFirst().text()).isEqualTo(prompt);
    assertThat(engine.view(run.run()).orElseThrow().plan().task("a").prompt()).isEqualTo(prompt);
  }

  @Test
  void whatIsStoppedByHandIsNoFailureOfItsBackendHoweverItsProgramDies() throws Exception {
    Plan.Builder plan = shell();
    List<String> ids = IntStream.range(0, 8).mapToObj(i -> "t" + i).toList();
    ids.forEach(id -> plan.task(task(id, "echo $$; exec sleep 600")));
    String run = submit(plan.task(task("stays", "until [ -e go ]; do sleep 0.02; done")));
    for (String id : ids) {
      while (engine.log(run, id, 1).isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
    List<Long> numbers =
        ids.stream().map(id -> Long.valueOf(engine.log(run, id, 1).getFirst())).toList();

    ids.forEach(id -> engine.cancel(run, id));
    for (String id : ids) {
      while (!status(run, id).state().isOver()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }

    assertThat(breaker(run)).isEqualTo("closed");
    assertThat(numbers).noneMatch(RealProgramsTest::lives);
    Files.writeString(work.resolve("go"), "");
    engine.await(run);
    assertThat(store.attempts(run))
        .filteredOn(attempt -> !attempt.task().equals("stays"))
        .extracting(attempt -> attempt.outcome().orElseThrow())
        .containsOnly(OutcomeClass.CANCELLED)
        .hasSize(8);
  }

  @Test
  void programsThatHangRestTheirBackendForAll() throws Exception {
    TaskLimits brief =
        new TaskLimits(Duration.ofMillis(50), LONG, Double.POSITIVE_INFINITY, Long.MAX_VALUE);
    Task.Builder hangs =
        task("a", "exec sleep 600").limits(brief).retry(QUICK.toBuilder().maxAttempts(10).build());
    String run = submit(shell().task(hangs));
    while (status(run, "a").state() != TaskState.PARKED) {
      TimeUnit.MILLISECONDS.sleep(5);
    }

    assertThat(breaker(run)).isEqualTo("open");
    assertThat(store.attempts(run))
        .extracting(attempt -> attempt.outcome().orElseThrow())
        .containsOnly(OutcomeClass.TIMEOUT)
        .hasSize(5);
    engine.cancel(run);
    engine.await(run);
  }

  @Test
  void aTaskThatAFailingBackendEndsSaysWhatItFailedOf() throws Exception {
    BreakerPolicy brief =
        BreakerPolicy.builder()
            .failureThreshold(0)
            .consecutiveFailures(2)
            .openFor(Duration.ofMillis(20))
            .build();
    Plan.Builder plan =
        Plan.named("down")
            .retry(QUICK)
            .backend(
                BackendSettings.of("sh", "command")
                    .command(List.of("sh", "-s"))
                    .breaker(brief)
                    .build());
    for (int i = 0; i < 3; i++) {
      plan.task(task("t" + i, "echo 'the disk is full' >&2; exit 75"));
    }
    try (LocalEngine hasty =
        LocalEngine.builder(store, this::backend, home.resolve("hasty"))
            .patience(Duration.ZERO)
            .build()) {
      RunStatus run = hasty.await(hasty.submit(plan.build(), work));

      assertThat(run.state()).isEqualTo(RunState.FAILED);
      assertThat(store.tasks(run.run()))
          .hasSize(3)
          .allSatisfy(task ->
              assertThat(task.why()).contains("the disk is full", "the last of 3 attempts"));
      assertThat(store.attempts(run.run())).hasSize(9);
    }
  }

  /** Each fails if somebody else is at the file; without a lock they would be, all at once. */
  @Test
  void twoThatWriteOneFileAreNeverAtItTogetherNotEvenInTwoRuns() throws Exception {
    String alone = "mkdir taken || exit 3; sleep 0.05; echo $BELAY_TASK >> shared.txt; rmdir taken";
    Plan.Builder first = shell();
    Plan.Builder second = shell();
    for (int i = 0; i < 5; i++) {
      first.task(task("f" + i, alone).writes("./shared.txt"));
      second.task(task("s" + i, alone).writes("shared.txt", "*.txt"));
    }
    String one = submit(first);
    String two = submit(second);

    assertThat(engine.await(one).state()).isEqualTo(RunState.COMPLETED);
    assertThat(engine.await(two).state()).isEqualTo(RunState.COMPLETED);
    assertThat(Files.readAllLines(work.resolve("shared.txt"))).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void theTreeOfACancelledTaskIsGoneWithIt() throws Exception {
    String run =
        submit(
            shell()
                .task(task("a", "(sh -c 'trap \"\" TERM; sleep 600' & echo $!); wait; sleep 600")));
    while (engine.log(run, "a", 1).isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    long orphan = Long.parseLong(engine.log(run, "a", 1).getFirst());
    assertThat(lives(orphan)).isTrue();

    engine.cancel(run, "a");
    engine.await(run);

    assertThat(status(run, "a").state()).isEqualTo(TaskState.CANCELLED);
    assertThat(lives(orphan)).isFalse();
  }
}
