package dev.belay.flow.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class GitTest {
  @TempDir Path temp;

  /** A program in place of git. */
  private Git script(String text) throws Exception {
    Path file = Files.writeString(temp.resolve("script"), "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return new Git(file.toString());
  }

  private GitOutput run(String text) throws Exception {
    return script(text).run(GitCall.in(temp, "x"));
  }

  @Test
  void anErrorTellsCommandPlaceCodeAndTheEndOfWhatWasSaid() {
    assertThatThrownBy(() -> run("seq 1 100000 >&2; echo the cause >&2; exit 7"))
        .isInstanceOf(WorktreeException.class)
        .hasMessageContainingAll("git x", temp.toString(), "ended with 7", "the cause")
        .hasMessageNotContaining("\n5\n")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(9000));
  }

  @Test
  void bothPipesAreDrainedHoweverMuchComes() throws Exception {
    GitOutput output = run("seq 1 200000 >&2 & seq 1 200000; wait");

    assertThat(output.text()).endsWith("\n200000");
    assertThat(output.errors()).endsWith("\n200000\n");
  }

  @Test
  void moreThanIsBearableIsAnError() {
    assertThatThrownBy(() -> run("head -c 70000000 /dev/zero"))
        .hasMessageContaining("more than 67108864 bytes");
  }

  @Test
  void inputThatIsNotReadIsNoError() throws Exception {
    GitOutput output = script("echo done").run(GitCall.in(temp, "x").reading(new byte[1_000_000]));

    assertThat(output.text()).isEqualTo("done");
  }

  @Test
  void theEnvironmentAsksNobodyAndLeadsNowhereElse() throws Exception {
    assertThat(run("env").text().lines())
        .contains("LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_EDITOR=true", "GIT_OPTIONAL_LOCKS=0")
        .noneMatch(line -> line.startsWith("GIT_DIR="));
  }

  @Test
  void whoeverIsInterruptedEndsTheProgram() throws Exception {
    Git git = script("trap 'touch ended; exit 0' TERM\ntouch started\nwhile :; do :; done");
    var task = new FutureTask<>(() -> git.run(GitCall.in(temp, "x")));
    Thread thread = Thread.ofVirtual().start(task);
    while (!Files.exists(temp.resolve("started"))) {
      Thread.onSpinWait();
    }

    thread.interrupt();

    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(temp.resolve("ended")).exists();
  }
}
