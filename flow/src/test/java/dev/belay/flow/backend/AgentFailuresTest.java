package dev.belay.flow.backend;

import static dev.belay.flow.backend.Agents.backend;
import static dev.belay.flow.backend.Agents.call;
import static dev.belay.flow.backend.Agents.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.testkit.agent.FakeAgent;
import dev.belay.testkit.agent.Tongue;
import dev.belay.testkit.agent.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
class AgentFailuresTest {
  @TempDir Path directory;

  private AgentException failed(Tongue tongue, Turn turn) {
    FakeAgent agent = FakeAgent.install(directory, tongue, turn);
    String type = tongue == Tongue.PLAIN ? "command" : agent.program().getFileName().toString();
    return failure(backend(type, agent.program()), call(directory, "do it"));
  }

  @ParameterizedTest
  @CsvSource({
    "claude, npm install -g @anthropic-ai/claude-code",
    "codex, npm install -g @openai/codex",
    "goose, install goose",
    "command, install it"
  })
  void aMissingProgramIsNamedWithTheWayToGetItAndIsNotTriedAgain(String type, String way) {
    AgentException failure =
        failure(backend(type, directory.resolve("none")), call(directory, "do it"));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.CONFIG);
    assertThat(failure.outcome().isRetryable()).isFalse();
    assertThat(failure).hasMessageContaining("/none is not there").hasMessageContaining(way);
  }

  @Test
  void aFileThatMayNotBeExecutedIsTold() throws Exception {
    Path file = Files.writeString(directory.resolve("agent"), "");

    assertThat(failure(backend("claude", file), call(directory, "do it")))
        .hasMessageContaining("may not be executed");
  }

  @Test
  void aMissingDirectoryIsNotTakenForAMissingProgram() {
    FakeAgent agent = FakeAgent.install(directory, Tongue.CLAUDE, Turn.answering("done"));

    AgentException failure =
        failure(backend("claude", agent.program()), call(directory.resolve("nowhere"), "do it"));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.CONFIG);
    assertThat(failure).hasMessageEndingWith("nowhere is no directory");
  }

  @ParameterizedTest
  @EnumSource(names = {"CLAUDE", "CODEX", "GOOSE"})
  void aFlagThatIsNotUnderstoodIsNotTriedAgain(Tongue tongue) {
    AgentException failure = failed(tongue, Turn.begin().unknownFlag("--frobnicate"));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.CONFIG);
    assertThat(failure).hasMessageContaining("--frobnicate");
  }

  @ParameterizedTest
  @CsvSource({
    "Invalid API key · Please run /login, AUTH",
    "Error: Not logged in, AUTH",
    "API Error: 529 Overloaded, OVERLOADED",
    "Prompt is too long, INVALID_INPUT",
    "connect ECONNREFUSED, TRANSIENT",
    "something else, TRANSIENT"
  })
  void whatItComplainsOfTellsWhatWentWrong(String words, OutcomeClass outcome) {
    AgentException failure = failed(Tongue.CLAUDE, Turn.begin().complain(words).exit(1));

    assertThat(failure.outcome()).isEqualTo(outcome);
    assertThat(failure).hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({"KILL, 9", "TERM, 15", "HUP, 1"})
  void oneThatSomebodyElseKillsIsToldFromOneThatFailed(String signal, int number) {
    AgentException failure = failed(Tongue.CODEX, Turn.begin().say("hm").dieOf(signal));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.KILLED);
    assertThat(failure).hasMessageContaining("signal " + number);
  }

  @ParameterizedTest
  @EnumSource
  void aLimitInASentenceIsFoundInWhateverItSays(Tongue tongue) {
    AgentException failure =
        failed(tongue, Turn.begin().limit("You've hit your limit · resets 3pm (UTC)"));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.RATE_LIMITED);
    assertThat(failure.limit()).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void aLimitInAFieldIsFoundInWhateverItSays(Tongue tongue) {
    Instant reset = Instant.ofEpochSecond(1_900_000_000);

    AgentException failure = failed(tongue, Turn.begin().limit(reset));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.RATE_LIMITED);
    assertThat(failure.limit().map(UsageLimit::until)).contains(reset);
  }

  @ParameterizedTest
  @CsvSource({
    "1, AGENT_FAILED",
    "64, CONFIG",
    "75, TRANSIENT",
    "77, AUTH",
    "126, CONFIG",
    "127, CONFIG",
    "137, KILLED",
    "255, AGENT_FAILED"
  })
  void aProgramSaysByItsExitCodeHowItWent(int code, OutcomeClass outcome) {
    AgentException failure = failed(Tongue.PLAIN, Turn.begin().complain("two\nlines").exit(code));

    assertThat(failure.outcome()).isEqualTo(outcome);
    assertThat(failure).hasMessage("one ended with exit code %d: two lines".formatted(code));
  }

  @Test
  void onlyTheEndOfLongComplaintsIsTold() {
    AgentException failure =
        failed(Tongue.PLAIN, Turn.begin().floodComplaints(100_000).complain("the end").exit(1));

    assertThat(failure.getMessage()).hasSizeLessThan(2_200).endsWith("the end");
  }

  @Test
  void whatAProgramWasGivenInSecretIsNotTold() {
    FakeAgent agent =
        FakeAgent.install(
            directory, Tongue.PLAIN, Turn.begin().complain("bad key canary-1").exit(1));
    BackendSettings settings =
        Agents.settings("command", agent.program()).environment(Map.of("KEY", "canary-1")).build();

    AgentException failure =
        failure(Backends.create(settings, Map.of(), Time.system()), call(directory, "do it"));

    assertThat(failure).hasMessageContaining("bad key ***");
    assertThat(settings.toString()).doesNotContain("canary");
    assertThat(agent.calls().getFirst().environment()).contains("KEY=canary-1");
  }

  @Test
  void aProgramAnswersWithItsOutput() throws Exception {
    FakeAgent agent =
        FakeAgent.install(directory, Tongue.PLAIN, Turn.begin().line("one").line("").line("two"));

    AgentReply reply =
        backend("command", agent.program()).send(call(directory, "hi"), AgentListener.NONE);

    assertThat(reply.text()).isEqualTo("one\n\ntwo");
    assertThat(reply.session()).isEmpty();
    assertThat(agent.calls().getFirst().input()).isEqualTo("hi");
  }
}
