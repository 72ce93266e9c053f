package dev.belay.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.Usage;
import dev.belay.llm.provider.Samples.Streamed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamsTest {

  enum Speech {
    CHAT,
    RESPONSES,
    ANTHROPIC,
    GEMINI;

    Dialect dialect() {
      return switch (this) {
        case CHAT -> OpenAiChat.openAi();
        case RESPONSES -> OpenAiResponses.openAi();
        case ANTHROPIC -> Anthropic.messages();
        case GEMINI -> Gemini.generateContent();
      };
    }

    String stream() {
      return switch (this) {
        case CHAT -> Samples.CHAT_STREAM;
        case RESPONSES -> Samples.RESPONSES_STREAM;
        case ANTHROPIC -> Samples.ANTHROPIC_STREAM;
        case GEMINI -> Samples.GEMINI_STREAM;
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStreamComesToTheAnswerThatItsPiecesMake(Speech speech) {
    Streamed streamed = Samples.stream(speech.dialect(), speech.stream(), 7);
    LlmResponse answer = streamed.answer();

    assertThat(answer.text()).isEqualTo("Grüße, 世界 😀").isEqualTo(streamed.text());
    assertThat(answer.toolCalls())
        .singleElement()
        .satisfies(call -> {
          assertThat(call.name()).isEqualTo("find");
          assertThat(call.arguments()).isEqualTo("{\"q\":1}");
          assertThat(call.id()).isNotEmpty();
        });
    assertThat(streamed.arguments()).isEqualTo("{\"q\":1}");
    assertThat(answer.finish()).isEqualTo(Finish.TOOL_CALLS);
    assertThat(streamed.events()).contains(new StreamEvent.Reasoning("hmm"));
    assertThat(answer.usage().output()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource
  void theRawAnswerOfAStreamReadsLikeTheStream(Speech speech) {
    LlmResponse answer = Samples.stream(speech.dialect(), speech.stream(), 64).answer();

    assertThat(Samples.answer(speech.dialect(), answer.raw())).isEqualTo(answer);
  }

  @ParameterizedTest
  @EnumSource
  void theBordersOfPiecesDoNotMatter(Speech speech) {
    byte[] bytes = speech.stream().getBytes(StandardCharsets.UTF_8);
    Streamed whole = Samples.stream(speech.dialect(), List.of(bytes));

    Cases.check(
        50,
        random -> cut(bytes, random),
        pieces -> assertThat(Samples.stream(speech.dialect(), pieces)).isEqualTo(whole));
  }

  @ParameterizedTest
  @EnumSource
  void aCutStreamIsNeverComplete(Speech speech) {
    byte[] bytes = speech.stream().getBytes(StandardCharsets.UTF_8);
    String finish =
        switch (speech) {
          case CHAT -> "\"finish_reason\":\"tool_calls\"";
          case RESPONSES -> "response.completed\"";
          case ANTHROPIC -> "\"stop_reason\":\"tool_use\"";
          case GEMINI -> "\"finishReason\":\"STOP\"";
        };
    int done =
        speech.stream()
            .substring(0, speech.stream().indexOf(finish))
            .getBytes(StandardCharsets.UTF_8)
            .length;

    Cases.check(
        300,
        random -> random.nextInt(1, done),
        end -> {
          Streamed cut = Samples.stream(speech.dialect(), List.of(Arrays.copyOf(bytes, end)));
          assertThat(cut.end()).isEmpty();
          assertThat(cut.soFar().finish()).isEqualTo(Finish.INCOMPLETE);
          assertThat("Grüße, 世界 😀").startsWith(cut.soFar().text());
        });
  }

  @ParameterizedTest
  @EnumSource
  void otherLineEndsAreTheSame(Speech speech) {
    LlmResponse answer = Samples.stream(speech.dialect(), speech.stream(), 11).answer();

    for (String end : List.of("\r\n", "\r")) {
      String other = "\uFEFF" + speech.stream().replace("\n", end);
      assertThat(Samples.stream(speech.dialect(), other, 3).answer()).isEqualTo(answer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noBytesBreakTheReader(Speech speech) {
    byte[] bytes = speech.stream().getBytes(StandardCharsets.UTF_8);

    Cases.check(
        300,
        random -> damaged(bytes, random),
        broken -> {
          Streamed whole = Samples.stream(speech.dialect(), List.of(broken));
          List<byte[]> two =
              List.of(
                  Arrays.copyOf(broken, broken.length / 2),
                  Arrays.copyOfRange(broken, broken.length / 2, broken.length));
          assertThat(Samples.stream(speech.dialect(), two)).isEqualTo(whole);
        });
  }

  private static List<byte[]> cut(byte[] bytes, RandomGenerator random) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int end = Math.min(bytes.length, at + random.nextInt(0, 40));
      pieces.add(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return pieces;
  }

  private static byte[] damaged(byte[] bytes, RandomGenerator random) {
    byte[] broken = bytes.clone();
    for (int hit = random.nextInt(1, 6); hit > 0; hit--) {
      broken[random.nextInt(broken.length)] = (byte) random.nextInt();
    }
    return broken;
  }

  @Test
  void whereAStreamEndsWithoutItsMarkAFinishIsEnough() {
    String unmarked = Samples.CHAT_STREAM.replace("data: [DONE]\n\n", "");

    assertThat(Samples.stream(OpenAiChat.openAi(), unmarked, 9).answer().usage())
        .isEqualTo(new Usage(12, 7, 4));
  }

  @Test
  void theMarkOfTheEndIsNoFinish() {
    String cut =
        """
        data: {"id":"1","choices":[{"index":0,"delta":{"content":"half a"}}]}

        data: [DONE]

        """;

    assertThat(Samples.stream(OpenAiChat.openAi(), cut, 9).end()).isEmpty();
  }

  @Test
  void tokensOfTheCacheCountAsInput() {
    assertThat(Samples.stream(Anthropic.messages(), Samples.ANTHROPIC_STREAM, 9).answer().usage())
        .isEqualTo(new Usage(18, 7, 5));
    assertThat(Samples.stream(Gemini.generateContent(), Samples.GEMINI_STREAM, 9).answer().usage())
        .isEqualTo(new Usage(12, 7, 4));
  }

  @Test
  void anErrorInAStreamIsAnError() {
    String begun =
        Samples.ANTHROPIC_STREAM.substring(
            0, Samples.ANTHROPIC_STREAM.indexOf("event: content_block_stop"));
    String overloaded =
        begun
            + """
            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

            """;

    WireError error =
        Samples.refusal(Samples.stream(Anthropic.messages(), overloaded, 13).end().orElseThrow());
    assertThat(error.status()).isEqualTo(529);
    assertThat(error.type()).isEqualTo("overloaded_error");
    assertThat(error.message()).isEqualTo("Overloaded");
    assertThat(error.requestId()).isEqualTo("req_7");
  }

  @Test
  void errorsInOtherStreamsAreErrorsToo() {
    assertThat(
            Map.of(
                OpenAiChat.openAi(),
                "data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\",\"code\":null}}\n\n",
                OpenAiChat.compatible(),
                "data: {\"id\":\"x\",\"error\":{\"code\":500,\"message\":\"upstream\"},\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n",
                OpenAiResponses.openAi(),
                "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"oh\",\"param\":null,\"sequence_number\":3}\n\n",
                OpenAiResponses.openAi().withLogin(Login.API_KEY),
                "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"id\":\"r\",\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"oh\"},\"output\":[]}}\n\n",
                Gemini.generateContent(),
                "data: {\"error\":{\"code\":500,\"message\":\"Internal\",\"status\":\"INTERNAL\"}}\n\n"))
        .allSatisfy((dialect, stream) ->
            assertThat(
                    Samples.refusal(Samples.stream(dialect, stream, 5).end().orElseThrow())
                        .status())
                .isEqualTo(500));
  }

  @Test
  void aRateLimitInAStreamOfResponsesIsKnownByItsCode() {
    String stream =
        """
        event: error
        data: {"type":"error","sequence_number":1,"error":{"type":"tokens","code":"rate_limit_exceeded","message":"Rate limit reached","param":null}}

        """;

    WireError error =
        Samples.refusal(Samples.stream(OpenAiResponses.openAi(), stream, 9).end().orElseThrow());
    assertThat(error.status()).isEqualTo(429);
    assertThat(error.code()).isEqualTo("rate_limit_exceeded");
  }

  @Test
  void whatIsNoStreamIsGarbage() {
    assertThat(Samples.stream(OpenAiChat.openAi(), "<html><b>502</b></html>", 9).end())
        .hasValueSatisfying(end ->
            assertThat(end)
                .isEqualTo(
                    new Reading.Garbled(
                        "expected a stream of events, but the body was '<html><b>502</b></html>'")));
    assertThat(Samples.stream(OpenAiChat.openAi(), "data: {no json}\n\n", 9).end().orElseThrow())
        .isInstanceOf(Reading.Garbled.class);
    assertThat(Samples.stream(OpenAiChat.openAi(), "", 9).end()).isEmpty();
  }

  @Test
  void anEventBeyondTheLimitIsRefusedWithoutKeepingIt() {
    StreamDecoder decoder = new StreamDecoder(OpenAiChat.openAi().stream(Headers.NONE), 100);

    assertThat(decoder.feed("data: ".getBytes(StandardCharsets.UTF_8), event -> {})).isEmpty();
    assertThat(decoder.feed(new byte[95], event -> {}))
        .contains(new Reading.Garbled("an event is longer than 100 bytes"));
  }

  @Test
  void commentsKeepAStreamAliveForAsLongAsTheyLike() {
    StreamDecoder decoder = new StreamDecoder(OpenAiChat.openAi().stream(Headers.NONE), 100);

    for (int i = 0; i < 1_000; i++) {
      assertThat(decoder.feed(": still thinking\n".getBytes(StandardCharsets.UTF_8), e -> {}))
          .isEmpty();
    }
    assertThat(decoder.hasContent()).isFalse();
  }

  @Test
  void callsWithoutAnIndexAreToldApartByTheirIds() {
    String stream =
        """
        data: {"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"{"}}]}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":"}"}}]},"finish_reason":"stop"}]}

        """;

    assertThat(Samples.stream(OpenAiChat.compatible(), stream, 9).answer().toolCalls())
        .extracting("id", "name", "arguments")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", "f", "{}"),
            org.assertj.core.groups.Tuple.tuple("b", "g", "{}"));
  }

  @Test
  void theArgumentsOfTheAnswerToolAreTheText() {
    String stream =
        Samples.ANTHROPIC_STREAM.replace("\"name\":\"find\"", "\"name\":\"answer_as_person\"");
    Streamed streamed = Samples.stream(Anthropic.messages(), stream, 17);

    assertThat(streamed.answer().text())
        .isEqualTo("Grüße, 世界 😀{\"q\":1}")
        .isEqualTo(streamed.text());
    assertThat(streamed.answer().finish()).isEqualTo(Finish.STOP);
    assertThat(streamed.answer().toolCalls()).isEmpty();
  }

  @Test
  void whoReadsAlongHearsTheFirstChoiceOnly() {
    String stream =
        """
        data: {"id":"1","choices":[{"index":1,"delta":{"content":"two"}},{"index":0,"delta":{"content":"one"}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"id":"1","choices":[{"index":1,"delta":{},"finish_reason":"length"}]}

        data: [DONE]

        """;
    Streamed streamed = Samples.stream(OpenAiChat.openAi(), stream, 8);

    assertThat(streamed.text()).isEqualTo("one");
    assertThat(streamed.answer().choices())
        .extracting(LlmResponse.Choice::text, LlmResponse.Choice::finish)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("one", Finish.STOP),
            org.assertj.core.groups.Tuple.tuple("two", Finish.LENGTH));
  }

  @Test
  void aBlockedPromptEndsAStreamOfGemini() {
    String stream =
        "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"responseId\":\"r\"}\n\n";

    assertThat(Samples.stream(Gemini.generateContent(), stream, 9).answer().finish())
        .isEqualTo(Finish.CONTENT_FILTER);
  }
}
