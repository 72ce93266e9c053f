package dev.belay.llm.provider;

import static dev.belay.llm.provider.Samples.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.Tool;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WritersTest {
  private static final List<Role> ROLES = List.of(Role.values());
  private static final Dialect CHAT = OpenAiChat.openAi();
  private static final Dialect RESPONSES = OpenAiResponses.openAi();
  private static final Dialect ANTHROPIC = Anthropic.messages();
  private static final Dialect GEMINI = Gemini.generateContent();
  private static final Json.Obj SCHEMA =
      (Json.Obj) Json.parse("{\"type\":\"object\",\"additionalProperties\":false}");
  private static final LlmRequest TALK =
      LlmRequest.to("m")
          .messages(
              List.of(
                  Message.system("Be brief."),
                  Message.user("Weather?"),
                  new Message(
                      Role.ASSISTANT,
                      List.of(new Part.ToolCall("c1", "weather", "{\"city\":\"Ulm\"}"))),
                  new Message(Role.TOOL, List.of(new Part.ToolResult("c1", "rain", false))),
                  Message.user("And now?")))
          .tools(List.of(new Tool("weather", "tells it", SCHEMA)))
          .build();

  private static String written(Dialect dialect, LlmRequest request) {
    return dialect.write(request, WriteOptions.WHOLE).body();
  }

  private static LlmRequest formatted(ResponseFormat format) {
    return LlmRequest.of("m", "hi").toBuilder().format(format).build();
  }

  @Test
  void aTalkWithToolsAsChatWantsIt() {
    assertThat(written(CHAT, TALK))
        .isEqualTo(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                + "{\"role\":\"user\",\"content\":\"Weather?\"},"
                + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Ulm\\\"}\"}}]},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"rain\"},"
                + "{\"role\":\"user\",\"content\":\"And now?\"}],"
                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"tells it\",\"parameters\":{\"type\":\"object\",\"additionalProperties\":false}}}],\"tool_choice\":\"auto\"}");
  }

  @Test
  void aTalkWithToolsAsResponsesWantIt() {
    assertThat(written(RESPONSES, TALK))
        .isEqualTo(
            "{\"model\":\"m\",\"input\":[{\"type\":\"message\",\"role\":\"system\",\"content\":\"Be brief.\"},"
                + "{\"type\":\"message\",\"role\":\"user\",\"content\":\"Weather?\"},"
                + "{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Ulm\\\"}\"},"
                + "{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"rain\"},"
                + "{\"type\":\"message\",\"role\":\"user\",\"content\":\"And now?\"}],\"store\":false,"
                + "\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"description\":\"tells it\",\"parameters\":{\"type\":\"object\",\"additionalProperties\":false},\"strict\":false}],\"tool_choice\":\"auto\"}");
  }

  @Test
  void aTalkWithToolsAsAnthropicWantsIt() {
    assertThat(written(ANTHROPIC, TALK))
        .isEqualTo(
            "{\"model\":\"m\",\"max_tokens\":4096,\"system\":\"Be brief.\",\"messages\":["
                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Weather?\"}]},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"weather\",\"input\":{\"city\":\"Ulm\"}}]},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c1\",\"content\":\"rain\"},{\"type\":\"text\",\"text\":\"And now?\"}]}],"
                + "\"tools\":[{\"name\":\"weather\",\"description\":\"tells it\",\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false}}],\"tool_choice\":{\"type\":\"auto\"}}");
  }

  @Test
  void aTalkWithToolsAsGeminiWantsIt() {
    assertThat(written(GEMINI, TALK))
        .isEqualTo(
            "{\"systemInstruction\":{\"parts\":[{\"text\":\"Be brief.\"}]},\"contents\":["
                + "{\"role\":\"user\",\"parts\":[{\"text\":\"Weather?\"}]},"
                + "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"id\":\"c1\",\"name\":\"weather\",\"args\":{\"city\":\"Ulm\"}}}]},"
                + "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"id\":\"c1\",\"name\":\"weather\",\"response\":{\"result\":\"rain\"}}},{\"text\":\"And now?\"}]}],"
                + "\"tools\":[{\"functionDeclarations\":[{\"name\":\"weather\",\"description\":\"tells it\",\"parametersJsonSchema\":{\"type\":\"object\",\"additionalProperties\":false}}]}],"
                + "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"AUTO\"}}}");
  }

  @Test
  void everyDialectHasItsOwnPathAndLogin() {
    LlmRequest hi = LlmRequest.of("m 1", "hi");
    WriteOptions stream = WriteOptions.WHOLE.withStream(true);
    assertThat(CHAT.write(hi, stream).path()).isEqualTo("/chat/completions");
    assertThat(OpenAiChat.azureDeployments("2024-10-21").write(hi, stream).path())
        .isEqualTo("/deployments/m%201/chat/completions?api-version=2024-10-21");
    assertThat(RESPONSES.write(hi, stream).path()).isEqualTo("/responses");
    assertThat(ANTHROPIC.write(hi, stream).path()).isEqualTo("/v1/messages");
    assertThat(ANTHROPIC.write(hi, stream).headers().first("Anthropic-Version"))
        .contains("2023-06-01");
    assertThat(GEMINI.write(hi, stream).path())
        .isEqualTo("/models/m%201:streamGenerateContent?alt=sse");
    assertThat(GEMINI.write(LlmRequest.of("tunedModels/x", "hi"), WriteOptions.WHOLE).path())
        .isEqualTo("/tunedModels/x:generateContent");
    assertThat(CHAT.login("k").first("authorization")).contains("Bearer k");
    assertThat(OpenAiChat.azure().login("k").first("api-key")).contains("k");
    assertThat(ANTHROPIC.login("k").first("x-api-key")).contains("k");
    assertThat(GEMINI.login("k").first("x-goog-api-key")).contains("k");
    assertThat(Gemini.generateContent().withLogin(Login.BEARER).login("k").first("authorization"))
        .contains("Bearer k");
    assertThat(CHAT.login("")).isEqualTo(Headers.NONE);
  }

  @Test
  void settingsHaveEachProvidersNames() {
    LlmRequest request =
        LlmRequest.of("m", "hi").toBuilder()
            .temperature(1.5)
            .topP(0.5)
            .maxTokens(7)
            .stop(List.of("END"))
            .build();
    assertThat(written(CHAT, request))
        .contains(
            "\"temperature\":1.5",
            "\"top_p\":0.5",
            "\"max_completion_tokens\":7",
            "\"stop\":[\"END\"]");
    assertThat(written(OpenAiChat.compatible(), request)).contains("\"max_tokens\":7");
    assertThat(written(RESPONSES, request))
        .contains("\"max_output_tokens\":7")
        .doesNotContain("END");
    // Anthropic's range ends at 1
    assertThat(written(ANTHROPIC, request))
        .contains(
            "\"temperature\":1.0",
            "\"top_p\":0.5",
            "\"max_tokens\":7",
            "\"stop_sequences\":[\"END\"]");
    assertThat(written(GEMINI, request))
        .contains(
            "\"generationConfig\":{\"temperature\":1.5,\"topP\":0.5,\"maxOutputTokens\":7,\"stopSequences\":[\"END\"]}");
  }

  @Test
  void streamsAreAskedForWithTheirUsage() {
    WriteOptions stream = WriteOptions.WHOLE.withStream(true);
    LlmRequest hi = LlmRequest.of("m", "hi");
    assertThat(CHAT.write(hi, stream).body())
        .contains("\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    assertThat(RESPONSES.write(hi, stream).body()).contains("\"stream\":true");
    assertThat(ANTHROPIC.write(hi, stream).body()).contains("\"stream\":true");
    assertThat(CHAT.write(hi, stream).headers().first("accept")).contains("text/event-stream");
  }

  @Test
  void aSchemaGoesIntoEachProvidersOwnForm() {
    LlmRequest strict = formatted(new ResponseFormat.JsonSchema("person", SCHEMA, true));
    LlmRequest loose = formatted(new ResponseFormat.JsonSchema("person", SCHEMA, false));
    assertThat(written(CHAT, strict))
        .contains(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"person\",\"schema\":"
                + SCHEMA
                + ",\"strict\":true}}");
    assertThat(written(RESPONSES, loose))
        .contains(
            "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"person\",\"schema\":"
                + SCHEMA
                + ",\"strict\":false}}");
    assertThat(written(ANTHROPIC, strict))
        .contains(
            "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + SCHEMA + "}}");
    assertThat(written(ANTHROPIC, loose))
        .contains(
            "\"tools\":[{\"name\":\"answer_as_person\",\"description\":\"Give the answer by calling this.\",\"input_schema\":"
                + SCHEMA
                + "}]",
            "\"tool_choice\":{\"type\":\"tool\",\"name\":\"answer_as_person\"}");
    assertThat(written(ANTHROPIC, loose.toBuilder().tools(TALK.tools()).build()))
        .contains("\"tool_choice\":{\"type\":\"any\"}");
    assertThat(written(GEMINI, strict))
        .contains("\"responseMimeType\":\"application/json\",\"responseJsonSchema\":" + SCHEMA);
    assertThat(written(Gemini.generateContent().withSchemas(Gemini.Schemas.OPEN_API), strict))
        .contains("\"responseSchema\":{\"type\":\"object\"}");
  }

  @Test
  void anyJsonIsAskedForInWordsWhereWordsAreNeeded() {
    LlmRequest any = formatted(new ResponseFormat.JsonObject());
    assertThat(written(CHAT, any))
        .contains("\"response_format\":{\"type\":\"json_object\"}", "valid JSON object");
    assertThat(written(RESPONSES, any))
        .contains("\"format\":{\"type\":\"json_object\"}", "valid JSON object");
    assertThat(written(ANTHROPIC, any)).contains("\"system\":\"Answer with one valid JSON object");
    assertThat(written(GEMINI, any)).contains("\"responseMimeType\":\"application/json\"");
    LlmRequest said =
        any.toBuilder()
            .messages(List.of(Message.system("Write a JSON object."), Message.user("hi")))
            .build();
    assertThat(written(ANTHROPIC, said)).contains("\"system\":\"Write a JSON object.\"");
    LlmRequest unsaid =
        any.toBuilder().messages(List.of(Message.system("Be brief."), Message.user("hi"))).build();
    assertThat(written(CHAT, unsaid)).contains("Be brief.").contains("valid JSON object");
  }

  @Test
  void choicesOfToolsHaveEachProvidersForm() {
    LlmRequest must = TALK.toBuilder().toolChoice("required").build();
    LlmRequest one = TALK.toBuilder().toolChoice("weather").build();
    LlmRequest none = TALK.toBuilder().toolChoice("none").build();
    assertThat(written(CHAT, must)).contains("\"tool_choice\":\"required\"");
    assertThat(written(CHAT, one))
        .contains("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}");
    assertThat(written(RESPONSES, one))
        .contains("\"tool_choice\":{\"type\":\"function\",\"name\":\"weather\"}");
    assertThat(written(ANTHROPIC, must)).contains("\"tool_choice\":{\"type\":\"any\"}");
    assertThat(written(ANTHROPIC, one))
        .contains("\"tool_choice\":{\"type\":\"tool\",\"name\":\"weather\"}");
    assertThat(written(ANTHROPIC, none)).contains("\"tool_choice\":{\"type\":\"none\"}");
    assertThat(written(GEMINI, must)).contains("{\"mode\":\"ANY\"}");
    assertThat(written(GEMINI, none)).contains("{\"mode\":\"NONE\"}");
    assertThat(written(GEMINI, one))
        .contains("{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"weather\"]}");
  }

  @Test
  void picturesAndFilesHaveEachProvidersForm() {
    LlmRequest request =
        LlmRequest.to("m")
            .messages(
                List.of(
                    new Message(
                        Role.USER,
                        List.of(
                            new Part.Text("see"),
                            new Part.Media("image/png", "aGk=", true),
                            new Part.Media("image/png", "https://x.example/a.png", false),
                            new Part.Media("application/pdf", "aGk=", true),
                            new Part.Media("audio/wav", "aGk=", true)))))
            .build();
    assertThat(written(CHAT, request))
        .contains(
            "{\"type\":\"text\",\"text\":\"see\"}",
            "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,aGk=\"}}",
            "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.example/a.png\"}}",
            "{\"type\":\"file\",\"file\":{\"filename\":\"file.pdf\",\"file_data\":\"data:application/pdf;base64,aGk=\"}}",
            "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"aGk=\",\"format\":\"wav\"}}");
    assertThat(written(RESPONSES, request))
        .contains(
            "{\"type\":\"input_text\",\"text\":\"see\"}",
            "{\"type\":\"input_image\",\"image_url\":\"https://x.example/a.png\"}",
            "{\"type\":\"input_file\",\"filename\":\"file.pdf\",\"file_data\":\"data:application/pdf;base64,aGk=\"}");
    assertThat(written(ANTHROPIC, request))
        .contains(
            "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"aGk=\"}}",
            "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x.example/a.png\"}}",
            "{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"aGk=\"}}");
    assertThat(written(GEMINI, request))
        .contains(
            "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"aGk=\"}}",
            "{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"https://x.example/a.png\"}}");
  }

  @Test
  void extraMembersGoOnTopAndIntoObjects() {
    LlmRequest request =
        LlmRequest.of("m", "hi").toBuilder()
            .temperature(1)
            .extra(
                (Json.Obj)
                    Json.parse("{\"seed\":7,\"generationConfig\":{\"topK\":4},\"temperature\":0}"))
            .build();
    assertThat(written(CHAT, request))
        .contains("\"seed\":7", "\"temperature\":0,")
        .doesNotContain("1.0");
    assertThat(written(GEMINI, request))
        .contains("\"generationConfig\":{\"temperature\":1.0,\"topK\":4}");
  }

  @Test
  void turnsOfOneSideBecomeOneAndEmptyOnesGetAMarker() {
    LlmRequest request =
        LlmRequest.to("m")
            .messages(
                List.of(
                    Message.assistant("I begin"),
                    Message.user("a"),
                    Message.user("b"),
                    Message.assistant("  "),
                    Message.system("Be kind."),
                    Message.user("c"),
                    Message.assistant("so far \n")))
            .build();
    assertThat(written(ANTHROPIC, request))
        .contains("\"system\":\"Be kind.\"")
        .contains(
            "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"(no text)\"}]},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"I begin\"}]},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"(no answer)\"}]},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"c\"}]},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"so far\"}]}]");
    assertThat(written(CHAT, request))
        .contains("{\"role\":\"assistant\",\"content\":\"(no answer)\"}");
    assertThat(
            written(ANTHROPIC, LlmRequest.to("m").messages(List.of(Message.system("s"))).build()))
        .contains("(no text)");
  }

  @Test
  void resultsFollowTheirCallsAtOnce() {
    LlmRequest request =
        LlmRequest.to("m")
            .messages(
                List.of(
                    Message.user("go"),
                    new Message(
                        Role.ASSISTANT,
                        List.of(
                            new Part.ToolCall("a", "f", "not json"),
                            new Part.ToolCall("b", "g", "{}"))),
                    Message.user("that was wrong"),
                    new Message(Role.TOOL, List.of(new Part.ToolResult("a", "", true))),
                    new Message(Role.TOOL, List.of(new Part.ToolResult("zz", "lost", false)))))
            .build();
    assertThat(written(ANTHROPIC, request))
        .contains(
            "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{\"arguments\":\"not json\"}}")
        .contains(
            "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"a\",\"content\":\"(empty)\",\"is_error\":true},"
                + "{\"type\":\"tool_result\",\"tool_use_id\":\"b\",\"content\":\"(this tool was not run)\",\"is_error\":true},"
                + "{\"type\":\"text\",\"text\":\"that was wrong\"},{\"type\":\"text\",\"text\":\"Result of tool call zz: lost\"}]}");
    assertThat(written(CHAT, request))
        .contains(
            "{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"Error: (empty)\"},{\"role\":\"tool\",\"tool_call_id\":\"b\"");
  }

  @Test
  void anyTalkBecomesOneThatEachProviderTakes() {
    Cases.check(
        500,
        WritersTest::anyTalk,
        talk -> {
          LlmRequest request = LlmRequest.to("m").messages(talk).build();
          alternates(Look.items(body(ANTHROPIC.write(request, WriteOptions.WHOLE)), "messages"));
          alternates(Look.items(body(GEMINI.write(request, WriteOptions.WHOLE)), "contents"));
          eachCallIsAnsweredAtOnce(
              Look.items(body(CHAT.write(request, WriteOptions.WHOLE)), "messages"));
        });
  }

  private static List<Message> anyTalk(RandomGenerator random) {
    List<Message> talk = new ArrayList<>();
    for (int turn = random.nextInt(1, 8); turn > 0; turn--) {
      List<Part> parts = new ArrayList<>();
      Role role = ROLES.get(random.nextInt(4));
      for (int part = random.nextInt(1, 4); part > 0; part--) {
        String id = "c" + random.nextInt(3);
        parts.add(
            switch (role) {
              case SYSTEM, USER -> new Part.Text(random.nextBoolean() ? "" : "text");
              case ASSISTANT ->
                  random.nextBoolean() ? new Part.Text(" ") : new Part.ToolCall(id, "f", "{}");
              case TOOL -> new Part.ToolResult(id, "r", random.nextBoolean());
            });
      }
      talk.add(new Message(role, parts));
    }
    return talk;
  }

  private static void alternates(List<Json> turns) {
    assertThat(turns).isNotEmpty();
    for (int place = 0; place < turns.size(); place++) {
      assertThat(Look.text(turns.get(place), "role").equals("user")).isEqualTo(place % 2 == 0);
      assertThat(
              Look.items(turns.get(place), "content").size()
                  + Look.items(turns.get(place), "parts").size())
          .isPositive();
    }
  }

  private static void eachCallIsAnsweredAtOnce(List<Json> messages) {
    Set<String> open = new HashSet<>();
    for (Json message : messages) {
      if (Look.text(message, "role").equals("tool")) {
        assertThat(open.remove(Look.text(message, "tool_call_id"))).isTrue();
      } else {
        assertThat(open).isEmpty();
        Look.items(message, "tool_calls").forEach(call -> open.add(Look.text(call, "id")));
      }
    }
    assertThat(open).isEmpty();
  }

  @Test
  void geminisSignaturesGoBackToGeminiOnly() {
    Part.ToolCall call =
        Samples.answer(
                GEMINI,
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}},\"thoughtSignature\":\"c2ln\"}]},\"finishReason\":\"STOP\"}],\"responseId\":\"r/1\"}")
            .toolCalls()
            .getFirst();
    LlmRequest request =
        LlmRequest.to("m")
            .messages(
                List.of(
                    Message.user("go"),
                    new Message(Role.ASSISTANT, List.of(call)),
                    new Message(Role.TOOL, List.of(new Part.ToolResult(call.id(), "r", false)))))
            .build();

    assertThat(written(GEMINI, request))
        .contains("\"thoughtSignature\":\"c2ln\"", "\"id\":\"call_r/1_0\"");
    assertThat(written(CHAT, request))
        .doesNotContain("c2ln")
        .contains("\"tool_call_id\":\"call_r_1_0\"");
    assertThat(CallIds.plain("x".repeat(100))).hasSize(40);
    assertThat(CallIds.plain("")).isEqualTo("call_0");
  }

  private static LlmRequest with(McpServer... servers) {
    return LlmRequest.of("m", "hi").toBuilder().mcpServers(List.of(servers)).build();
  }

  private static final McpServer REMOTE =
      new McpServer.Remote(
          "search",
          "http",
          "https://mcp.example/${WHERE:-v1}",
          Map.of("Authorization", "Bearer ${TOKEN}"),
          List.of("find"));
  private static final McpServer PROGRAM = new McpServer.Stdio("local", "run", List.of(), Map.of());
  private static final WriteOptions VARIABLES =
      WriteOptions.WHOLE.withEnvironment(
          name -> name.equals("TOKEN") ? Optional.of("canary$1") : Optional.empty());

  @Test
  void serversOfToolsGoAlongInEachProvidersForm() {
    WireRequest anthropic = ANTHROPIC.write(with(REMOTE), VARIABLES);
    assertThat(anthropic.headers().first("anthropic-beta")).contains("mcp-client-2025-04-04");
    assertThat(anthropic.body())
        .contains(
            "\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://mcp.example/v1\",\"name\":\"search\",\"authorization_token\":\"canary$1\",\"tool_configuration\":{\"enabled\":true,\"allowed_tools\":[\"find\"]}}]");
    assertThat(anthropic.toString()).doesNotContain("canary");
    assertThat(ANTHROPIC.write(with(), VARIABLES).headers().first("anthropic-beta")).isEmpty();
    assertThat(RESPONSES.write(with(REMOTE), VARIABLES).body())
        .contains(
            "\"tools\":[{\"type\":\"mcp\",\"server_label\":\"search\",\"server_url\":\"https://mcp.example/v1\",\"headers\":{\"Authorization\":\"Bearer canary$1\"},\"allowed_tools\":[\"find\"],\"require_approval\":\"never\"}]");
  }

  @Test
  void serversWithoutAPlaceAreRefusedOrLeftOut() {
    McpServer plain = new McpServer.Remote("p", "sse", "http://mcp.example", Map.of(), List.of());
    McpServer header =
        new McpServer.Remote(
            "h", "http", "https://mcp.example", Map.of("x-tenant", "1"), List.of());
    for (Dialect dialect : List.of(CHAT, GEMINI)) {
      assertThatThrownBy(() -> dialect.write(with(REMOTE), VARIABLES))
          .isInstanceOf(UnsupportedToolStage.class)
          .hasMessageContaining("'search'");
    }
    for (McpServer server : List.of(PROGRAM, plain, header)) {
      assertThatThrownBy(() -> ANTHROPIC.write(with(server), VARIABLES))
          .isInstanceOf(UnsupportedToolStage.class);
    }
    assertThatThrownBy(() -> RESPONSES.write(with(PROGRAM), VARIABLES))
        .isInstanceOf(UnsupportedToolStage.class);
    WriteOptions skip = VARIABLES.withMcp(WriteOptions.UnsupportedMcp.SKIP);
    assertThat(CHAT.write(with(REMOTE), skip).body()).doesNotContain("mcp");
    assertThat(ANTHROPIC.write(with(PROGRAM, REMOTE), skip).body())
        .contains("search")
        .doesNotContain("local");
  }

  @Test
  void aVariableWithoutAValueStopsTheRequest() {
    assertThatThrownBy(() ->
            ANTHROPIC.write(with(REMOTE), VARIABLES.withEnvironment(name -> Optional.empty())))
        .isInstanceOf(MissingVariable.class)
        .hasMessage(
            "${TOKEN} of MCP server 'search' has no value; set the environment variable TOKEN");
  }
}
