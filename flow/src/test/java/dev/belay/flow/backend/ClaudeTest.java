package dev.belay.flow.backend;

import static dev.belay.flow.backend.Agents.backend;
import static dev.belay.flow.backend.Agents.call;
import static dev.belay.flow.backend.Agents.carryingOn;
import static dev.belay.flow.backend.Agents.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import dev.belay.flow.backend.Agents.Heard;
import dev.belay.testkit.agent.FakeAgent;
import dev.belay.testkit.agent.Tongue;
import dev.belay.testkit.agent.Turn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ClaudeTest {
  private static final Instant RESET = Instant.ofEpochSecond(1_900_000_000);

  private final Heard heard = new Heard();

  @TempDir Path directory;

  private FakeAgent agent(Turn... turns) {
    return FakeAgent.install(directory, Tongue.CLAUDE, turns);
  }

  private AgentReply reply(FakeAgent agent, AgentCall call) throws Exception {
    return backend("claude", agent.program()).send(call, heard);
  }

  private AgentException failed(Turn turn) {
    return failure(backend("claude", agent(turn).program()), call(directory, "do it"));
  }

  @Test
  void answersWithTextSessionAndSpend() throws Exception {
    FakeAgent agent = agent(Turn.begin().say("hm").answer("Größe: 3 \"ja\"\n😀", 0.25, 100, 20));

    AgentReply reply = reply(agent, call(directory, "do it"));

    assertThat(reply.text()).isEqualTo("Größe: 3 \"ja\"\n😀");
    assertThat(reply.spend()).isEqualTo(new Spend(0.25, 100, 20));
    assertThat(reply.session()).contains(heard.sessions.getFirst());
    assertThat(heard.lines).containsExactly("hm", "Größe: 3 \"ja\"", "😀");
    FakeAgent.Seen seen = agent.calls().getFirst();
    assertThat(seen.input()).isEqualTo("do it");
    assertThat(seen.directory()).isEqualTo(directory.toRealPath().toString());
    assertThat(seen.environment()).contains("BELAY_RUN=run-1", "BELAY_TASK=task-1");
    assertThat(seen.arguments())
        .containsExactly(
            "-p",
            "--output-format",
            "stream-json",
            "--verbose",
            "--session-id",
            heard.sessions.getFirst());
    assertThat(UUID.fromString(heard.sessions.getFirst()).version()).isEqualTo(4);
  }

  @Test
  void passesOnAllThatACallAsksFor() throws Exception {
    FakeAgent agent = agent(Turn.answering("done"));
    BackendSettings settings =
        Agents.settings("claude", agent.program())
            .args(List.of("--permission-mode", "plan"))
            .build();

    Backends.create(settings, Map.of(), Time.system()).send(Agents.full(directory), heard);

    FakeAgent.Seen seen = agent.calls().getFirst();
    assertThat(seen.after("--model")).isEqualTo("large");
    assertThat(seen.after("--append-system-prompt")).isEqualTo("be brief");
    assertThat(seen.after("--allowedTools")).isEqualTo("Read,Bash(git log:*)");
    assertThat(seen.after("--max-budget-usd")).isEqualTo("0.5");
    assertThat(seen.after("--permission-mode")).isEqualTo("plan");
  }

  @Test
  void tellsTheSessionBeforeAnythingIsStarted() {
    Backend missing = backend("claude", directory.resolve("none"));

    assertThatThrownBy(() -> missing.send(call(directory, "do it"), heard))
        .isInstanceOf(AgentException.class);

    assertThat(heard.sessions).hasSize(1);
  }

  @Test
  void carriesAConversationOn() throws Exception {
    FakeAgent agent = agent(Turn.answering("done"));

    AgentReply reply = reply(agent, carryingOn(call(directory, "more"), "s-1"));

    assertThat(reply.session()).contains("s-1");
    assertThat(agent.calls().getFirst().after("--resume")).isEqualTo("s-1");
    assertThat(agent.calls().getFirst().arguments()).doesNotContain("--session-id");
  }

  @Test
  void carriesOnASessionThatIsInUseInTheSameAttempt() throws Exception {
    FakeAgent agent = agent(Turn.begin().sessionInUse(), Turn.answering("done"));

    assertThat(reply(agent, call(directory, "do it")).text()).isEqualTo("done");

    String session = heard.sessions.getFirst();
    assertThat(agent.calls()).hasSize(2);
    assertThat(agent.calls().get(0).after("--session-id")).isEqualTo(session);
    assertThat(agent.calls().get(1).after("--resume")).isEqualTo(session);
  }

  @Test
  void startsAnewInTheSameAttemptIfThereIsNoSuchSession() throws Exception {
    FakeAgent agent = agent(Turn.begin().noSuchSession(), Turn.answering("done"));

    AgentReply reply = reply(agent, carryingOn(call(directory, "do it"), "gone"));

    assertThat(reply.text()).isEqualTo("done");
    assertThat(reply.session().orElseThrow()).isNotEqualTo("gone");
    assertThat(agent.calls().get(1).after("--session-id")).isEqualTo(reply.session().get());
    assertThat(heard.sessions).startsWith("gone").contains(reply.session().get());
  }

  @Test
  void doesNotGoRoundForEverBetweenSessions() {
    AgentException failure = failed(Turn.begin().sessionInUse());

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.TRANSIENT);
    assertThat(failure).hasMessageContaining("already in use");
  }

  @Test
  void anErrorInTheResultIsAFailureEvenWithExitCodeZero() {
    AgentException error =
        failed(
            Turn.begin()
                .line(
                    "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,"
                        + "\"result\":\"no way\"}"));

    assertThat(error.outcome()).isEqualTo(OutcomeClass.AGENT_FAILED);
    assertThat(error).hasMessage("one says that it could not do it: no way");
  }

  @Test
  void aSubtypeOtherThanSuccessIsAFailureOfTheAgent() {
    AgentException failure =
        failed(
            Turn.begin()
                .line(
                    "{\"type\":\"result\",\"subtype\":\"error_max_turns\",\"is_error\":false,"
                        + "\"total_cost_usd\":0.75}"));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.AGENT_FAILED);
    assertThat(failure).hasMessageEndingWith("error max turns");
    assertThat(failure.spend().cost()).isEqualTo(0.75);
  }

  @Test
  void whatAnAgentSaysOfItsWorkIsNotTakenForTroubleWithItsLogin() {
    assertThat(failed(Turn.begin().fail("the test server says 401 unauthorized")).outcome())
        .isEqualTo(OutcomeClass.AGENT_FAILED);
  }

  @Test
  void theStatusOfItsProviderTellsWhatWentWrong() {
    String result =
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"API Error\","
            + "\"api_error_status\":529}";

    assertThat(failed(Turn.begin().line(result).exit(1)).outcome())
        .isEqualTo(OutcomeClass.OVERLOADED);
  }

  @Test
  void aLimitInAnEventTellsWhenItEnds() {
    AgentException failure = failed(Turn.begin().limit(RESET));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.RATE_LIMITED);
    assertThat(failure.limit())
        .contains(new UsageLimit(RESET, UsageLimit.Source.EVENT, "five_hour"));
  }

  @Test
  void aLimitInASentenceTellsWhenItEnds() {
    AgentException failure =
        failed(Turn.begin().limit("You've hit your session limit · resets 3pm (Europe/Berlin)"));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.RATE_LIMITED);
    assertThat(failure.limit().orElseThrow().source()).isEqualTo(UsageLimit.Source.TEXT);
    assertThat(failure.limit().orElseThrow().kind()).isEqualTo("session");
  }

  @Test
  void anAnswerThatIsNothingButTheNoticeOfALimitIsNone() throws Exception {
    AgentException failure =
        failed(Turn.answering("You've hit your limit · resets 3pm (Europe/London)"));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.RATE_LIMITED);
    String work = "I fixed the message \"You've hit your limit\".";
    assertThat(reply(agent(Turn.answering(work)), call(directory, "do it")).text()).isEqualTo(work);
  }

  @Test
  void aWarningThatLittleIsLeftIsNoFailure() throws Exception {
    String event =
        "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"allowed_warning\","
            + "\"resetsAt\":1900000000}}";
    FakeAgent agent = agent(Turn.begin().line(event).answer("done"), Turn.begin().line(event));

    assertThat(reply(agent, call(directory, "do it")).text()).isEqualTo("done");
    AgentException failure = failure(backend("claude", agent.program()), call(directory, "do it"));
    assertThat(failure.outcome()).isEqualTo(OutcomeClass.TRANSIENT);
    assertThat(failure.limit()).isEqualTo(Optional.empty());
  }

  @Test
  void outputThatCannotBeReadIsTransient() {
    AgentException failure = failed(Turn.begin().line("{not json").bytes((byte) 0xff, (byte) 10));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.TRANSIENT);
    assertThat(failure).hasMessage("one gave no answer that can be read");
  }
}
