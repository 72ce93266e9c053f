package dev.belay.llm.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.Usage;
import dev.belay.llm.json.Json;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontsTest {
  private static final Front CHAT = new OpenAiChatFront();
  private static final Front RESPONSES = new OpenAiResponsesFront();
  private static final Front ANTHROPIC = new AnthropicFront();

  private static LlmResponse response(String text, Finish finish, Part.ToolCall... calls) {
    return new LlmResponse(
        "id-1",
        "real",
        List.of(new LlmResponse.Choice(text, List.of(calls), "", finish)),
        new Usage(10, 5, 4),
        "");
  }

  private static final Part.ToolCall CALL = new Part.ToolCall("c1", "look", "{\"q\":1}");

  @Nested
  class Requests {

    @Test
    void ofChatCompletionsAreUnderstood() {
      Front.Asked asked =
          CHAT.read(
              """
              {"model":"smart","stream":true,"stream_options":{"include_usage":true},
               "temperature":0.5,"max_completion_tokens":7,"stop":"END","seed":3,
               "messages":[
                {"role":"developer","content":"be brief"},
                {"role":"user","content":[{"type":"text","text":"what is this?"},
                  {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
                {"role":"assistant","content":null,"tool_calls":[
                  {"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}]},
                {"role":"tool","tool_call_id":"c1","content":"a cat"}],
               "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],
               "tool_choice":{"type":"function","function":{"name":"look"}},
               "response_format":{"type":"json_schema","json_schema":{"name":"cat","schema":{},"strict":true}}}
              """);
      LlmRequest request = asked.request();

      assertThat(asked.stream()).isTrue();
      assertThat(asked.withUsage()).isTrue();
      assertThat(request.model()).isEqualTo("smart");
      assertThat(request.messages())
          .extracting(Message::role)
          .containsExactly(
              Message.Role.SYSTEM, Message.Role.USER, Message.Role.ASSISTANT, Message.Role.TOOL);
      assertThat(request.messages().get(1).parts().get(1))
          .isEqualTo(new Part.Media("image/png", "AAAA", true));
      assertThat(request.toolChoice()).isEqualTo("look");
      assertThat(request.maxTokens()).hasValue(7);
      assertThat(request.stop()).containsExactly("END");
      assertThat(request.format()).isInstanceOf(ResponseFormat.JsonSchema.class);
      assertThat(request.extra().members()).containsOnlyKeys("seed");
    }

    @Test
    void ofResponsesAreUnderstood() {
      LlmRequest request =
          RESPONSES
              .read(
                  """
                  {"model":"smart","instructions":"be brief","max_output_tokens":9,
                   "text":{"format":{"type":"json_object"}},
                   "input":[
                    {"role":"user","content":[{"type":"input_text","text":"hi"},
                      {"type":"input_image","image_url":"https://h.example/a.png"}]},
                    {"type":"function_call","call_id":"c1","name":"look","arguments":"{}"},
                    {"type":"function_call_output","call_id":"c1","output":"a cat"},
                    {"type":"reasoning","summary":[]}]}
                  """)
              .request();

      assertThat(request.messages())
          .extracting(Message::role)
          .containsExactly(
              Message.Role.SYSTEM, Message.Role.USER, Message.Role.ASSISTANT, Message.Role.TOOL);
      assertThat(request.format()).isInstanceOf(ResponseFormat.JsonObject.class);
      assertThat(RESPONSES.read("{\"model\":\"m\",\"input\":\"hi\"}").request().messages())
          .containsExactly(Message.user("hi"));
    }

    @Test
    void ofAnthropicsMessagesAreUnderstood() {
      LlmRequest request =
          ANTHROPIC
              .read(
                  """
                  {"model":"smart","max_tokens":9,"system":[{"type":"text","text":"be brief"}],
                   "tool_choice":{"type":"any"},"tools":[{"name":"look","input_schema":{}}],
                   "messages":[
                    {"role":"user","content":"hi"},
                    {"role":"assistant","content":[{"type":"thinking","thinking":"hm"},
                      {"type":"tool_use","id":"c1","name":"look","input":{"q":1}}]},
                    {"role":"user","content":[
                      {"type":"tool_result","tool_use_id":"c1","content":"a cat","is_error":true},
                      {"type":"text","text":"and now?"}]}]}
                  """)
              .request();

      assertThat(request.messages())
          .extracting(Message::role)
          .containsExactly(
              Message.Role.SYSTEM,
              Message.Role.USER,
              Message.Role.ASSISTANT,
              Message.Role.TOOL,
              Message.Role.USER);
      assertThat(request.messages().get(3).parts())
          .containsExactly(new Part.ToolResult("c1", "a cat", true));
      assertThat(request.toolChoice()).isEqualTo("required");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{}                                                   | model",
          "{'model':'m'}                                        | messages",
          "{'model':'m','messages':[{'role':'king'}]}           | messages[0].role",
          "{'model':'m','messages':[{'role':'user'}]}           | messages[0].content",
          "{'model':'m','messages':[{'role':'user','content':[{'type':'smell'}]}]} | messages[0].content[0].type",
          "{'model':'m','messages':[{'role':'user','content':'x'}],'temperature':3} | temperature",
          "{'model':'m','messages':[{'role':'user','content':'x'}],'max_tokens':0.5} | max_tokens",
          "{'model':'m','messages':[{'role':'user','content':'x'}],'stream':'yes'} | stream",
          "{'model':'m','messages':[{'role':'user','content':'x'}],'tools':[{'type':'function','function':{'name':'a b'}}]} | tools[0].function.name",
          "{'model':'m','messages':'x'}                         | messages",
        })
    void thatAreWrongNameTheField(String body, String field) {
      assertThatThrownBy(() -> CHAT.read(body.replace('\'', '"')))
          .isInstanceOfSatisfying(
              BadRequest.class, bad -> assertThat(bad.field()).isEqualTo(field));
    }

    @Test
    void ofAnthropicNeedALimit() {
      assertThatThrownBy(() ->
              ANTHROPIC.read(
                  "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"))
          .hasMessage("max_tokens: is required");
    }
  }

  @Nested
  class Answers {

    @Test
    void areChatCompletions() {
      Json json = Json.parse(CHAT.write(response("", Finish.TOOL_CALLS, CALL), "smart", 7));

      assertThat(json.toString())
          .contains("\"object\":\"chat.completion\"", "\"model\":\"smart\"", "\"content\":null")
          .contains("\"finish_reason\":\"tool_calls\"", "\"arguments\":\"{\\\"q\\\":1}\"")
          .contains("\"prompt_tokens\":10", "\"cached_tokens\":4");
    }

    @Test
    void areResponses() {
      String json = RESPONSES.write(response("hi", Finish.LENGTH), "smart", 7);

      assertThat(json)
          .contains("\"status\":\"incomplete\"", "\"reason\":\"max_output_tokens\"")
          .contains("\"type\":\"output_text\",\"text\":\"hi\"");
    }

    @Test
    void areMessages() {
      String json = ANTHROPIC.write(response("hi", Finish.TOOL_CALLS, CALL), "smart", 7);

      assertThat(json)
          .contains("\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"look\",\"input\":{\"q\":1}")
          .contains("\"stop_reason\":\"tool_use\"", "\"input_tokens\":6");
    }

    private static String streamed(Front front, String model) {
      LlmRequest request = LlmRequest.of(model, "hi");
      StreamWriter writer = front.stream(new Front.Asked(request, true, true), "id-1", 7);
      return writer.begin()
          + writer.piece(new StreamEvent.Reasoning("hm"))
          + writer.piece(new StreamEvent.Text("he"))
          + writer.piece(new StreamEvent.Text("llo"))
          + writer.piece(new StreamEvent.ToolCall(0, "c1", "look", "{\"q\""))
          + writer.piece(new StreamEvent.ToolCall(0, "", "", ":1}"))
          + writer.piece(new StreamEvent.End(response("hello", Finish.TOOL_CALLS, CALL)));
    }

    @Test
    void streamAsChatCompletions() {
      assertThat(streamed(CHAT, "smart"))
          .contains("\"delta\":{\"content\":\"he\"}", "\"finish_reason\":\"tool_calls\"")
          .contains("\"choices\":[],\"usage\":{\"prompt_tokens\":10")
          .doesNotContain("hm")
          .endsWith("data: [DONE]\n\n");
    }

    @Test
    void streamAsMessages() {
      assertThat(streamed(ANTHROPIC, "smart"))
          .containsSubsequence(
              "event: message_start",
              "event: content_block_start",
              "text_delta",
              "event: content_block_stop",
              "\"index\":1,\"content_block\":{\"type\":\"tool_use\"",
              "input_json_delta",
              "event: content_block_stop",
              "event: message_delta",
              "event: message_stop");
    }

    @Test
    void streamAsResponses() {
      assertThat(streamed(RESPONSES, "smart"))
          .containsSubsequence(
              "event: response.created",
              "event: response.output_item.added",
              "event: response.output_text.delta",
              "\"text\":\"hello\"",
              "event: response.output_item.done",
              "event: response.function_call_arguments.delta",
              "\"arguments\":\"{\\\"q\\\":1}\"",
              "event: response.completed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error, invalid_request_error",
    "401, authentication_error, authentication_error",
    "404, invalid_request_error, not_found_error",
    "413, invalid_request_error, request_too_large",
    "429, rate_limit_error, rate_limit_error",
    "502, server_error, api_error",
    "503, server_error, overloaded_error",
    "504, server_error, timeout_error",
  })
  void errorsAreWordedAsClientsExpect(int status, String openAi, String anthropic) {
    GatewayError error = GatewayError.of(status, "code", "what to do");

    assertThat(CHAT.write(error))
        .contains("\"type\":\"%s\"".formatted(openAi), "\"code\":\"code\"");
    assertThat(RESPONSES.write(error)).contains("\"message\":\"what to do\"");
    assertThat(ANTHROPIC.write(error)).contains("\"type\":\"%s\"".formatted(anthropic));
    assertThat(CHAT.brokenOff(error)).startsWith("data: {\"error\"").endsWith("\n\n");
  }
}
