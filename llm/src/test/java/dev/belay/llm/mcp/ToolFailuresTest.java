package dev.belay.llm.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.llm.McpServer;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.Shortage;
import dev.belay.llm.call.BudgetExceeded;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmFailure;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.WriteOptions;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.mcp.FaultyMcpServer;
import dev.belay.testkit.mcp.FaultyTool;
import dev.belay.testkit.mcp.FaultyTool.Deed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of tools, servers and models that fail, and of runs that would not end. */
class ToolFailuresTest extends ToolsHarness {
  private static final FaultyTool RAIN = FaultyTool.answering("rain", "it will rain");

  private static String lastText(FaultyProvider model) {
    return model.requests().getLast().messages().getLast().text();
  }

  @Test
  void aToolThatFailsIsToldToTheModelAsAnError() throws Exception {
    FaultyProvider model =
        model(
            Answer.toolCall("w__broken", "{}")
                .andToolCall("w__refused", "{}")
                .andToolCall("w__broken", "[1]"),
            Answer.text("Sorry."));
    LlmEndpoint claude = endpoint(model, Anthropic.messages(), "");
    McpServer server =
        remote(
            "w",
            FaultyTool.failing("broken", "no clouds"),
            new FaultyTool("refused", Deed.REFUSE, "not for you"));

    LlmResult result =
        client(claude, QUICK).call(LlmCall.of(request(server).maxTokens(100).build()));

    assertThat(result.text()).isEqualTo("Sorry.");
    String body = model.requests().getLast().body();
    assertThat(body).contains("no clouds", "not for you", "\"is_error\":true");
    assertThat(body).doesNotContain("\"is_error\":false");
  }

  @Test
  void aToolThatHangsIsGivenUpAndTheModelToldSo() throws Exception {
    FaultyProvider model =
        model(Answer.toolCall("p__slow", "{}").andToolCall("h__slow", "{}"), Answer.text("Sorry."));
    LlmClient client = client(chat(model), QUICK.withCall(Duration.ofMillis(200)));

    LlmResult result =
        client.call(
            asking(
                program("p", FaultyTool.hanging("slow")), remote("h", FaultyTool.hanging("slow"))));

    assertThat(result.text()).isEqualTo("Sorry.");
    assertThat(model.requests().getLast().messages())
        .filteredOn(message -> message.role().equals("tool"))
        .hasSize(2)
        .allMatch(message -> message.text().contains("did not answer within PT0.2S"));
  }

  @Test
  void aServerThatDiesIsToldToTheModelWithItsLastWordsButNoSecret() throws Exception {
    FaultyProvider model =
        model(
            Answer.toolCall("w__die", "{}"),
            Answer.toolCall("w__rain", "{}"),
            Answer.text("Sorry."));
    McpServer.Stdio dying =
        (McpServer.Stdio) program("w", RAIN, FaultyTool.dying("die", "alas, canary-env"));
    McpServer withSecret =
        new McpServer.Stdio(
            "w", dying.command(), dying.args(), Map.of("SECRET_X", "${OURS:-canary-env}"));

    assertThat(client(model).call(asking(withSecret)).text()).isEqualTo("Sorry.");

    assertThat(model.requests().get(1).messages().getLast().text())
        .contains("ended with exit code 3: alas, [redacted]");
    assertThat(lastText(model)).contains("MCP server 'w' ended");
  }

  @Test
  void aServerThatFloodsIsCutOff() throws Exception {
    FaultyProvider model =
        model(
            Answer.toolCall("p__flood", "{}").andToolCall("h__flood", "{}"), Answer.text("Sorry."));

    LlmResult result =
        client(model)
            .call(
                asking(
                    program("p", FaultyTool.doing("flood", Deed.FLOOD)),
                    remote("h", FaultyTool.doing("flood", Deed.FLOOD))));

    assertThat(result.text()).isEqualTo("Sorry.");
    assertThat(model.requests().getLast().messages())
        .filteredOn(message -> message.role().equals("tool"))
        .hasSize(2)
        .allMatch(message -> message.text().contains("more than 8388608 bytes"));
  }

  @Test
  void aProviderThatFailsBetweenRoundsDoesNotMakeToolsRunTwice() throws Exception {
    FaultyMcpServer server = opened(FaultyMcpServer.start(RAIN));
    FaultyProvider model =
        model(
            Answer.toolCall("w__rain", "{}"), Fault.status(500), Answer.text("Take an umbrella."));

    LlmResult result = client(model).call(asking(remote("w", server)));

    assertThat(result.text()).isEqualTo("Take an umbrella.");
    assertThat(server.origin().requests())
        .filteredOn(request -> request.bodyText().contains("tools/call"))
        .hasSize(1);
    assertThat(lastText(model)).isEqualTo("it will rain");
  }

  @Test
  void aServerThatCannotBeStartedFailsTheCallOrIsLeftOut() throws Exception {
    McpServer missing = new McpServer.Stdio("m", "/no/such/program", List.of(), Map.of());
    McpServer deaf = program("d", Set.of(FaultyMcpServer.Manner.DEAF), RAIN);
    FaultyProvider model = model(Answer.text("Yes."));
    LlmClient failing = client(chat(model), QUICK.withStart(Duration.ofMillis(300)));

    assertThatThrownBy(() -> failing.call(asking(missing)))
        .isInstanceOf(ToolServerException.class)
        .hasMessage("MCP server 'm' cannot be started; is its command there?");
    assertThatThrownBy(() -> failing.call(asking(deaf)))
        .isInstanceOf(ToolServerException.class)
        .hasMessageContaining("did not answer within");
    assertThat(model.requestCount()).isZero();

    LlmClient skipping =
        built(
            LlmClient.builder()
                .route("smart", chat(model))
                .options(WriteOptions.WHOLE.withMcp(WriteOptions.UnsupportedMcp.SKIP))
                .runTools(QUICK));
    assertThat(skipping.call(asking(missing, remote("w", RAIN))).text()).isEqualTo("Yes.");
    assertThat(model.requests().getLast().tools()).hasSize(1);
  }

  @Test
  void theDeadlineOfTheCallHoldsForToolsAsWell() {
    FaultyProvider model = model(Answer.toolCall("w__slow", "{}"));
    LlmCall call = asking(remote("w", FaultyTool.hanging("slow"))).within(Duration.ofMillis(1_500));
    long before = System.nanoTime();

    assertThatThrownBy(() -> client(model).call(call)).isInstanceOf(LlmFailure.class);

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    assertThat(model.requestCount()).isEqualTo(1);
  }

  @Test
  void roundsHaveAnEnd() {
    FaultyProvider model = model(Answer.toolCall("w__rain", "{}"));
    LlmClient client = client(chat(model), QUICK.withRounds(2));

    assertThatThrownBy(() -> client.call(asking(remote("w", RAIN))))
        .isInstanceOf(ToolRoundsExhausted.class)
        .hasMessageStartingWith("one/model-one asked for tools after 2 rounds");
    assertThat(model.requestCount()).isEqualTo(3);
  }

  @Test
  void eachRoundComesOutOfTheCallsBudget() {
    FaultyProvider model = model(Answer.toolCall("w__rain", "{}").usage(10, 1));
    LlmCall call = asking(remote("w", RAIN)).within(BudgetLimits.NONE.withAttempts(2));

    assertThatThrownBy(() -> client(model).call(call))
        .isInstanceOfSatisfying(
            BudgetExceeded.class,
            failure -> {
              assertThat(failure.shortage().what()).isEqualTo(Shortage.What.ATTEMPTS);
              assertThat(failure.report().spent().usage().total()).isEqualTo(22);
            });
    assertThat(model.requestCount()).isEqualTo(2);
  }
}
