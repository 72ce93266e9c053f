package dev.belay.llm.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.Tool;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Gemini;
import dev.belay.llm.provider.OpenAiResponses;
import dev.belay.llm.provider.UnsupportedToolStage;
import dev.belay.llm.provider.WriteOptions;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.mcp.FaultyMcpServer;
import dev.belay.testkit.mcp.FaultyTool;
import dev.belay.testkit.mcp.FaultyTool.Deed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tools that are run on our side, end to end. */
class ToolRunsTest extends ToolsHarness {
  private static final FaultyTool RAIN = FaultyTool.answering("rain", "it will rain");

  private static String lastText(FaultyProvider model) {
    return model.requests().getLast().messages().getLast().text();
  }

  @Test
  void theModelCallsAToolOfAProgramAndThenAnswers() throws Exception {
    FaultyProvider model =
        model(
            Answer.toolCall("weather__rain", "{\"q\":\"Ulm\"}").usage(10, 1),
            Answer.text("Take an umbrella.").usage(20, 2));

    LlmResult result =
        client(model).call(asking(program("weather", FaultyTool.doing("rain", Deed.ECHO))));

    assertThat(result.text()).isEqualTo("Take an umbrella.");
    assertThat(result.usage().input()).isEqualTo(30);
    assertThat(result.usage().output()).isEqualTo(3);
    assertThat(result.response().usage()).isEqualTo(result.usage());
    assertThat(model.requests().getFirst().tools())
        .extracting(dev.belay.testkit.llm.Tool::name)
        .containsExactly("weather__rain");
    assertThat(lastText(model)).isEqualTo("{\"q\":\"Ulm\"}");
    assertThat(model.requests().getLast().at("/messages/1/tool_calls/0/function/name"))
        .contains("weather__rain");
  }

  @Test
  void theModelCallsToolsByHttpWhicheverWayTheyAnswer() throws Exception {
    FaultyMcpServer plain = opened(FaultyMcpServer.start(RAIN));
    FaultyMcpServer streaming =
        opened(
            FaultyMcpServer.start(
                Set.of(
                    FaultyMcpServer.Manner.STREAMING,
                    FaultyMcpServer.Manner.NOISY,
                    FaultyMcpServer.Manner.PAGED),
                RAIN,
                FaultyTool.answering("wind", "it will blow")));
    FaultyProvider model =
        model(Answer.toolCall("a__rain", "{}").andToolCall("b__wind", "{}"), Answer.text("I see."));
    McpServer a =
        new McpServer.Remote(
            "a",
            "http",
            plain.uri().toString(),
            Map.of("Authorization", "Bearer ${TOKEN}"),
            List.of("rain"));

    LlmClient client =
        built(
            LlmClient.builder()
                .route("smart", chat(model))
                .options(
                    WriteOptions.WHOLE.withEnvironment(
                        name -> Optional.of(name.equals("TOKEN") ? "canary" : "")))
                .runTools(QUICK));

    assertThat(client.call(asking(a, remote("b", streaming))).text()).isEqualTo("I see.");
    assertThat(model.requests().getLast().messages())
        .extracting(dev.belay.testkit.llm.Message::text)
        .containsSubsequence("it will rain", "it will blow");
    assertThat(plain.origin().requests())
        .allMatch(request -> request.header("Authorization").equals(Optional.of("Bearer canary")));
    assertThat(plain.origin().awaitRequests(5, LONG)).isTrue();
    assertThat(plain.origin().requests())
        .extracting(ToolRunsTest::word)
        .containsExactly(
            "initialize", "notifications/initialized", "tools/list", "tools/call", "DELETE");
    assertThat(plain.origin().requests().getLast().header("Mcp-Session-Id")).contains("session-1");
    assertThat(plain.origin().requests().getLast().header("MCP-Protocol-Version"))
        .contains("2025-06-18");
  }

  private static String word(ReceivedRequest request) {
    return request.method().equals("POST")
        ? ((Json.Str) ((Json.Obj) Json.parse(request.bodyText())).get("method").orElseThrow())
            .value()
        : request.method();
  }

  @Test
  void everyDialectTakesThem() throws Exception {
    for (var way :
        List.of(
            Map.entry("", Anthropic.messages()),
            Map.entry("/v1", OpenAiResponses.openAi()),
            Map.entry("/v1beta", Gemini.generateContent()))) {
      FaultyProvider model = model(Answer.toolCall("w__rain", "{}"), Answer.text("Yes."));
      LlmClient client = client(endpoint(model, way.getValue(), way.getKey()), QUICK);
      LlmRequest asked = request(program("w", RAIN)).maxTokens(100).build();

      assertThat(client.call(LlmCall.of(asked)).text()).as(way.getValue().name()).isEqualTo("Yes.");
      assertThat(model.requests().getLast().body()).contains("it will rain");
    }
  }

  @Test
  void whatAProviderTakesByItselfIsLeftToIt() throws Exception {
    FaultyProvider model = model(Answer.text("Yes."));
    LlmClient client = client(endpoint(model, OpenAiResponses.openAi(), "/v1"), QUICK);
    FaultyMcpServer server = opened(FaultyMcpServer.start(RAIN));

    assertThat(client.call(asking(remote("native", server))).text()).isEqualTo("Yes.");

    assertThat(model.requests().getFirst().at("/tools/0/type")).contains("mcp");
    assertThat(server.origin().requestCount()).isZero();
  }

  @Test
  void anthropicAsksServersAtHttpsAddressesByItself() throws Exception {
    FaultyProvider model = model(Answer.text("Yes."));
    McpServer far =
        new McpServer.Remote("far", "http", "https://tools.example/mcp", Map.of(), List.of());
    LlmRequest asked = request(far, remote("near", RAIN)).maxTokens(100).build();

    var unused = client(endpoint(model, Anthropic.messages(), ""), QUICK).call(LlmCall.of(asked));

    assertThat(model.requests().getFirst().at("/mcp_servers/0/name")).contains("far");
    assertThat(model.requests().getFirst().body()).contains("near__rain");
  }

  @Test
  void namesOfTwoServersDoNotCollideAndFitEveryProvider() throws Exception {
    String endless = "x".repeat(80);
    FaultyProvider model = model(Answer.text("No."));
    Tool own = new Tool("a_b__c", "Mine.", Json.EMPTY.with("type", Json.of("object")));
    LlmRequest asked =
        request(
                remote("a.b", FaultyTool.answering("c", "1"), FaultyTool.answering(endless, "2")),
                remote("a b", FaultyTool.answering("c", "3")),
                remote("9", FaultyTool.answering("c/d", "4")))
            .tools(List.of(own))
            .build();

    var unused = client(model).call(LlmCall.of(asked));

    List<String> names =
        model.requests().getFirst().tools().stream().map(dev.belay.testkit.llm.Tool::name).toList();
    assertThat(names)
        .hasSize(5)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[A-Za-z_][A-Za-z0-9_-]{0,63}"))
        .contains("a_b__c", "t_9__c_d");
  }

  @Test
  void aLongResultIsCut() throws Exception {
    FaultyProvider model = model(Answer.toolCall("w__long", "{}"), Answer.text("Long."));
    McpServer server = remote("w", FaultyTool.answering("long", "y".repeat(5_000)));

    var unused = client(chat(model), QUICK.withResult(100)).call(asking(server));

    assertThat(lastText(model)).hasSize(100).endsWith("…");
  }

  @Test
  void variablesOfAProgramArePutIn() throws Exception {
    FaultyProvider model = model(Answer.toolCall("w__env", "{}"), Answer.text("Yes."));
    McpServer.Stdio plain =
        (McpServer.Stdio) program("w", new FaultyTool("env", Deed.ENVIRONMENT, "BELAY_TEST"));
    McpServer server =
        new McpServer.Stdio(
            "w", plain.command(), plain.args(), Map.of("BELAY_TEST", "<${NOWHERE:-default}>"));

    var unused = client(model).call(asking(server));

    assertThat(lastText(model)).isEqualTo("<default>");
  }

  @Test
  void aProgramSeesNothingOfOurEnvironmentThatMayBeAKey() throws Exception {
    String ours =
        System.getenv().keySet().stream()
            .filter(name -> name.startsWith("MAVEN") || name.startsWith("JAVA"))
            .findFirst()
            .orElseThrow();
    FaultyProvider model =
        model(Answer.toolCall("w__path", "{}").andToolCall("w__ours", "{}"), Answer.text("Empty."));

    var unused =
        client(model)
            .call(
                asking(
                    program(
                        "w",
                        new FaultyTool("path", Deed.ENVIRONMENT, "PATH"),
                        new FaultyTool("ours", Deed.ENVIRONMENT, ours))));

    assertThat(model.requests().getLast().messages())
        .filteredOn(message -> message.role().equals("tool"))
        .extracting(dev.belay.testkit.llm.Message::text)
        .containsExactly(System.getenv("PATH"), "(empty)");
  }

  @Test
  void callsOfTheCallersOwnToolsAreLeftToTheCaller() throws Exception {
    FaultyMcpServer server = opened(FaultyMcpServer.start(RAIN));
    FaultyProvider model =
        model(Answer.toolCall("w__rain", "{}"), Answer.toolCall("mine", "{\"a\":1}"));
    LlmRequest asked =
        request(remote("w", server))
            .tools(List.of(new Tool("mine", "Mine.", Json.EMPTY.with("type", Json.of("object")))))
            .toolChoice("required")
            .build();

    LlmResult result = client(model).call(LlmCall.of(asked));

    assertThat(result.response().toolCalls()).hasSize(1);
    assertThat(result.response().toolCalls().getFirst().name()).isEqualTo("mine");
    assertThat(model.requests().getFirst().at("/tool_choice")).contains("required");
    assertThat(model.requests().getLast().at("/tool_choice")).isNotEqualTo(Optional.of("required"));
  }

  @Test
  void whereBothAreAskedForAtOnceOursAreNotRun() throws Exception {
    FaultyMcpServer server = opened(FaultyMcpServer.start(RAIN));
    FaultyProvider model = model(Answer.toolCall("w__rain", "{}").andToolCall("mine", "{}"));
    LlmRequest asked =
        request(remote("w", server))
            .tools(List.of(new Tool("mine", "Mine.", Json.EMPTY.with("type", Json.of("object")))))
            .build();

    LlmResult result = client(model).call(LlmCall.of(asked));

    assertThat(result.response().toolCalls()).hasSize(1);
    assertThat(result.response().toolCalls().getFirst().name()).isEqualTo("mine");
    assertThat(server.origin().requests())
        .noneMatch(request -> request.bodyText().contains("tools/call"));
  }

  @Test
  void withoutTheSettingServersAreRefusedAsBefore() {
    FaultyProvider model = model(Answer.text("Yes."));
    LlmClient client = built(LlmClient.builder().route("smart", chat(model)));

    assertThatThrownBy(() -> client.call(asking(remote("w", RAIN))))
        .isInstanceOf(UnsupportedToolStage.class);
  }

  @Test
  void settingsThatAllowNothingAreRefused() {
    assertThatThrownBy(() -> ToolSettings.DEFAULT.withRounds(0))
        .hasMessage("rounds must be 1 to 100, was 0");
    assertThatThrownBy(() -> ToolSettings.DEFAULT.withCall(Duration.ZERO))
        .hasMessage("call must be more than 0 and at most a day, was PT0S");
    assertThat(ToolSettings.DEFAULT.rounds()).isEqualTo(8);
  }
}
