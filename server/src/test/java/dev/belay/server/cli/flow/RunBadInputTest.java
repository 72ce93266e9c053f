package dev.belay.server.cli.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.cli.Shell;
import dev.belay.server.cli.shared.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code belay run} says of plans and places that it cannot use. */
@Timeout(60)
class RunBadInputTest {
  @TempDir Path folder;
  private Path config = Path.of("");

  @BeforeEach
  void config() throws IOException {
    config =
        Files.writeString(
            folder.resolve("belay.yaml"),
            "store: {url: \"sqlite:%1$s/belay.db\"}\nflow: {files: \"%1$s/runs\"}\n"
                .formatted(folder));
  }

  private Shell shell(int code, String... arguments) {
    Shell shell = new Shell().with("PATH", "/usr/bin:/bin");
    assertThat(shell.run(arguments)).as(shell.out() + shell.err()).isEqualTo(code);
    return shell;
  }

  private String said(int code, Path plan) {
    return shell(
            code,
            "run",
            "--plain",
            plan.toString(),
            "-d",
            folder.toString(),
            "-c",
            config.toString())
        .err();
  }

  private String status(String... more) {
    List<String> all = new ArrayList<>(List.of("status", "-c", config.toString()));
    all.addAll(List.of(more));
    return shell(ExitCode.OK, all.toArray(String[]::new)).out();
  }

  private Path plan(String yaml) throws IOException {
    return Files.writeString(folder.resolve("plan.yaml"), yaml);
  }

  private void assertRefused(Path plan, String... why) {
    assertThat(said(ExitCode.USAGE, plan)).contains(why).doesNotContain("Exception", "\tat ");
    assertThat(status()).contains("no run yet");
  }

  @Test
  void aPlanThatIsNotThere() {
    assertRefused(folder.resolve("none.yaml"), "none.yaml: there is no such file");
  }

  @Test
  void aPlanThatIsAFolder() {
    assertRefused(folder, "is a directory, not a file");
  }

  @Test
  void aPlanThatIsNoText() throws IOException {
    Path plan = Files.write(folder.resolve("plan.yaml"), "tasks: \377".getBytes(ISO_8859_1));
    assertRefused(plan, "plan.yaml: is not UTF-8 text");
  }

  @Test
  void aPlanThatIsNoYaml() throws IOException {
    assertRefused(plan("tasks:\n  - {id: a\n  - b\n"), "plan.yaml:");
  }

  @Test
  void aBackendOfAnUnknownType() throws IOException {
    assertRefused(
        plan("backends: {x: {type: cluade}}\ntasks: [{id: a, role: x, prompt: x}]\n"),
        "plan.yaml:1: backends.x.type: must be one of",
        "did you mean claude?");
  }

  @Test
  void aBackendThatNobodyHasWrittenDown() throws IOException {
    assertRefused(
        plan("tasks:\n  - {id: a, backend: elephant, prompt: x}\n"),
        "plan.yaml:2: tasks.a.",
        "'elephant'");
  }

  @Test
  void worktreesWhereThereIsNoRepository() throws IOException {
    assertRefused(
        plan("worktrees: true\ntasks: [{id: a, role: claude, prompt: x}]\n"),
        "worktrees: ",
        "no git repository");
  }

  @Test
  void filesOutsideOfTheDirectory() throws IOException {
    assertRefused(
        plan("tasks: [{id: a, role: claude, prompt: x, writes: [../other]}]\n"), "tasks.a.writes");
  }

  @Test
  void aMissingProgramFailsAtOnceWithItsNameAndHowToGetIt() throws IOException {
    Path plan =
        plan(
            """
            backends: {agent: {type: claude, command: [claude-that-is-not-there]}}
            tasks: [{id: a, backend: agent, prompt: x}]
            """);

    assertThat(said(ExitCode.FAILED, plan))
        .contains("claude-that-is-not-there", "npm install -g @anthropic-ai/claude-code")
        .contains("another attempt cannot help");
    Matcher run = Pattern.compile("\"run\":\"([0-9a-f-]+)\"").matcher(status("--json"));
    assertThat(run.find()).isTrue();
    assertThat(status("--json", run.group(1))).contains("\"attempts\":1,");
  }
}
