package dev.belay.flow.backend;

import static dev.belay.flow.backend.Agents.backend;
import static dev.belay.flow.backend.Agents.call;
import static dev.belay.flow.backend.Agents.failure;
import static dev.belay.flow.backend.Agents.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.testkit.agent.FakeAgent;
import dev.belay.testkit.agent.Tongue;
import dev.belay.testkit.agent.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents that hang, flood, leave something behind or are to stop. */
@Timeout(20)
class AgentEndsTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path directory;

  private FakeAgent agent(Turn turn) {
    return FakeAgent.install(directory, Tongue.CLAUDE, turn);
  }

  private Backend claude(FakeAgent agent) {
    return backend("claude", agent.program());
  }

  private static Duration since(long start) {
    return Duration.ofNanos(Time.system().nanos() - start);
  }

  /** One that has ended, and was not asked how, does nothing any more. */
  private static boolean lives(long number) throws Exception {
    Path state = Path.of("/proc/" + number + "/stat");
    return ProcessHandle.of(number).isPresent()
        && !(Files.exists(state) && Files.readString(state).contains(") Z "));
  }

  private void assertNothingIsLeft(FakeAgent agent) throws Exception {
    for (FakeAgent.Seen call : agent.calls()) {
      assertThat(call.processes()).isNotEmpty();
      for (long number : call.processes()) {
        assertThat(lives(number)).isFalse();
      }
    }
  }

  /** Sends, interrupts at the first line that is heard, and waits for the end. */
  private Throwable interrupted(FakeAgent agent) throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    CompletableFuture<String> begun = new CompletableFuture<>();
    AgentListener listener =
        new AgentListener() {
          @Override
          public void line(String line) {
            begun.complete(line);
          }
        };
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                claude(agent).send(call(directory, "do it"), listener);
              } catch (Exception thrown) {
                end.complete(thrown);
              }
            });
    begun.get(10, TimeUnit.SECONDS);
    sender.interrupt();
    return end.get(10, TimeUnit.SECONDS);
  }

  @Test
  void stoppingAnAgentEndsItsGrandchildrenWithinTheGraceAndNotWithTheirSleep() throws Exception {
    FakeAgent agent = agent(Turn.begin().leaveBehind().say("busy").hang());
    long start = Time.system().nanos();

    Throwable thrown = interrupted(agent);

    assertThat(thrown).isInstanceOf(InterruptedException.class);
    assertThat(since(start)).isLessThan(Agents.GRACE.plusSeconds(2));
    assertNothingIsLeft(agent);
  }

  /** Who asks a parent that is gone for its children finds nothing, whatever is left. */
  @Test
  void whatTheseTestsLookForIsSeenAlthoughItsParentIsGone() throws Exception {
    FakeAgent agent = agent(Turn.begin().leaveBehind().answer("done"));
    Process started = new ProcessBuilder(agent.program().toString(), "-p").start();
    started.getOutputStream().close();
    assertThat(started.waitFor()).isZero();
    long left = agent.calls().getFirst().processes().getFirst();
    try {
      assertThat(started.descendants()).isEmpty();
      assertThat(lives(left)).isTrue();
      assertThatThrownBy(() -> assertNothingIsLeft(agent)).isInstanceOf(AssertionError.class);
    } finally {
      ProcessHandle.of(left)
          .ifPresent(handle -> {
            handle.descendants().forEach(ProcessHandle::destroyForcibly);
            handle.destroyForcibly();
          });
    }
  }

  @Test
  void oneThatWeStopIsNeitherKilledByOthersNorAFailureOfItsBackend() throws Exception {
    assertThat(interrupted(agent(Turn.begin().stubborn().say("busy").hang())))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void oneThatObeysIsStoppedAtOnce() throws Exception {
    BackendSettings patient =
        Agents.settings("claude", agent(Turn.begin().say("busy").hang()).program())
            .grace(Duration.ofSeconds(60))
            .build();
    CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    Thread sender = Thread.currentThread();
    AgentListener listener =
        new AgentListener() {
          @Override
          public void line(String line) {
            sender.interrupt();
          }
        };
    try {
      Backends.create(patient, Map.of(), Time.system()).send(call(directory, "do it"), listener);
    } catch (InterruptedException given) {
      stopped.complete(true);
    }

    assertThat(stopped).isCompletedWithValue(true);
  }

  @Test
  void aThreadThatIsInterruptedAlreadyStartsNothing() {
    FakeAgent agent = agent(Turn.answering("done"));

    Thread.currentThread().interrupt();
    Throwable thrown =
        catchThrowable(() -> claude(agent).send(call(directory, "do it"), AgentListener.NONE));

    assertThat(thrown).isInstanceOf(InterruptedException.class);
    assertThat(agent.calls()).isEmpty();
  }

  @Test
  void oneThatTakesTooLongIsEndedWithItsTreeAndCountsAsAFailure() throws Exception {
    FakeAgent agent = agent(Turn.begin().leaveBehind().hangTalking(Duration.ofMillis(50)));

    AgentException failure =
        failure(claude(agent), within(call(directory, "do it"), SHORT, Agents.LONG));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.TIMEOUT);
    assertThat(failure).hasMessage("one took longer than 300 ms and was ended");
    assertNothingIsLeft(agent);
  }

  @Test
  void oneThatGivesNoSignOfLifeIsEnded() {
    AgentException failure =
        failure(
            claude(agent(Turn.begin().say("hm").hang())),
            within(call(directory, "do it"), Agents.LONG, SHORT));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.TIMEOUT);
    assertThat(failure).hasMessage("one gave no sign of life for 300 ms and was ended");
  }

  @Test
  void oneThatSaysSomethingFromTimeToTimeIsLetWork() throws Exception {
    Turn turn = Turn.begin();
    for (int i = 0; i < 8; i++) {
      turn = turn.pause(Duration.ofMillis(100)).complain("working");
    }

    AgentReply reply =
        claude(agent(turn.answer("done")))
            .send(
                within(call(directory, "do it"), Agents.LONG, SHORT.multipliedBy(2)),
                AgentListener.NONE);

    assertThat(reply.text()).isEqualTo("done");
  }

  @Test
  void whatAnAgentLeavesBehindNeitherDelaysItsAnswerForEverNorStays() throws Exception {
    FakeAgent agent = agent(Turn.begin().leaveBehind().answer("done"));
    long start = Time.system().nanos();

    AgentReply reply = claude(agent).send(call(directory, "do it"), AgentListener.NONE);

    assertThat(reply.text()).isEqualTo("done");
    assertThat(since(start)).isLessThan(Duration.ofSeconds(4));
    assertNothingIsLeft(agent);
  }

  @Test
  void aFloodOnBothStreamsStallsNothing() throws Exception {
    int flood = 10 << 20;

    AgentReply reply =
        claude(agent(Turn.begin().floodComplaints(flood).flood(flood).answer("done")))
            .send(call(directory, "do it"), AgentListener.NONE);

    assertThat(reply.text()).isEqualTo("done");
  }

  @ParameterizedTest
  @EnumSource
  void aPromptOfFiveMegabytesArrivesWhole(Tongue tongue) throws Exception {
    String prompt = "0123456789abcde\n".repeat((5 << 20) / 16);
    FakeAgent agent = FakeAgent.install(directory, tongue, Turn.answering("done"));
    String type = tongue == Tongue.PLAIN ? "command" : agent.program().getFileName().toString();

    AgentReply reply =
        backend(type, agent.program()).send(call(directory, prompt), AgentListener.NONE);

    assertThat(reply.text()).isEqualTo("done");
    assertThat(agent.calls().getFirst().input()).isEqualTo(prompt);
    assertThat(agent.calls().getFirst().arguments()).allMatch(word -> word.length() < 1_000);
  }

  @Test
  void aProgramThatDoesNotReadItsPromptMayStillAnswer() throws Exception {
    FakeAgent agent = FakeAgent.deaf(directory, Tongue.CLAUDE, Turn.answering("done"));

    AgentReply reply = claude(agent).send(call(directory, "x".repeat(1 << 20)), AgentListener.NONE);

    assertThat(reply.text()).isEqualTo("done");
  }

  @Test
  void whatIsNoUtf8IsReplaced() throws Exception {
    FakeAgent agent =
        FakeAgent.install(
            directory, Tongue.PLAIN, Turn.begin().bytes((byte) 'a', (byte) 0xff, (byte) 'b'));

    AgentReply reply =
        backend("command", agent.program()).send(call(directory, "hi"), AgentListener.NONE);

    assertThat(reply.text()).isEqualTo("a\ufffdb");
  }

  @Test
  void anAnswerWithoutEndIsCutWithANote() throws Exception {
    FakeAgent agent =
        FakeAgent.install(directory, Tongue.PLAIN, Turn.begin().flood(Answer.LONGEST + 1_000));

    AgentReply reply =
        backend("command", agent.program()).send(call(directory, "hi"), AgentListener.NONE);

    assertThat(reply.text())
        .hasSizeBetween(Answer.LONGEST, Answer.LONGEST + 100)
        .endsWith("[cut here: the answer is longer than 16 MB]");
  }

  @Test
  void aLongLineIsHandedOnOnlyInPart() throws Exception {
    Agents.Heard heard = new Agents.Heard();
    FakeAgent agent =
        FakeAgent.install(directory, Tongue.PLAIN, Turn.begin().line("y".repeat(10_000)));

    backend("command", agent.program()).send(call(directory, "hi"), heard);

    assertThat(heard.lines).singleElement().asString().hasSize(AgentListener.LONGEST_LINE);
  }
}
