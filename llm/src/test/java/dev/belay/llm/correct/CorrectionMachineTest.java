package dev.belay.llm.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Backoff;
import dev.belay.Cases;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.Usage;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.correct.CorrectionStep.Ask;
import dev.belay.llm.correct.CorrectionStep.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CorrectionMachineTest {
  private static final Duration AGES = Duration.ofMinutes(30);
  private static final LlmRequest REQUEST = LlmRequest.of("route", "how many?");
  private static final McpServer TOOLS =
      new McpServer.Stdio("calculator", "calc", List.of(), Map.of());

  private static CorrectionMachine machine(CorrectionPolicy policy) {
    return machine(policy, REQUEST);
  }

  private static CorrectionMachine machine(CorrectionPolicy policy, LlmRequest request) {
    return new CorrectionMachine(policy, request, true, new SplittableRandom(1));
  }

  private static LlmResponse response(String text, Finish finish) {
    return new LlmResponse(
        "",
        "m",
        List.of(new LlmResponse.Choice(text, List.of(), "", finish)),
        new Usage(10, 40, 0),
        "");
  }

  private static CorrectionStep fail(CorrectionMachine machine, String text) {
    assertThat(machine.answered(response(text, Finish.STOP)))
        .isInstanceOf(CorrectionStep.Examine.class);
    return machine.checked(
        Finding.invalid(Problem.of("check", text + " is wrong", "count again").at("/n")), AGES);
  }

  private static Ask asked(CorrectionStep step) {
    assertThat(step).isInstanceOf(Ask.class);
    return (Ask) step;
  }

  private static Reason reason(CorrectionStep step) {
    assertThat(step).isInstanceOf(CorrectionStep.Stop.class);
    return ((CorrectionStep.Stop) step).reason();
  }

  @Test
  void takesAnAnswerThatStands() {
    CorrectionMachine machine = machine(CorrectionPolicy.DEFAULT);

    Ask ask = asked(machine.begin());
    machine.answered(response("3", Finish.STOP));
    CorrectionStep step = machine.checked(Finding.valid(Answer.of("three", REQUEST)), AGES);

    assertThat(ask.request().messages()).isEqualTo(REQUEST.messages());
    assertThat(step).isInstanceOf(CorrectionStep.Done.class);
    assertThat(((CorrectionStep.Done) step).answer().text()).isEqualTo("three");
  }

  @Test
  void anyThresholdsAreMetExactly() {
    Cases.check(500, Thresholds::any, CorrectionMachineTest::meets);
  }

  /** All at once, 0 for off. */
  private record Thresholds(int max, int tool, int human) {
    static Thresholds any(RandomGenerator random) {
      int max = random.nextInt(1, 10);
      int human = random.nextInt(0, max + 1);
      int most = human == 0 ? max : human;
      return new Thresholds(max, most > 1 ? random.nextInt(0, most) : 0, human);
    }
  }

  private static void meets(Thresholds given) {
    CorrectionMachine machine =
        machine(
            CorrectionPolicy.builder()
                .maxAttempts(given.max)
                .toolAfter(given.tool, TOOLS)
                .humanAfter(given.human)
                .build());
    CorrectionStep step = machine.begin();
    int failures = 0;
    while (step instanceof Ask ask) {
      boolean helped = given.tool > 0 && failures >= given.tool;
      assertThat(ask.request().mcpServers()).hasSize(helped ? 1 : 0);
      assertThat(ask.request().messages().getLast().text().contains("calculator"))
          .isEqualTo(helped);
      assertThat(ask.attempt()).isEqualTo(failures + 1);
      failures++;
      step = fail(machine, "answer " + failures);
    }
    if (given.human == 0) {
      assertThat(reason(step)).isEqualTo(Reason.EXHAUSTED);
      assertThat(failures).isEqualTo(given.max);
    } else {
      assertThat(step).isInstanceOf(CorrectionStep.Park.class);
      assertThat(failures).isEqualTo(given.human);
    }
  }

  @Test
  void thresholdsThatDoNotFitNameBothValues() {
    assertThatThrownBy(() ->
            CorrectionPolicy.builder().maxAttempts(5).toolAfter(3, TOOLS).humanAfter(3).build())
        .hasMessage("tool_after must be below human_after, was 3 with human_after 3");
    assertThatThrownBy(() -> CorrectionPolicy.builder().maxAttempts(5).humanAfter(6).build())
        .hasMessage("human_after must be at most 5, was 6 with max_attempts 5");
    assertThatThrownBy(() -> CorrectionPolicy.builder().maxAttempts(0).build())
        .hasMessage("max_attempts must be 1 to 100, was 0");
    assertThatThrownBy(
            () -> CorrectionPolicy.builder().modelAfter(2, "x").toolAfter(2, TOOLS).build())
        .hasMessageContaining("tool_after must be below model_after");
    assertThatThrownBy(() -> CorrectionPolicy.builder().toolAfter(1).build())
        .hasMessageContaining("neither a tool's name nor a server");
    assertThatThrownBy(() -> CorrectionPolicy.builder().sameAnswers(1).build())
        .hasMessageContaining("same_answers");
    assertThatThrownBy(() -> CorrectionPolicy.builder().modelAfter(1, " ").build())
        .hasMessageContaining("no model is given");
    assertThatThrownBy(() -> CorrectionPolicy.builder().humanAfter(-1).build())
        .hasMessageContaining("human_after");
  }

  @Test
  void aPersonIsAskedWithoutWaitingFirst() {
    CorrectionMachine machine =
        machine(
            CorrectionPolicy.builder()
                .humanAfter(2)
                .delay(Backoff.fixed(Duration.ofSeconds(5)))
                .build());
    machine.begin();

    assertThat(fail(machine, "1")).isEqualTo(new CorrectionStep.Pause(5_000_000_000L));
    asked(machine.resume());
    assertThat(fail(machine, "2")).isInstanceOf(CorrectionStep.Park.class);
  }

  @Test
  void aWaitThatPassesTheDeadlineIsNotBegun() {
    CorrectionMachine machine =
        machine(CorrectionPolicy.builder().delay(Backoff.fixed(Duration.ofHours(1))).build());
    machine.begin();

    assertThat(reason(fail(machine, "1"))).isEqualTo(Reason.DEADLINE);
  }

  @Test
  void theSameAnswerTwiceEndsItUnlessHelpIsToCome() {
    CorrectionMachine plain = machine(CorrectionPolicy.builder().maxAttempts(9).build());
    plain.begin();
    asked(fail(plain, "7"));
    assertThat(reason(fail(plain, "7"))).isEqualTo(Reason.NO_PROGRESS);

    CorrectionMachine helped =
        machine(CorrectionPolicy.builder().maxAttempts(9).toolAfter(2, TOOLS).build());
    helped.begin();
    asked(fail(helped, "7"));
    assertThat(asked(fail(helped, "7")).stage()).isEqualTo(Stage.TOOL);
    assertThat(reason(fail(helped, "7"))).isEqualTo(Reason.NO_PROGRESS);

    CorrectionMachine stubborn =
        machine(CorrectionPolicy.builder().maxAttempts(9).sameAnswers(0).build());
    stubborn.begin();
    for (int i = 1; i < 9; i++) {
      asked(fail(stubborn, "7"));
    }
    assertThat(reason(fail(stubborn, "7"))).isEqualTo(Reason.EXHAUSTED);
  }

  @Test
  void remediesOfChecksAreHonoured() {
    CorrectionMachine machine = machine(CorrectionPolicy.DEFAULT);
    machine.begin();
    machine.answered(response("x", Finish.STOP));
    List<Problem> bad = List.of(Problem.of("check", "bad"));

    assertThat(reason(machine.checked(new Finding.Invalid(bad, Remedy.FAIL), AGES)))
        .isEqualTo(Reason.REJECTED);
    assertThat(machine.checked(new Finding.Invalid(bad, Remedy.HUMAN), AGES))
        .isInstanceOf(CorrectionStep.Park.class);
    assertThat(machine.checked(new Finding.Inconclusive("judge is down", Remedy.HUMAN), AGES))
        .isEqualTo(new CorrectionStep.Park("the answer could not be checked: judge is down"));
    assertThat(reason(machine.checked(new Finding.Inconclusive("broken", Remedy.FAIL), AGES)))
        .isEqualTo(Reason.UNCHECKED);
  }

  @Test
  void aCutAnswerGetsMoreRoomOnceAndIsNoFault() {
    CorrectionMachine machine = machine(CorrectionPolicy.DEFAULT);
    machine.begin();

    Ask more = asked(machine.answered(response("{", Finish.LENGTH)));
    assertThat(more.request().maxTokens()).hasValue(80);
    assertThat(more.request().messages()).isEqualTo(REQUEST.messages());
    assertThat(machine.failed()).isEmpty();
    assertThat(reason(machine.answered(response("{", Finish.LENGTH)))).isEqualTo(Reason.TRUNCATED);
  }

  @Test
  void whatIsHeldBackIsNotAskedForAgain() {
    CorrectionMachine machine = machine(CorrectionPolicy.DEFAULT);
    machine.begin();

    assertThat(reason(machine.answered(response("", Finish.CONTENT_FILTER))))
        .isEqualTo(Reason.BLOCKED);
    assertThat(reason(machine.answered(response("", Finish.REFUSAL)))).isEqualTo(Reason.BLOCKED);
  }

  @Test
  void feedbackSaysAllInOrder() {
    CorrectionMachine machine =
        machine(
            CorrectionPolicy.builder()
                .maxAttempts(5)
                .tool(new Escalation.ToolHelp(1, "calc", "add it up", List.of()))
                .build());
    machine.begin();

    String text = asked(fail(machine, "7")).request().messages().getLast().text();

    assertThat(text)
        .containsSubsequence(
            "attempt 1/5",
            "1. 7 is wrong (at /n)",
            "- count again",
            "USE THIS TOOL NOW: calc",
            "add it up",
            "how many?",
            "answer again");
  }

  @Test
  void theQuestionIsRepeatedOnlyIfWanted() {
    CorrectionMachine machine = machine(CorrectionPolicy.builder().repeatsQuestion(false).build());
    machine.begin();

    assertThat(asked(fail(machine, "7")).request().messages().getLast().text())
        .doesNotContain("how many?");
  }

  @Test
  void anEmptyAnswerIsShownAsOne() {
    CorrectionMachine machine = machine(CorrectionPolicy.DEFAULT);
    machine.begin();

    assertThat(asked(fail(machine, "")).request().messages().get(1).text())
        .isEqualTo("(no answer)");
  }

  @Test
  void toolCallsAreAnsweredByResultsThatSayWhatIsWrong() {
    CorrectionMachine machine = machine(CorrectionPolicy.DEFAULT);
    machine.begin();
    List<Part.ToolCall> calls =
        List.of(new Part.ToolCall("a", "save", "{}"), new Part.ToolCall("b", "save", "{}"));
    machine.answered(
        new LlmResponse(
            "",
            "m",
            List.of(new LlmResponse.Choice("", calls, "", Finish.TOOL_CALLS)),
            Usage.NONE,
            ""));

    List<Message> messages =
        asked(machine.checked(Finding.invalid(Problem.of("check", "no city")), AGES))
            .request()
            .messages();

    assertThat(messages.get(1).parts()).isEqualTo(List.copyOf(calls));
    assertThat(messages.get(2).role()).isEqualTo(Message.Role.TOOL);
    assertThat(messages.get(2).parts())
        .allSatisfy(part -> assertThat(((Part.ToolResult) part).error()).isTrue())
        .extracting(part -> ((Part.ToolResult) part).id())
        .containsExactly("a", "b");
    assertThat(((Part.ToolResult) messages.get(2).parts().getFirst()).content())
        .contains("no city");
  }

  private static List<Message> afterThree(HistoryPolicy history, LlmRequest request) {
    CorrectionMachine machine =
        machine(CorrectionPolicy.builder().maxAttempts(9).history(history).build(), request);
    machine.begin();
    fail(machine, "one");
    fail(machine, "two");
    return asked(fail(machine, "three")).request().messages();
  }

  @Test
  void theLastAnswerAloneIsShownByDefault() {
    List<Message> messages = afterThree(HistoryPolicy.LAST_ONLY, REQUEST);

    assertThat(messages).hasSize(3);
    assertThat(messages.get(1).text()).isEqualTo("three");
    assertThat(messages.get(2).text()).doesNotContain("one is wrong");
  }

  @Test
  void allAnswersAreShownIfWanted() {
    assertThat(afterThree(HistoryPolicy.APPEND_ALL, REQUEST))
        .extracting(Message::role)
        .containsExactly(
            Message.Role.USER,
            Message.Role.ASSISTANT,
            Message.Role.USER,
            Message.Role.ASSISTANT,
            Message.Role.USER,
            Message.Role.ASSISTANT,
            Message.Role.USER);
  }

  @Test
  void aSummaryTellsWhatWasWrongBefore() {
    List<Message> messages = afterThree(HistoryPolicy.summarise(1), REQUEST);

    assertThat(messages).hasSize(3);
    assertThat(messages.get(2).text()).contains("one is wrong", "two is wrong", "three is wrong");
  }

  @Test
  void theCeilingDropsTheOldestAndCutsTheNewest() {
    CorrectionMachine machine =
        machine(
            CorrectionPolicy.builder()
                .history(HistoryPolicy.APPEND_ALL.withMostTokens(400))
                .build());
    machine.begin();
    fail(machine, "a");
    String longest = "b".repeat(10_000);
    machine.answered(response(longest, Finish.STOP));

    List<Message> messages =
        asked(machine.checked(Finding.invalid(Problem.of("check", "too long")), AGES))
            .request()
            .messages();

    assertThat(messages).hasSize(3);
    assertThat(messages.get(1).text()).endsWith(" [...]").hasSizeLessThan(1_700);
    assertThat(messages.get(2).text()).contains("too long");
  }

  @Test
  void whatTheCallerBeganForTheModelStaysOneTurn() {
    LlmRequest begun =
        LlmRequest.to("route")
            .messages(List.of(Message.user("how many?"), Message.assistant("It is ")))
            .build();

    assertThat(afterThree(HistoryPolicy.LAST_ONLY, begun))
        .extracting(Message::text)
        .hasSize(3)
        .contains("It is three");
  }

  @Test
  void serversOfTheSameNameTakeTheCallersPlace() {
    McpServer own = new McpServer.Stdio("calculator", "own", List.of(), Map.of());
    McpServer other = new McpServer.Stdio("other", "other", List.of(), Map.of());
    LlmRequest request = REQUEST.toBuilder().mcpServers(List.of(own, other)).build();
    CorrectionMachine machine =
        machine(CorrectionPolicy.builder().toolAfter(1, TOOLS).build(), request);
    machine.begin();

    assertThat(asked(fail(machine, "7")).request().mcpServers()).containsExactly(other, TOOLS);
    assertThat(request.mcpServers()).containsExactly(own, other);
  }

  @Test
  void anotherModelIsAskedInItsTurn() {
    CorrectionMachine machine =
        machine(
            CorrectionPolicy.builder()
                .maxAttempts(9)
                .toolAfter(1, TOOLS)
                .modelAfter(2, "big")
                .build());
    machine.begin();

    assertThat(asked(fail(machine, "1")).request().model()).isEqualTo("route");
    Ask next = asked(fail(machine, "2"));
    assertThat(next.stage()).isEqualTo(Stage.MODEL);
    assertThat(next.request().model()).isEqualTo("big");
    assertThat(next.request().mcpServers()).containsExactly(TOOLS);
  }
}
