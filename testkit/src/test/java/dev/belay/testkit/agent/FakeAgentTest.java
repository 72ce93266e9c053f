package dev.belay.testkit.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class FakeAgentTest {
  private static final Instant RESET = Instant.ofEpochSecond(1_800_000_000);

  @TempDir Path directory;

  private record Said(String text, int exitCode) {}

  private static Said run(FakeAgent agent, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(agent.program().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("BELAY_TASK", "task-1");
    Process process = builder.start();
    process.getOutputStream().write("what?".getBytes(UTF_8));
    process.getOutputStream().close();
    return new Said(new String(process.getInputStream().readAllBytes(), UTF_8), process.waitFor());
  }

  @Test
  void speaksAsClaudeDoesInTheSessionThatItIsGiven() throws Exception {
    FakeAgent agent =
        FakeAgent.install(directory, Tongue.CLAUDE, Turn.begin().answer("it's \"5\"", 0.5, 3, 1));

    assertThat(run(agent, "-p", "--session-id", "s-7").text().lines())
        .hasSize(3)
        .first()
        .asString()
        .contains("\"session_id\":\"s-7\"");
    assertThat(run(agent, "-p", "--resume", "s-8").text())
        .contains("\"session_id\":\"s-8\"", "it's \\\"5\\\"", "\"total_cost_usd\":0.5");
  }

  @Test
  void speaksAsCodexDoesInAThreadOfItsOwn() throws Exception {
    FakeAgent agent = FakeAgent.install(directory, Tongue.CODEX, Turn.answering("done"));

    assertThat(run(agent, "exec", "--json", "-").text())
        .contains("\"thread_id\":\"thread-1\"", "turn.completed");
    assertThat(run(agent, "exec", "resume", "--json", "t-9", "-").text())
        .contains("\"thread_id\":\"t-9\"");
  }

  @Test
  void takesTurnsAndRepeatsTheLast() throws Exception {
    FakeAgent agent =
        FakeAgent.install(
            directory, Tongue.PLAIN, Turn.begin().complain("no").exit(7), Turn.answering("yes"));

    assertThat(run(agent)).isEqualTo(new Said("no\n", 7));
    assertThat(run(agent)).isEqualTo(new Said("yes\n", 0));
    assertThat(run(agent)).isEqualTo(new Said("yes\n", 0));
  }

  @Test
  void keepsAJournalOfHowItWasCalled() throws Exception {
    FakeAgent agent = FakeAgent.install(directory, Tongue.GOOSE, Turn.answering("done"));

    run(agent, "run", "two\nlines", "", "--name", "n-1");

    FakeAgent.Seen seen = agent.calls().getFirst();
    assertThat(seen.arguments()).containsExactly("run", "two\nlines", "", "--name", "n-1");
    assertThat(seen.after("--name")).isEqualTo("n-1");
    assertThat(seen.after("--model")).isEmpty();
    assertThat(seen.input()).isEqualTo("what?");
    assertThat(seen.environment()).contains("BELAY_TASK=task-1");
  }

  @Test
  void refusesInTheWordsOfEach() throws Exception {
    FakeAgent claude =
        FakeAgent.install(
            directory,
            Tongue.CLAUDE,
            Turn.begin().limit(RESET),
            Turn.begin().sessionInUse(),
            Turn.begin().unknownFlag("--odd"));

    assertThat(run(claude).text()).contains("\"resetsAt\":1800000000", "\"rejected\"");
    assertThat(run(claude, "--session-id", "s-1"))
        .isEqualTo(new Said("Error: Session ID s-1 is already in use.\n", 1));
    assertThat(run(claude).text()).contains("unknown option '--odd'");
  }

  @Test
  void diesOfASignal() throws Exception {
    FakeAgent agent = FakeAgent.install(directory, Tongue.PLAIN, Turn.begin().dieOf("KILL"));

    assertThat(run(agent).exitCode()).isEqualTo(137);
  }

  @Test
  void floodsBothStreams() throws Exception {
    FakeAgent agent =
        FakeAgent.install(
            directory, Tongue.PLAIN, Turn.begin().flood(100_000).floodComplaints(50_000));

    assertThat(run(agent).text().length()).isBetween(150_000, 150_002);
  }

  @Test
  void whatItLeavesBehindIsInItsJournal() throws Exception {
    FakeAgent agent = FakeAgent.install(directory, Tongue.PLAIN, Turn.begin().leaveBehind().hang());
    Process process = new ProcessBuilder(agent.program().toString()).start();
    process.getOutputStream().close();
    while (agent.calls().isEmpty() || agent.calls().getFirst().processes().isEmpty()) {
      Thread.onSpinWait();
    }

    long left = agent.calls().getFirst().processes().getFirst();

    ProcessHandle handle = ProcessHandle.of(left).orElseThrow();
    assertThat(process.descendants()).doesNotContain(handle);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    handle.descendants().forEach(ProcessHandle::destroyForcibly);
    handle.destroyForcibly();
  }
}
