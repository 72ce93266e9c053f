package dev.belay.llm.provider;

import static dev.belay.llm.provider.Samples.answer;
import static dev.belay.llm.provider.Samples.read;
import static dev.belay.llm.provider.Samples.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Part;
import dev.belay.llm.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {
  private static final Dialect CHAT = OpenAiChat.openAi();
  private static final Dialect RESPONSES = OpenAiResponses.openAi();
  private static final Dialect ANTHROPIC = Anthropic.messages();
  private static final Dialect GEMINI = Gemini.generateContent();
  private static final List<Dialect> ALL = List.of(CHAT, RESPONSES, ANTHROPIC, GEMINI);

  private static String chat(String message, String finish) {
    return """
    {"id":"chatcmpl-1","object":"chat.completion","created":1764300000,"model":"gpt-x",
     "choices":[{"index":0,"message":%s,"logprobs":null,"finish_reason":%s}],
     "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,
              "prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0}}}
    """
        .formatted(message, finish);
  }

  private static String anthropic(String content, String stop) {
    return """
    {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":%s,
     "stop_reason":"%s","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":3}}
    """
        .formatted(content, stop);
  }

  private static String gemini(String parts, String finish) {
    return """
    {"candidates":[{"content":{"parts":%s,"role":"model"},"finishReason":"%s","index":0}],
     "usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"totalTokenCount":12},
     "modelVersion":"gemini-x","responseId":"r1"}
    """
        .formatted(parts, finish);
  }

  private static String responses(String output, String status, String details) {
    return """
    {"id":"resp_1","object":"response","status":"%s","error":null,"incomplete_details":%s,
     "model":"gpt-x","output":%s,"usage":{"input_tokens":9,"output_tokens":3}}
    """
        .formatted(status, details, output);
  }

  @Test
  void aChatCompletionIsItsContent() {
    LlmResponse answer =
        answer(
            CHAT, chat("{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null}", "\"stop\""));

    assertThat(answer.text()).isEqualTo("Hi");
    assertThat(answer.id()).isEqualTo("chatcmpl-1");
    assertThat(answer.model()).isEqualTo("gpt-x");
    assertThat(answer.usage()).isEqualTo(new Usage(9, 3, 4));
    assertThat(answer.finish()).isEqualTo(Finish.STOP);
    assertThat(answer.raw()).contains("\"logprobs\"");
  }

  @Test
  void nullContentIsNoText() {
    assertThat(answer(CHAT, chat("{\"role\":\"assistant\",\"content\":null}", "\"stop\"")).text())
        .isEmpty();
    assertThat(answer(CHAT, chat("{\"role\":\"assistant\"}", "null")).finish())
        .isEqualTo(Finish.OTHER);
    assertThat(answer(ANTHROPIC, anthropic("[]", "end_turn")).text()).isEmpty();
    assertThat(answer(GEMINI, gemini("[]", "STOP")).text()).isEmpty();
    assertThat(answer(RESPONSES, responses("[]", "completed", "null")).text()).isEmpty();
  }

  @Test
  void contentInPartsIsJoinedAndThoughtsAreLeftOut() {
    String parts =
        "{\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}],\"reasoning_content\":\"hm\"}";
    assertThat(answer(CHAT, chat(parts, "\"stop\"")).text()).isEqualTo("ab");
    assertThat(
            answer(
                    ANTHROPIC,
                    anthropic(
                        "[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"s\"},{\"type\":\"redacted_thinking\",\"data\":\"d\"},{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]",
                        "end_turn"))
                .text())
        .isEqualTo("ab");
    assertThat(
            answer(
                    GEMINI,
                    gemini(
                        "[{\"text\":\"hm\",\"thought\":true},{\"text\":\"a\"},{\"text\":\"b\"}]",
                        "STOP"))
                .text())
        .isEqualTo("ab");
    assertThat(
            answer(
                    RESPONSES,
                    responses(
                        "[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"a\"},{\"type\":\"output_text\",\"text\":\"b\"}]}]",
                        "completed",
                        "null"))
                .text())
        .isEqualTo("ab");
  }

  @Test
  void toolCallsAloneAreAnAnswer() {
    Part.ToolCall wanted = new Part.ToolCall("c1", "find", "{\"q\":1}");
    assertThat(
            answer(
                CHAT,
                chat(
                    "{\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"find\",\"arguments\":\"{\\\"q\\\":1}\"}}]}",
                    "\"tool_calls\"")))
        .satisfies(answer -> onlyCalls(answer, wanted));
    assertThat(
            answer(
                ANTHROPIC,
                anthropic(
                    "[{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"find\",\"input\":{\"q\":1}}]",
                    "tool_use")))
        .satisfies(answer -> onlyCalls(answer, wanted));
    assertThat(
            answer(
                GEMINI,
                gemini(
                    "[{\"functionCall\":{\"id\":\"c1\",\"name\":\"find\",\"args\":{\"q\":1}}}]",
                    "STOP")))
        .satisfies(answer -> onlyCalls(answer, wanted));
    assertThat(
            answer(
                RESPONSES,
                responses(
                    "[{\"type\":\"function_call\",\"id\":\"fc\",\"call_id\":\"c1\",\"name\":\"find\",\"arguments\":\"{\\\"q\\\":1}\"}]",
                    "completed",
                    "null")))
        .satisfies(answer -> onlyCalls(answer, wanted));
  }

  private static void onlyCalls(LlmResponse answer, Part.ToolCall wanted) {
    assertThat(answer.text()).isEmpty();
    assertThat(answer.toolCalls()).containsExactly(wanted);
    assertThat(answer.finish()).isEqualTo(Finish.TOOL_CALLS);
  }

  @Test
  void oddFormsOfToolCallsAreUnderstood() {
    assertThat(
            answer(
                    CHAT,
                    chat(
                        "{\"content\":null,\"function_call\":{\"name\":\"find\",\"arguments\":\"{}\"}}",
                        "\"function_call\""))
                .toolCalls())
        .containsExactly(new Part.ToolCall("call_0", "find", "{}"));
    assertThat(
            answer(
                    CHAT,
                    chat(
                        "{\"tool_calls\":[{\"function\":{\"name\":\"find\",\"arguments\":{\"q\":1}}},{\"id\":\"x\",\"type\":\"custom\",\"custom\":{\"name\":\"sh\",\"input\":\"ls\"}}]}",
                        "\"stop\""))
                .toolCalls())
        .containsExactly(
            new Part.ToolCall("call_0", "find", "{\"q\":1}"), new Part.ToolCall("x", "sh", "ls"));
  }

  @Test
  void everyChoiceIsKeptInOrder() {
    String two =
        """
        {"id":"1","model":"m","choices":[
          {"index":0,"message":{"content":"a"},"finish_reason":"stop"},
          {"index":1,"message":{"content":"b"},"finish_reason":"length"}]}
        """;

    assertThat(answer(CHAT, two).choices())
        .extracting(LlmResponse.Choice::text)
        .containsExactly("a", "b");
    assertThat(answer(CHAT, two).text()).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource({
    "stop, STOP",
    "length, LENGTH",
    "tool_calls, TOOL_CALLS",
    "content_filter, CONTENT_FILTER",
    "weird, OTHER"
  })
  void chatSaysWhyItStopped(String reason, Finish finish) {
    assertThat(answer(CHAT, chat("{\"content\":\"x\"}", "\"" + reason + "\"")).finish())
        .isEqualTo(finish);
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, STOP",
    "stop_sequence, STOP",
    "max_tokens, LENGTH",
    "refusal, REFUSAL",
    "model_context_window_exceeded, LENGTH",
    "pause_turn, OTHER"
  })
  void anthropicSaysWhyItStopped(String reason, Finish finish) {
    assertThat(
            answer(ANTHROPIC, anthropic("[{\"type\":\"text\",\"text\":\"x\"}]", reason)).finish())
        .isEqualTo(finish);
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, STOP",
    "MAX_TOKENS, LENGTH",
    "SAFETY, CONTENT_FILTER",
    "RECITATION, CONTENT_FILTER",
    "SPII, CONTENT_FILTER",
    "MALFORMED_FUNCTION_CALL, OTHER"
  })
  void geminiSaysWhyItStopped(String reason, Finish finish) {
    assertThat(answer(GEMINI, gemini("[{\"text\":\"x\"}]", reason)).finish()).isEqualTo(finish);
  }

  @ParameterizedTest
  @CsvSource({
    "completed, null, STOP",
    "incomplete, '{\"reason\":\"max_output_tokens\"}', LENGTH",
    "incomplete, '{\"reason\":\"content_filter\"}', CONTENT_FILTER",
    "incomplete, '{\"reason\":\"new\"}', INCOMPLETE",
    "in_progress, null, INCOMPLETE"
  })
  void responsesSayWhyTheyStopped(String status, String details, Finish finish) {
    assertThat(answer(RESPONSES, responses("[]", status, details)).finish()).isEqualTo(finish);
  }

  @Test
  void aRefusalIsNoAnswer() {
    assertThat(
            answer(CHAT, chat("{\"content\":null,\"refusal\":\"I can't\"}", "\"stop\""))
                .choices()
                .getFirst())
        .isEqualTo(new LlmResponse.Choice("", List.of(), "I can't", Finish.REFUSAL));
    assertThat(
            answer(
                    RESPONSES,
                    responses(
                        "[{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"I can't\"}]}]",
                        "completed",
                        "null"))
                .choices()
                .getFirst())
        .isEqualTo(new LlmResponse.Choice("", List.of(), "I can't", Finish.REFUSAL));
    assertThat(answer(ANTHROPIC, anthropic("[]", "refusal")).choices().getFirst().refusal())
        .isEqualTo("the model refused");
    assertThat(
            answer(GEMINI, "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}")
                .choices()
                .getFirst())
        .isEqualTo(
            new LlmResponse.Choice(
                "", List.of(), "the prompt was blocked: SAFETY", Finish.CONTENT_FILTER));
  }

  @Test
  void theArgumentsOfTheAnswerToolAreTheAnswer() {
    LlmResponse answer =
        answer(
            ANTHROPIC,
            anthropic(
                "[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"answer_as_person\",\"input\":{\"age\":7}}]",
                "tool_use"));

    assertThat(answer.text()).isEqualTo("{\"age\":7}");
    assertThat(answer.finish()).isEqualTo(Finish.STOP);
    assertThat(answer.toolCalls()).isEmpty();
  }

  @Test
  void whatIsNoAnswerIsGarbageWithAnExcerpt() {
    String truncated = chat("{\"content\":\"x\"}", "\"stop\"").substring(0, 60);
    for (Dialect dialect : ALL) {
      for (String body :
          List.of("", " ", "<html>nginx</html>", truncated, "[]", "{}", "7", "\"text\"")) {
        assertThat(read(dialect, 200, body)).isInstanceOf(Reading.Garbled.class);
      }
      assertThat(((Reading.Garbled) read(dialect, 200, "<html>\n\u0007nginx")).why())
          .contains("'<html> nginx'")
          .contains("application/json");
    }
  }

  @Test
  void noBodyBreaksAReader() {
    List<String> bodies =
        List.of(
            chat(
                "{\"content\":\"x\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\"}}]}",
                "\"stop\""),
            anthropic("[{\"type\":\"text\",\"text\":\"x\"}]", "end_turn"),
            gemini("[{\"text\":\"x\"}]", "STOP"),
            responses("[]", "completed", "null"));
    Cases.check(
        500,
        random -> {
          StringBuilder body = new StringBuilder(bodies.get(random.nextInt(bodies.size())));
          for (int hit = random.nextInt(1, 5); hit > 0; hit--) {
            body.setCharAt(
                random.nextInt(body.length()), "{}[]\":,0x\u0000é".charAt(random.nextInt(11)));
          }
          return body.toString();
        },
        body ->
            ALL.forEach(dialect ->
                List.of(200, 400, 529)
                    .forEach(status -> assertThat(read(dialect, status, body)).isNotNull())));
  }

  @Test
  void anErrorIsAnErrorWhateverItsStatus() {
    String body =
        "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}";
    for (int status : List.of(200, 429)) {
      WireError error = refusal(CHAT, status, body);
      assertThat(error.status()).isEqualTo(429);
      assertThat(error.code()).isEqualTo("insufficient_quota");
      assertThat(error.type()).isEqualTo("insufficient_quota");
      assertThat(error.message()).isEqualTo("You exceeded your current quota");
      assertThat(error.requestId()).isEqualTo("req_7");
    }
  }

  @Test
  void anthropicNamesTheRequestInTheBody() {
    WireError error =
        refusal(
            ANTHROPIC,
            429,
            "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow\"},\"request_id\":\"req_011\"}");

    assertThat(error.requestId()).isEqualTo("req_011");
    assertThat(error.type()).isEqualTo("rate_limit_error");
  }

  @Test
  void googleSaysWhenAndWhy() {
    String body =
        """
        {"error":{"code":429,"message":"You exceeded your current quota. Please retry in 34.07s.","status":"RESOURCE_EXHAUSTED","details":[
          {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaDimensions":{"location":"global"},"quotaValue":"50"}]},
          {"@type":"type.googleapis.com/google.rpc.Help","links":[]},
          {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit":"PerMinute"}},
          {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.074824224s"}]}}
        """;
    for (String form : List.of(body, "[" + body + "]")) {
      WireError error = refusal(GEMINI, 429, form);
      assertThat(error.type()).isEqualTo("RESOURCE_EXHAUSTED");
      assertThat(error.code()).isEqualTo("429");
      assertThat(error.quota())
          .isEqualTo(
              new WireError.Quota(
                  "34.074824224s",
                  "GenerateRequestsPerDayPerProjectPerModel-FreeTier,PerMinute",
                  "RATE_LIMIT_EXCEEDED"));
    }
  }

  @Test
  void errorsOfGatewaysAreFoundInManyForms() {
    assertThat(refusal(CHAT, 503, "{\"error\":\"model is loading\",\"error_type\":\"overloaded\"}"))
        .extracting(WireError::message, WireError::type)
        .containsExactly("model is loading", "overloaded");
    assertThat(refusal(CHAT, 404, "{\"detail\":\"Not Found\"}").message()).isEqualTo("Not Found");
    assertThat(refusal(CHAT, 401, "{\"statusCode\":401,\"message\":\"Access denied\"}").message())
        .isEqualTo("Access denied");
    assertThat(refusal(CHAT, 502, "<html>Bad Gateway</html>").message())
        .isEqualTo("body was '<html>Bad Gateway</html>'");
    assertThat(refusal(CHAT, 500, "").message()).isEqualTo("no body");
    assertThat(refusal(CHAT, 302, "moved").status()).isEqualTo(302);
  }

  @Test
  void aStatusAloneSaysHowToCountIt() {
    Map<Integer, String> kinds =
        Map.of(
            400,
            "INVALID_REQUEST",
            401,
            "AUTH",
            402,
            "QUOTA_EXHAUSTED",
            409,
            "CONFLICT",
            413,
            "CONTEXT_OVERFLOW",
            429,
            "RATE_LIMIT",
            500,
            "SERVER_ERROR",
            529,
            "OVERLOADED");
    kinds.forEach((status, kind) ->
        assertThat(
                ErrorReader.byStatus()
                    .read("", refusal(CHAT, status, ""), Instant.EPOCH)
                    .kind()
                    .name())
            .isEqualTo(kind));
  }

  @Test
  void aHugeNumberIsNotWrittenOut() {
    String body =
        chat("{\"content\":\"x\"}", "\"stop\"")
            .replace("\"chatcmpl-1\"", "1e999999999")
            .replace("\"prompt_tokens\":9", "\"prompt_tokens\":1e999999999");

    assertThat(answer(CHAT, body).id()).isEqualTo("1E+999999999");
    assertThat(answer(CHAT, body).usage().input()).isZero();
  }
}
