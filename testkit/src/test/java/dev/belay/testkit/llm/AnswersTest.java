package dev.belay.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Script;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Good answers in each dialect, whole and as streams. */
class AnswersTest {

  @Nested
  class OfOpenAiChat {
    @Test
    void saysATextWithItsUsageAndANumberOfItsOwn() throws Exception {
      try (FaultyProvider provider = FaultyProvider.start(Answer.text("hello").usage(12, 3));
          Client client = new Client(provider)) {
        Client.Got first = client.send(client.chat(""));
        Client.Got second = client.send(client.chat(""));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("content-type")).isEqualTo("application/json");
        assertThat(first.at("/object")).isEqualTo("chat.completion");
        assertThat(first.at("/model")).isEqualTo("gpt-test");
        assertThat(first.at("/choices/0/message/content")).isEqualTo("hello");
        assertThat(first.at("/choices/0/finish_reason")).isEqualTo("stop");
        assertThat(first.at("/usage/total_tokens")).isEqualTo("15");
        assertThat(first.at("/id")).matches("chatcmpl-[0-9a-f]{12}").isNotEqualTo(second.at("/id"));
        assertThat(first.header("x-request-id")).matches("req_[0-9a-f]{12}");
      }
    }

    @Test
    void saysSeveralChoicesAndWhyTheyStopped() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(Answer.choices("a", "b").finish(Finish.LENGTH));
          Client client = new Client(provider)) {
        JsonNode choices = client.send(client.chat(",\"n\":2")).json().path("choices");

        assertThat(choices).hasSize(2);
        assertThat(choices.get(1).path("message").path("content").asString()).isEqualTo("b");
        assertThat(choices.get(1).path("finish_reason").asString()).isEqualTo("length");
      }
    }

    @Test
    void saysToolCallsRefusalsAndNothing() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Script.of(
                      Answer.toolCall("weather", "{\"city\":\"Ulm\"}").andToolCall("time", "{}"),
                      Answer.refusal("no"),
                      Answer.nothing()));
          Client client = new Client(provider)) {
        Client.Got calls = client.send(client.chat(""));
        assertThat(calls.json().at("/choices/0/message/content").isNull()).isTrue();
        assertThat(calls.at("/choices/0/message/tool_calls/0/function/arguments"))
            .isEqualTo("{\"city\":\"Ulm\"}");
        assertThat(calls.at("/choices/0/message/tool_calls/1/function/name")).isEqualTo("time");
        assertThat(calls.at("/choices/0/finish_reason")).isEqualTo("tool_calls");
        assertThat(client.send(client.chat("")).at("/choices/0/message/refusal")).isEqualTo("no");
        assertThat(client.send(client.chat("")).json().at("/choices/0/message/content").isNull())
            .isTrue();
      }
    }

    @Test
    void streamsAText() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Answer.text("hello world").usage(1, 2).chunks(4, Duration.ZERO));
          Client client = new Client(provider)) {
        Client.Got got =
            client.send(
                client.chat(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
        List<JsonNode> events = got.events();

        assertThat(got.header("content-type")).startsWith("text/event-stream");
        assertThat(text(events)).isEqualTo("hello world");
        assertThat(events).hasSize(1 + 3 + 1 + 1);
        assertThat(events.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(2);
        assertThat(events.get(4).at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(got.data().toList()).last().isEqualTo("[DONE]");
        assertThat(events.stream().map(event -> event.path("id").asString()).distinct()).hasSize(1);
      }
    }

    private String text(List<JsonNode> events) {
      StringBuilder text = new StringBuilder();
      events.forEach(event -> text.append(event.at("/choices/0/delta/content").asString("")));
      return text.toString();
    }

    @Test
    void streamsToolCallsInPieces() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Answer.toolCall("weather", "{\"city\":\"Ulm\"}")
                      .chunks(5, Duration.ofMillis(1)));
          Client client = new Client(provider)) {
        StringBuilder arguments = new StringBuilder();
        for (JsonNode event : client.send(client.chat(",\"stream\":true")).events()) {
          String at = "/choices/0/delta/tool_calls/0/function/arguments";
          arguments.append(event.at(at).asString(""));
        }
        assertThat(arguments).hasToString("{\"city\":\"Ulm\"}");
      }
    }
  }

  @Nested
  class OfAnthropic {
    @Test
    void saysATextAndToolCalls() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Answer.text("hello").usage(7, 8).andToolCall("weather", "{\"city\":\"Ulm\"}"));
          Client client = new Client(provider)) {
        Client.Got got = client.send(client.messages(""));

        assertThat(got.at("/type")).isEqualTo("message");
        assertThat(got.at("/content/0/text")).isEqualTo("hello");
        assertThat(got.at("/content/1/input/city")).isEqualTo("Ulm");
        assertThat(got.at("/stop_reason")).isEqualTo("tool_use");
        assertThat(got.at("/usage/output_tokens")).isEqualTo("8");
        assertThat(got.header("request-id")).startsWith("req_");
      }
    }

    @Test
    void streamsThem() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Answer.text("hello")
                      .andToolCall("weather", "{\"city\":\"Ulm\"}")
                      .chunks(3, Duration.ZERO));
          Client client = new Client(provider)) {
        List<JsonNode> events = client.send(client.messages(",\"stream\":true")).events();

        assertThat(events)
            .extracting(event -> event.path("type").asString())
            .startsWith("message_start", "content_block_start", "ping", "content_block_delta")
            .endsWith("content_block_stop", "message_delta", "message_stop");
        StringBuilder said = new StringBuilder();
        events.forEach(event ->
            said.append(event.at("/delta/text").asString(""))
                .append(event.at("/delta/partial_json").asString("")));
        assertThat(said).hasToString("hello{\"city\":\"Ulm\"}");
        assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asString())
            .isEqualTo("tool_use");
      }
    }

    @Test
    void hasAWordForEachEnd() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Script.of(
                      Answer.text("a").finish(Finish.LENGTH),
                      Answer.refusal("no"),
                      Answer.nothing()));
          Client client = new Client(provider)) {
        assertThat(client.send(client.messages("")).at("/stop_reason")).isEqualTo("max_tokens");
        assertThat(client.send(client.messages("")).at("/stop_reason")).isEqualTo("refusal");
        assertThat(client.send(client.messages("")).json().path("content")).isEmpty();
      }
    }
  }

  @Nested
  class OfOpenAiResponses {
    @Test
    void saysATextAndToolCalls() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(Answer.text("hello").andToolCall("weather", "{}"));
          Client client = new Client(provider)) {
        Client.Got got = client.send(client.responses(""));

        assertThat(got.at("/status")).isEqualTo("completed");
        assertThat(got.at("/output/0/content/0/text")).isEqualTo("hello");
        assertThat(got.at("/output/1/type")).isEqualTo("function_call");
        for (String setting : List.of("parallel_tool_calls", "tool_choice", "tools", "metadata")) {
          assertThat(got.json().has(setting)).as(setting).isTrue();
        }
      }
    }

    @Test
    void streamsNumberedEventsThatRepeatTheWhole() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Answer.text("hello world")
                      .finish(Finish.LENGTH)
                      .andToolCall("weather", "{}")
                      .finish(Finish.LENGTH)
                      .chunks(4, Duration.ZERO));
          Client client = new Client(provider)) {
        List<JsonNode> events = client.send(client.responses(",\"stream\":true")).events();

        assertThat(events)
            .extracting(event -> event.path("sequence_number").asInt())
            .isSorted()
            .doesNotHaveDuplicates();
        assertThat(events.getFirst().path("type").asString()).isEqualTo("response.created");
        JsonNode last = events.getLast();
        assertThat(last.path("type").asString()).isEqualTo("response.incomplete");
        assertThat(last.at("/response/incomplete_details/reason").asString())
            .isEqualTo("max_output_tokens");
        assertThat(last.at("/response/output/0/content/0/text").asString())
            .isEqualTo("hello world");
        assertThat(events)
            .filteredOn(event -> event.path("type").asString().equals("response.output_text.delta"))
            .hasSize(3);
      }
    }

    @Test
    void saysARefusalAsAPartOfItsOwn() throws Exception {
      try (FaultyProvider provider = FaultyProvider.start(Answer.refusal("no"));
          Client client = new Client(provider)) {
        assertThat(client.send(client.responses("")).at("/output/0/content/0/refusal"))
            .isEqualTo("no");
        assertThat(client.send(client.responses(",\"stream\":true")).events())
            .anyMatch(event -> event.path("type").asString().equals("response.refusal.done"));
      }
    }
  }

  @Nested
  class OfGemini {
    @Test
    void saysATextAndToolCalls() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Answer.text("hello").usage(3, 4).andToolCall("weather", "{\"city\":\"Ulm\"}"));
          Client client = new Client(provider)) {
        Client.Got got = client.send(client.gemini("generateContent"));

        assertThat(got.at("/candidates/0/content/parts/0/text")).isEqualTo("hello");
        assertThat(got.at("/candidates/0/content/parts/1/functionCall/args/city")).isEqualTo("Ulm");
        assertThat(got.at("/candidates/0/finishReason")).isEqualTo("STOP");
        assertThat(got.at("/usageMetadata/totalTokenCount")).isEqualTo("7");
        assertThat(got.at("/modelVersion")).isEqualTo("gemini-test");
      }
    }

    @Test
    void streamsEventsOrAList() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Answer.text("hello world").chunks(4, Duration.ZERO).finish(Finish.LENGTH));
          Client client = new Client(provider)) {
        List<JsonNode> events =
            client.send(client.gemini("streamGenerateContent?alt=sse")).events();
        Client.Got list = client.send(client.gemini("streamGenerateContent"));

        assertThat(events).hasSize(4);
        assertThat(events.getLast().at("/candidates/0/finishReason").asString())
            .isEqualTo("MAX_TOKENS");
        assertThat(list.header("content-type")).isEqualTo("application/json");
        assertThat(list.json()).hasSize(4);
        assertThat(list.at("/1/candidates/0/content/parts/0/text")).isEqualTo("o wo");
      }
    }
  }

  @Test
  void echoesTheUserInEachDialect() throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Answer.echo());
        Client client = new Client(provider)) {
      assertThat(client.send(client.chat("")).at("/choices/0/message/content")).isEqualTo("hi");
      assertThat(client.send(client.responses("")).at("/output/0/content/0/text")).isEqualTo("hi");
      assertThat(client.send(client.messages("")).at("/content/0/text")).isEqualTo("hi");
      assertThat(client.send(client.gemini("generateContent")).body()).contains("\"text\":\"hi\"");
    }
  }

  @Test
  void saysOneTextAfterTheOther() throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Answer.texts("bad", "better", "good"));
        Client client = new Client(provider)) {
      for (String wanted : List.of("bad", "better", "good", "good")) {
        assertThat(client.send(client.chat("")).at("/choices/0/message/content")).isEqualTo(wanted);
      }
    }
  }

  @Test
  void splitsNoCharacterOfTwoHalves() {
    assertThat(Voice.pieces("a\uD83D\uDE00b", 2)).containsExactly("a\uD83D\uDE00", "b");
    assertThat(Voice.pieces("abc", Integer.MAX_VALUE)).containsExactly("abc");
    assertThat(Voice.pieces("", 3)).isEmpty();
  }
}
