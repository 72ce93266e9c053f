package dev.belay.flow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Plan;
import dev.belay.flow.PlanException;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.WorktreeRules;
import dev.belay.flow.backend.AgentException;
import dev.belay.flow.journal.MemoryRunStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorktreeRunTest {
  @TempDir Path home;
  private Path repository = Path.of("");
  private final MemoryRunStore store = new MemoryRunStore();
  private final Scripted agent = new Scripted("agent");
  private LocalEngine engine = engine(Path.of(System.getProperty("java.io.tmpdir"), "belay-trees"));

  private LocalEngine engine(Path files) {
    return LocalEngine.builder(store, any -> agent, files).build();
  }

  @BeforeEach
  void repository() throws Exception {
    repository = Files.createDirectory(home.resolve("repo"));
    git("init", "-q", "-b", "main");
    Files.writeString(repository.resolve("shared.txt"), "one\n");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-qm", "first");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
    return said.strip();
  }

  private static Plan.Builder plan() {
    return Plan.named("trees")
        .backend(Scripted.settings("agent").build())
        .worktrees(new WorktreeRules(true, WorktreeRules.Strategy.MERGE, Optional.empty()));
  }

  private static Scripted.Act writes(String file, String text) {
    return call -> {
      try {
        Files.writeString(call.directory().resolve(file), text);
      } catch (IOException full) {
        throw new AgentException(OutcomeClass.AGENT_FAILED, full.toString());
      }
      return "wrote " + file;
    };
  }

  private TaskStatus status(RunStatus run, String task) {
    return store.tasks(run.run()).stream()
        .filter(one -> one.task().equals(task))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatAgentsLeaveUncommittedIsMergedAndTheUsersCheckoutIsNotTouched() throws Exception {
    Files.writeString(repository.resolve("mine.txt"), "not yet committed");
    agent.on("a", writes("a.txt", "a")).on("b", writes("b.txt", "b"));

    RunStatus run =
        engine.await(
            engine.submit(
                plan().task(Task.of("a", "agent", "x")).task(Task.of("b", "agent", "x")).build(),
                repository));

    assertThat(run.state()).as(run.why()).isEqualTo(RunState.COMPLETED);
    String merged = "belay/%s/merged".formatted(run.run());
    assertThat(git("ls-tree", "--name-only", merged)).contains("a.txt", "b.txt");
    assertThat(git("status", "--porcelain")).isEqualTo("?? mine.txt");
    assertThat(repository.resolve("a.txt")).doesNotExist();
    assertThat(git("branch", "--list", "belay/*")).doesNotContain("/a/", "/b/");
  }

  @Test
  void aDirtyRepositoryIsLeftAsItIsAndItsTasksStartFromWhatIsCommitted() throws Exception {
    Files.writeString(repository.resolve("gone.txt"), "gone\n");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-qm", "second");
    Files.writeString(repository.resolve("shared.txt"), "being changed\n");
    Files.writeString(repository.resolve("staged.txt"), "staged\n");
    git("add", "staged.txt");
    Files.writeString(repository.resolve("mine.txt"), "untracked\n");
    Files.delete(repository.resolve("gone.txt"));
    String before = git("status", "--porcelain");
    agent.on(
        "a",
        call -> {
          String seen = seen(call.directory().resolve("shared.txt"));
          var unused = writes("shared.txt", seen + "two\n").answer(call);
          return Stream.of("gone.txt", "staged.txt", "mine.txt")
              .filter(file -> Files.exists(call.directory().resolve(file)))
              .toList()
              .toString();
        });

    RunStatus run =
        engine.await(engine.submit(plan().task(Task.of("a", "agent", "x")).build(), repository));

    assertThat(run.state()).as(run.why()).isEqualTo(RunState.COMPLETED);
    assertThat(git("show", "belay/%s/merged:shared.txt".formatted(run.run())))
        .isEqualTo("one\ntwo");
    assertThat(engine.result(run.run(), "a", -1)).contains("[gone.txt]");
    assertThat(git("status", "--porcelain")).isEqualTo(before);
    assertThat(Files.readString(repository.resolve("shared.txt"))).isEqualTo("being changed\n");
    assertThat(git("show", ":staged.txt")).isEqualTo("staged");
  }

  @Test
  void aDetachedHeadIsAStartLikeAnyOtherAndStaysWhereItIs() throws Exception {
    git("checkout", "-q", "--detach");
    String head = git("rev-parse", "HEAD");
    agent.on("a", writes("a.txt", "a"));

    RunStatus run =
        engine.await(engine.submit(plan().task(Task.of("a", "agent", "x")).build(), repository));

    assertThat(run.state()).as(run.why()).isEqualTo(RunState.COMPLETED);
    String merged = "belay/%s/merged".formatted(run.run());
    assertThat(git("show", merged + ":a.txt")).isEqualTo("a");
    assertThat(git("merge-base", merged, head)).isEqualTo(head);
    assertThat(git("rev-parse", "HEAD")).isEqualTo(head);
    assertThat(git("branch", "--show-current")).isEmpty();
  }

  private static String seen(Path file) throws AgentException {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      throw new AgentException(OutcomeClass.AGENT_FAILED, gone.toString());
    }
  }

  @Test
  void aTaskSeesWhatThoseThatItNeedsHaveMerged() throws Exception {
    agent.on("a", writes("a.txt", "from a"));
    agent.on("b", call -> seen(call.directory().resolve("a.txt")));

    RunStatus run =
        engine.await(
            engine.submit(
                plan()
                    .task(Task.of("a", "agent", "x"))
                    .task(Task.of("b", "agent", "x").needs("a"))
                    .build(),
                repository));

    assertThat(engine.result(run.run(), "b", -1)).contains("from a");
  }

  @Test
  void twoThatWriteOneFileTakeTurnsAndTheSecondStartsFromTheFirst() throws Exception {
    Scripted.Act adds =
        call -> {
          Path file = call.directory().resolve("shared.txt");
          try {
            Files.writeString(
                file, Files.readString(file) + call.environment().get("BELAY_TASK") + "\n");
          } catch (IOException full) {
            throw new AgentException(OutcomeClass.AGENT_FAILED, full.toString());
          }
          return "";
        };
    agent.always(adds);
    Plan.Builder plan = plan();
    for (int i = 0; i < 4; i++) {
      plan.task(Task.of("t" + i, "agent", "x").writes("./shared.txt", "shared.txt"));
    }

    RunStatus run = engine.await(engine.submit(plan.build(), repository));

    assertThat(run.state()).as(run.why()).isEqualTo(RunState.COMPLETED);
    assertThat(git("show", "belay/%s/merged:shared.txt".formatted(run.run())))
        .contains("t0", "t1", "t2", "t3");
  }

  @Test
  void aConflictIsKeptAndSaid() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Scripted.Act clash =
        call -> {
          both.countDown();
          both.await();
          return writes("shared.txt", call.environment().get("BELAY_TASK") + "\n").answer(call);
        };
    agent.always(clash);

    RunStatus run =
        engine.await(
            engine.submit(
                plan().task(Task.of("a", "agent", "x")).task(Task.of("b", "agent", "x")).build(),
                repository));

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    TaskStatus loser =
        status(run, "a").state() == TaskState.FAILED ? status(run, "a") : status(run, "b");
    assertThat(loser.why()).contains("in conflict", "shared.txt", loser.branch());
    assertThat(git("show", loser.branch() + ":shared.txt")).isEqualTo(loser.task());
  }

  @Test
  void aFailedTaskKeepsWhatItWrote() throws Exception {
    agent.on(
        "a",
        call -> {
          var unused = writes("half.txt", "half").answer(call);
          throw new AgentException(OutcomeClass.AGENT_FAILED, "gave up");
        });

    RunStatus run =
        engine.await(engine.submit(plan().task(Task.of("a", "agent", "x")).build(), repository));

    TaskStatus status = status(run, "a");
    assertThat(status.why()).contains("gave up", "what it wrote is on branch " + status.branch());
    assertThat(git("show", status.branch() + ":half.txt")).isEqualTo("half");
  }

  @Test
  void anInterruptedTaskGoesOnInItsWorktree() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    agent.on(
        "a",
        call -> {
          var unused = writes("half.txt", "half").answer(call);
          begun.countDown();
          new CountDownLatch(1).await();
          return "";
        },
        call -> Files.exists(call.directory().resolve("half.txt")) ? "still there" : "gone");
    String run = engine.submit(plan().task(Task.of("a", "agent", "x")).build(), repository);
    begun.await();
    engine.close();

    engine = engine(home.resolve("files"));
    engine.resume(run);

    assertThat(engine.await(run).state()).isEqualTo(RunState.COMPLETED);
    assertThat(engine.result(run, "a", -1)).contains("still there");
    assertThat(git("show", "belay/%s/merged:half.txt".formatted(run))).isEqualTo("half");
  }

  @Test
  void theNextRunClearsUpAfterOneThatIsDeadAndLosesNothingOfIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    agent.on(
        "a",
        call -> {
          var unused = writes("half.txt", "half").answer(call);
          begun.countDown();
          new CountDownLatch(1).await();
          return "";
        });
    String dead = engine.submit(plan().task(Task.of("a", "agent", "x")).build(), repository);
    begun.await();
    engine.close();
    assertThat(git("worktree", "list")).contains(dead);
    engine = engine(home.resolve("files"));
    engine.cancel(dead);
    agent.on("b", writes("b.txt", "b"));

    RunStatus next =
        engine.await(engine.submit(plan().task(Task.of("b", "agent", "x")).build(), repository));

    assertThat(next.state()).as(next.why()).isEqualTo(RunState.COMPLETED);
    assertThat(git("worktree", "list")).doesNotContain(dead);
    String branch = git("for-each-ref", "--format=%(refname)", "refs/heads/belay/" + dead + "/a");
    assertThat(git("show", branch + ":half.txt")).isEqualTo("half");
  }

  @Test
  void whatIsNoRepositoryIsRefusedBeforeAnythingRuns() throws Exception {
    Path plain = Files.createDirectory(home.resolve("plain"));
    assertThatThrownBy(() -> engine.submit(plan().task(Task.of("a", "agent", "x")).build(), plain))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("worktrees:");
    assertThat(store.runs(10)).isEmpty();
  }

  @Test
  void filesOutsideAreRefusedBeforeAnythingRuns() {
    assertThatThrownBy(() ->
            engine.submit(
                plan().task(Task.of("a", "agent", "x").writes("../other")).build(), repository))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("tasks.a.writes");
  }
}
