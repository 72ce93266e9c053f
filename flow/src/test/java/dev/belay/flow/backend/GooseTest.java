package dev.belay.flow.backend;

import static dev.belay.flow.backend.Agents.backend;
import static dev.belay.flow.backend.Agents.call;
import static dev.belay.flow.backend.Agents.carryingOn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.flow.OutcomeClass;
import dev.belay.flow.backend.Agents.Heard;
import dev.belay.testkit.agent.FakeAgent;
import dev.belay.testkit.agent.Tongue;
import dev.belay.testkit.agent.Turn;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class GooseTest {
  private final Heard heard = new Heard();

  @TempDir Path directory;

  private FakeAgent agent(Turn... turns) {
    return FakeAgent.install(directory, Tongue.GOOSE, turns);
  }

  private AgentReply reply(FakeAgent agent, AgentCall call) throws Exception {
    return backend("goose", agent.program()).send(call, heard);
  }

  private String said(Turn turn) throws Exception {
    return reply(agent(turn), call(directory, "do it")).text();
  }

  @Test
  void answersUnderANameThatWeHaveChosen() throws Exception {
    FakeAgent agent = agent(Turn.begin().answer("done", 0, 10, 5));

    AgentReply reply = reply(agent, call(directory, "do it"));

    assertThat(reply.text()).isEqualTo("done");
    assertThat(reply.spend().tokens()).isEqualTo(15);
    assertThat(reply.session()).contains(heard.sessions.getFirst());
    assertThat(agent.calls().getFirst().input()).isEqualTo("do it");
    assertThat(agent.calls().getFirst().arguments())
        .containsExactly(
            "run",
            "-q",
            "--output-format",
            "json",
            "--name",
            heard.sessions.getFirst(),
            "--instructions",
            "-");
  }

  @Test
  void carriesOnByNameAndNotWhateverRanLast() throws Exception {
    FakeAgent agent = agent(Turn.answering("done"));

    reply(agent, carryingOn(call(directory, "more"), "belay-1"));

    assertThat(agent.calls().getFirst().arguments()).contains("--resume");
    assertThat(agent.calls().getFirst().after("--name")).isEqualTo("belay-1");
  }

  @Test
  void startsAnewInTheSameAttemptIfThereIsNoSuchName() throws Exception {
    FakeAgent agent = agent(Turn.begin().noSuchSession(), Turn.answering("done"));

    AgentReply reply = reply(agent, carryingOn(call(directory, "do it"), "gone"));

    assertThat(reply.session().orElseThrow()).startsWith("belay-");
    assertThat(agent.calls().get(1).arguments()).doesNotContain("--resume");
  }

  @Test
  void whateverItWritesIsReadLeniently() throws Exception {
    assertThat(said(Turn.begin().line("{\"content\":\"one object\"}"))).isEqualTo("one object");
  }

  @Test
  void anObjectOverSeveralLinesIsOne() throws Exception {
    assertThat(said(Turn.begin().line("{").line("\"content\":").line("\"done\"").line("}")))
        .isEqualTo("done");
  }

  @Test
  void objectsOnLinesAreJoinedAndWhatIsNoneIsLeftOut() throws Exception {
    assertThat(
            said(
                Turn.begin()
                    .line("starting up")
                    .line("{\"content\":\"one\"}")
                    .line("{\"content\":\"two\"}")))
        .isEqualTo("one\ntwo");
  }

  @Test
  void plainTextIsTheAnswerAndComplaintsNeverAre() throws Exception {
    assertThat(said(Turn.begin().complain("warning").line("plain").complain("text")))
        .isEqualTo("plain");
  }

  @Test
  void theLastWordsOfTheAgentAreTheAnswer() throws Exception {
    String message = "{\"role\":\"%s\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}";

    assertThat(
            said(
                Turn.begin()
                    .line(
                        "{\"messages\":[%s,%s,%s]}"
                            .formatted(
                                message.formatted("assistant", "before"),
                                message.formatted("user", "do it"),
                                message.formatted("assistant", "after")))))
        .isEqualTo("after");
  }

  @Test
  void noWordAtAllIsTransient() {
    FakeAgent agent = agent(Turn.begin());

    assertThat(
            Agents.failure(backend("goose", agent.program()), call(directory, "do it")).outcome())
        .isEqualTo(OutcomeClass.TRANSIENT);
  }
}
