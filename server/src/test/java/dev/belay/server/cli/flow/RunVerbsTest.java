package dev.belay.server.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.Processes;
import dev.belay.server.cli.DocumentsTest;
import dev.belay.server.cli.Main;
import dev.belay.server.cli.Shell;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs from the command line, in processes of their own that are also killed. */
@Timeout(120)
class RunVerbsTest {
  @TempDir Path folder;
  private final List<Process> running = new ArrayList<>();
  private Path config = Path.of("");

  @BeforeEach
  void config() throws IOException {
    config =
        Files.writeString(
            folder.resolve("belay.yaml"),
            """
            store: {url: "sqlite:%s/belay.db"}
            flow: {files: "%s/runs"}
            """
                .formatted(folder, folder));
  }

  @AfterEach
  void killAll() throws InterruptedException {
    for (Process process : running) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private Path plan(String yaml) throws IOException {
    return Files.writeString(folder.resolve("plan.yaml"), yaml);
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = Processes.java(Main.class, arguments);
    command.addAll(List.of("-c", config.toString()));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    running.add(process);
    return process;
  }

  private int run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String read(String file) throws IOException {
    Path path = folder.resolve(file);
    return Files.exists(path) ? Files.readString(path, StandardCharsets.UTF_8) : "";
  }

  private String verb(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-c", config.toString()));
    Shell shell = new Shell();
    shell.run(all.toArray(String[]::new));
    return shell.out() + shell.err();
  }

  private Optional<String> runId() {
    Matcher matcher = Pattern.compile("\"run\":\"([0-9a-f-]+)\"").matcher(verb("status", "--json"));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  @Test
  void carriesAPlanOutAndSaysHowItStands() throws Exception {
    Path plan =
        plan(
            """
            name: two
            backends: {sh: {type: command, command: [sh, -s]}}
            tasks:
              - {id: a, backend: sh, prompt: echo one}
              - {id: b, backend: sh, needs: [a], prompt: "echo '{{a}} two'; exit 3", failure: soft}
            """);

    int code = run("run", plan.toString());

    assertThat(code).as(read("err.txt")).isZero();
    assertThat(read("err.txt")).contains("a completed", "b failed", "a | one");
    String run = runId().orElseThrow();
    assertThat(verb("status", run)).contains("completed", "failed", "1 tasks failed");
    assertThat(verb("logs", run, "b")).contains("one two");
    assertThat(verb("logs", run, "c")).contains("has no task c; it has a, b");
    assertThat(verb("cancel", run)).contains("is over");
    assertThat(verb("cooldowns")).contains("no account rests");
  }

  @Test
  void theExampleWritesTheNotesOfARepository() throws Exception {
    Process git =
        new ProcessBuilder(
                "sh",
                "-c",
                """
                git init -q && git config user.name ann && git config user.email ann@localhost
                git commit -q --allow-empty -m first
                echo x > x && git add x && git commit -q -m 'Add x'
                """)
            .directory(folder.toFile())
            .start();
    assertThat(git.waitFor()).isZero();

    Path example = DocumentsTest.ROOT.resolve("examples/release-notes.yaml");
    assertThat(run("run", "--quiet", example.toString())).as(read("err.txt")).isZero();

    assertThat(read("RELEASE-NOTES.md"))
        .contains("# Since", "- Add x", "- 1 by ann", "## People (completed)", "1 file changed");
  }

  @Test
  void endpointsWithoutAPlaceAreThoseOfTheGateway() throws Exception {
    Script<LlmRequest, Answer> script = Script.of(Answer.text("forty-two"));
    try (FaultyProvider provider = FaultyProvider.builder().lenient().start(script)) {
      Files.writeString(
          config,
          """
          store: {url: "sqlite:%s/belay.db"}
          flow: {files: "%s/runs"}
          llm: {port: %d, routes: {m: {targets: [{provider: p, model: m}]}}, providers: {p: {url: "%s", key: k}}}
          """
              .formatted(folder, folder, provider.uri().getPort(), provider.uri("/v1")));
      Path plan =
          plan(
              """
              backends: {ask: {type: http, model: m}}
              questions: {most: 0}
              tasks: [{id: a, backend: ask, prompt: what?}]
              """);

      assertThat(run("run", plan.toString())).as(read("err.txt")).isZero();
      assertThat(read("err.txt")).contains("forty-two");
    }
  }

  @Test
  void aFailureIsAFailureAndSaysHowToGoOn() throws Exception {
    Path plan =
        plan(
            """
            backends:
              none: {type: command, command: [no-such-program-here]}
            tasks:
              - {id: a, backend: none, prompt: x}
              - {id: b, backend: none, needs: [a], prompt: x}
            """);

    assertThat(run("run", "--json", plan.toString())).isEqualTo(ExitCode.FAILED);

    assertThat(read("out.txt"))
        .contains("no-such-program-here", "\"state\":\"blocked\"", "\"kind\":\"end\"");
    assertThat(verb("status", runId().orElseThrow())).contains("go on with: belay resume");
  }

  @Test
  void aWrongPlanIsToldByLineAndNothingIsBegun() throws Exception {
    Path plan = plan("tasks: [{id: a, role: nobody, prompt: x, needs: [b]}]");

    assertThat(run("run", plan.toString())).isEqualTo(ExitCode.USAGE);

    assertThat(read("err.txt")).contains("plan.yaml:1: tasks.a.needs: there is no task b");
    assertThat(verb("status")).contains("no run yet");
  }

  @Test
  void whatHadCompletedIsNotDoneAgainHoweverOftenTheProcessIsKilled() throws Exception {
    StringBuilder yaml =
        new StringBuilder(
            "limits: {concurrency: 2}\nbackends: {sh: {type: command, command: [sh, -s]}}\ntasks:\n");
    int size = 8;
    for (int i = 0; i < size; i++) {
      String needs = i < 2 ? "[]" : "[t%d]".formatted(i - 2);
      yaml.append(
          "  - {id: t%d, backend: sh, needs: %s, prompt: \"echo t%d >> began; sleep 0.25; echo t%d >> done\"}\n"
              .formatted(i, needs, i, i));
    }
    Path plan = plan(yaml.toString());
    Random random = new Random(11);
    Process first = start("run", "--quiet", plan.toString());
    int kills = 0;
    while (runId().isEmpty()) {
      assertThat(first.isAlive()).as(read("err.txt")).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
    String run = runId().orElseThrow();
    Process now = first;
    List<String> completed = new ArrayList<>();
    for (int round = 0; round < 4 && now.isAlive(); round++) {
      TimeUnit.MILLISECONDS.sleep(50 + random.nextInt(500));
      now.destroyForcibly().waitFor();
      kills++;
      List<String> before = completedTasks(run);
      assertThat(before).containsAll(completed);
      completed.addAll(before);
      now = start("resume", "--quiet", run);
      TimeUnit.MILLISECONDS.sleep(700);
    }
    assertThat(now.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(now.exitValue()).as(read("err.txt")).isZero();
    assertThat(completedTasks(run)).hasSize(size);
    List<String> done = read("done").lines().toList();
    List<String> began = read("began").lines().toList();
    for (int i = 0; i < size; i++) {
      String id = "t" + i;
      assertThat(done).contains(id);
      long twice = began.stream().filter(id::equals).count();
      assertThat(twice).isBetween(1L, 1L + kills);
    }
    // all that was known to be completed at some kill began no more often than before it
    assertThat(began.size()).isLessThanOrEqualTo(size + 2 * kills);
  }

  private List<String> completedTasks(String run) {
    Matcher matcher =
        Pattern.compile("\"task\":\"(t\\d+)\",\"state\":\"completed\"")
            .matcher(verb("status", "--json", run));
    List<String> ids = new ArrayList<>();
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids;
  }

  @Test
  void oneInterruptStopsInGoodOrderAndLeavesNothingBehind() throws Exception {
    Path plan =
        plan(
            """
            backends: {sh: {type: command, command: [sh, -s], grace: 1s}}
            tasks:
              - {id: a, backend: sh, prompt: "echo $$ > pid; sleep 600 & echo $! >> pid; wait"}
            """);
    Process process = start("run", plan.toString());
    while (read("pid").lines().count() < 2) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    List<Long> pids = read("pid").lines().map(Long::valueOf).toList();

    new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(read("err.txt")).contains("interrupted", "go on with: belay resume");
    for (long pid : pids) {
      assertThat(isAlive(pid)).isFalse();
    }
    assertThat(verb("status", runId().orElseThrow())).contains("interrupted");
  }

  /** One that has ended and that nobody has asked for is not alive. */
  static boolean isAlive(long pid) {
    Path stat = Path.of("/proc/%d/stat".formatted(pid));
    if (!Files.exists(stat)) {
      return false;
    }
    try {
      String text = Files.readString(stat);
      return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void theSecondInterruptKillsAtOnce() throws Exception {
    Path plan =
        plan(
            """
            backends: {sh: {type: command, command: [sh, -s], grace: 60s}}
            tasks:
              - {id: a, backend: sh, prompt: "trap '' TERM; echo $$ > pid; while :; do sleep 1; done"}
            """);
    Process process = start("run", plan.toString());
    while (read("pid").isBlank()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    long pid = Long.parseLong(read("pid").strip());

    new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
    TimeUnit.MILLISECONDS.sleep(300);
    assertThat(process.isAlive()).isTrue();
    new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();

    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
    while (isAlive(pid)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void anotherProcessStopsARun() throws Exception {
    Path plan =
        plan(
            """
            backends: {sh: {type: command, command: [sh, -s]}}
            tasks: [{id: a, backend: sh, prompt: "echo up > up; sleep 600"}]
            """);
    Process process = start("run", plan.toString());
    while (read("up").isBlank()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }

    assertThat(verb("cancel", runId().orElseThrow())).contains("is told to stop");

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.FAILED);
    assertThat(read("err.txt")).contains("cancelled");
  }
}
