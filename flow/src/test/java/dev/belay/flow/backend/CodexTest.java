package dev.belay.flow.backend;

import static dev.belay.flow.backend.Agents.backend;
import static dev.belay.flow.backend.Agents.call;
import static dev.belay.flow.backend.Agents.carryingOn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import dev.belay.flow.backend.Agents.Heard;
import dev.belay.testkit.agent.FakeAgent;
import dev.belay.testkit.agent.Tongue;
import dev.belay.testkit.agent.Turn;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class CodexTest {
  private final Heard heard = new Heard();

  @TempDir Path directory;

  private FakeAgent agent(Turn... turns) {
    return FakeAgent.install(directory, Tongue.CODEX, turns);
  }

  private AgentReply reply(FakeAgent agent, AgentCall call) throws Exception {
    return backend("codex", agent.program()).send(call, heard);
  }

  @Test
  void answersWithItsLastMessageThreadAndSpend() throws Exception {
    FakeAgent agent =
        agent(
            Turn.begin()
                .line("{\"type\":\"something.new\",\"item\":7}")
                .line("no json at all")
                .say("looking")
                .answer("done", 0, 30, 4));

    AgentReply reply = reply(agent, call(directory, "do it"));

    assertThat(reply.text()).isEqualTo("done");
    assertThat(reply.session()).contains("thread-1");
    assertThat(reply.spend()).isEqualTo(new Spend(0, 30, 4));
    assertThat(heard.sessions).containsExactly("thread-1");
    assertThat(heard.lines).containsExactly("no json at all", "looking", "done");
    assertThat(agent.calls().getFirst().arguments()).containsExactly("exec", "--json", "-");
    assertThat(agent.calls().getFirst().input()).isEqualTo("do it");
  }

  @Test
  void carriesAThreadOnWithThePromptAndNeverByThePicker() throws Exception {
    FakeAgent agent = agent(Turn.answering("done"));

    AgentReply reply = reply(agent, carryingOn(call(directory, "more"), "thread-9"));

    assertThat(reply.session()).contains("thread-9");
    assertThat(agent.calls().getFirst().arguments())
        .containsExactly("exec", "resume", "--json", "thread-9", "-");
    assertThat(agent.calls().getFirst().input()).isEqualTo("more");
  }

  @Test
  void startsAnewInTheSameAttemptIfThereIsNoSuchThread() throws Exception {
    FakeAgent agent = agent(Turn.begin().noSuchSession(), Turn.answering("done"));

    AgentReply reply = reply(agent, carryingOn(call(directory, "do it"), "gone"));

    assertThat(reply.session()).contains("thread-2");
    assertThat(agent.calls().get(1).arguments()).containsExactly("exec", "--json", "-");
  }

  @Test
  void passesOnModelAndStandingInstructions() throws Exception {
    FakeAgent agent = agent(Turn.answering("done"));

    reply(agent, Agents.full(directory));

    assertThat(agent.calls().getFirst().after("-m")).isEqualTo("large");
    assertThat(agent.calls().getFirst().input()).isEqualTo("be brief\n\ndo it");
  }

  @Test
  void aThreadIsKeptEvenIfItsTurnFails() {
    FakeAgent agent = agent(Turn.begin().fail("stream disconnected before completion"));

    assertThatThrownBy(() -> reply(agent, call(directory, "do it")))
        .isInstanceOfSatisfying(
            AgentException.class,
            failure -> assertThat(failure.outcome()).isEqualTo(OutcomeClass.TRANSIENT));
    assertThat(heard.sessions).containsExactly("thread-1");
  }

  @Test
  void anErrorThatItGetsOverIsNoFailure() throws Exception {
    FakeAgent agent =
        agent(
            Turn.begin()
                .line("{\"type\":\"error\",\"message\":\"Reconnecting... 1/5\"}")
                .answer("done"));

    assertThat(reply(agent, call(directory, "do it")).text()).isEqualTo("done");
  }

  @Test
  void aLimitTellsWhenItEnds() {
    Instant reset = Instant.ofEpochSecond(1_900_000_000);
    FakeAgent agent = agent(Turn.begin().limit(reset));

    AgentException failure =
        Agents.failure(backend("codex", agent.program()), call(directory, "do it"));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.RATE_LIMITED);
    assertThat(failure.limit().orElseThrow().until()).isEqualTo(reset);
  }
}
