package dev.belay.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Answers and streams that break. */
class BrokenAnswersTest {
  private static final String STREAM = ",\"stream\":true";
  private static final Completion WORDS = Answer.text("abcdef").chunks(2, Duration.ZERO);

  private static List<String> lines(Completion completion) throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(completion);
        Client client = new Client(provider)) {
      return client.linesUntilBroken(client.chat(STREAM));
    }
  }

  private static Client.Got got(Answer answer, String more) throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(answer);
        Client client = new Client(provider)) {
      return client.send(client.chat(more));
    }
  }

  private static long contents(List<String> lines) {
    return lines.stream().filter(line -> line.matches(".*\"content\":\"[a-f]+\".*")).count();
  }

  @Nested
  class AStream {
    @Test
    void isWholeWhenNothingBreaksIt() throws Exception {
      assertThat(contents(lines(WORDS))).isEqualTo(3);
      assertThat(lines(WORDS)).contains("data: [DONE]").endsWith("END");
    }

    @Test
    void closesInOrderBeforeItsEnd() throws Exception {
      List<String> lines = lines(WORDS.cutAfter(2));
      assertThat(contents(lines)).isEqualTo(2);
      assertThat(lines)
          .endsWith("END")
          .noneMatch(line -> line.contains("[DONE]"))
          .noneMatch(line -> line.contains("\"finish_reason\":\"stop\""));
    }

    @Test
    void closesBeforeTheFirstToken() throws Exception {
      assertThat(contents(lines(WORDS.cutAfter(0)))).isZero();
      assertThat(lines(WORDS.cutAfter(0))).anyMatch(line -> line.contains("\"role\""));
    }

    @Test
    void closesAfterTheLastTokenBeforeTheReason() throws Exception {
      List<String> lines = lines(WORDS.cutAfter(99));
      assertThat(contents(lines)).isEqualTo(3);
      assertThat(lines).noneMatch(line -> line.contains("\"finish_reason\":\"stop\""));
    }

    @Test
    void breaksOffByAReset() throws Exception {
      List<String> lines = lines(WORDS.chunks(2, Duration.ofMillis(20)).resetAfter(2));
      assertThat(contents(lines)).isLessThanOrEqualTo(2);
      assertThat(lines).endsWith("BROKEN");
    }

    @Test
    void breaksOffByAnEarlyEndOfTheConnection() throws Exception {
      List<String> lines = lines(WORDS.dropAfter(2));
      assertThat(contents(lines)).isEqualTo(2);
      assertThat(lines).endsWith("BROKEN");
    }

    @Test
    void goesOnAfterGarbage() throws Exception {
      List<String> lines = lines(WORDS.garbageAfter(1));
      assertThat(contents(lines)).isEqualTo(3);
      assertThat(lines).contains("data: {\"id\": ~~garbage~~").endsWith("END");
    }

    @Test
    void fallsSilentAndStaysOpen() throws Exception {
      try (FaultyProvider provider = FaultyProvider.start(WORDS.silentAfter(1));
          Client client = new Client(provider)) {
        HttpResponse<InputStream> response =
            client.http().send(client.chat(STREAM).build(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
          StringBuilder seen = new StringBuilder();
          while (!seen.toString().contains("\"ab\"")) {
            seen.append((char) body.read());
          }
          assertThat(provider.underWay()).isEqualTo(1);
          assertThat(provider.server().activeConnections()).isEqualTo(1);
        }
      }
    }

    @Test
    void mayComeAsSomethingElse() throws Exception {
      Client.Got got = got(WORDS.contentType("text/html"), STREAM);
      assertThat(got.header("content-type")).isEqualTo("text/html");
      assertThat(got.events()).isNotEmpty();
    }

    @Test
    void mayHoldNoJsonHalfAnEventOrNone() throws Exception {
      Client.Got invalid = got(WORDS.invalidJson(), STREAM);
      assertThatThrownBy(invalid::events).isInstanceOf(JacksonException.class);
      Client.Got truncated = got(WORDS.truncatedJson(), STREAM);
      assertThatThrownBy(truncated::events).isInstanceOf(JacksonException.class);
      assertThat(truncated.body()).doesNotEndWith("\n");
      assertThat(got(WORDS.emptyBody(), STREAM).body()).isEmpty();
    }
  }

  @Nested
  class AnErrorWithinAStream {
    @Test
    void isSaidInEachDialect() throws Exception {
      Completion overloaded = WORDS.errorAfter(1, Fault.overloaded());
      try (FaultyProvider provider = FaultyProvider.start(overloaded);
          Client client = new Client(provider)) {
        Client.Got anthropic = client.send(client.messages(STREAM));
        assertThat(anthropic.status()).isEqualTo(200);
        assertThat(anthropic.body()).contains("event: error\n");
        assertThat(anthropic.events().getLast().at("/error/type").asString())
            .isEqualTo("overloaded_error");

        assertThat(client.send(client.chat(STREAM)).events().getLast().at("/error/code").asString())
            .isEqualTo("server_is_overloaded");
        assertThat(client.send(client.responses(STREAM)).events().getLast().at("/code").asString())
            .isEqualTo("server_is_overloaded");
        List<JsonNode> numbered = client.send(client.responses(STREAM)).events();
        assertThat(numbered.getLast().at("/sequence_number").asInt())
            .isEqualTo(numbered.size() - 1);
        Client.Got gemini = client.send(client.gemini("streamGenerateContent?alt=sse"));
        assertThat(gemini.events().getLast().at("/error/status").asString())
            .isEqualTo("UNAVAILABLE");
        Client.Got list = client.send(client.gemini("streamGenerateContent"));
        assertThat(list.at("/1/error/status")).isEqualTo("UNAVAILABLE");
      }
    }

    @Test
    void mayComeBeforeTheFirstTokenAndHint() throws Exception {
      Completion limited = WORDS.errorAfter(0, Fault.rateLimited(Duration.ofMinutes(10)));
      try (FaultyProvider provider = FaultyProvider.start(limited);
          Client client = new Client(provider)) {
        assertThat(client.send(client.messages(STREAM)).body()).doesNotContain("text_delta");
        client.send(client.messages(STREAM));
        assertThat(provider.wastedCalls()).isEqualTo(1);
      }
    }
  }

  @Nested
  class AWholeAnswer {
    @Test
    void mayBeNoJsonHalfOfItOrEmpty() throws Exception {
      Client.Got invalid = got(WORDS.invalidJson(), "");
      assertThat(invalid.status()).isEqualTo(200);
      assertThatThrownBy(invalid::json).isInstanceOf(JacksonException.class);
      Client.Got truncated = got(WORDS.truncatedJson(), "");
      assertThatThrownBy(truncated::json).isInstanceOf(JacksonException.class);
      assertThat(truncated.body()).startsWith("{\"id\":\"chatcmpl-");
      assertThat(got(WORDS.emptyBody(), "").body()).isEmpty();
    }

    @Test
    void mayBeTheWordOfAGateway() throws Exception {
      Client.Got got = got(Answer.html(502), "");
      assertThat(got.status()).isEqualTo(502);
      assertThat(got.header("content-type")).startsWith("text/html");
      assertThat(got.body()).contains("<h1>502 Error</h1>");
    }

    @Test
    void doesNotMindWhatBreaksStreams() throws Exception {
      assertThat(got(WORDS.resetAfter(0), "").at("/choices/0/message/content")).isEqualTo("abcdef");
    }
  }

  @Nested
  class NoAnswer {
    @Test
    void isAResetOrAnEnd() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(Script.cycling(Answer.reset(), Answer.disconnect()));
          Client client = new Client(provider)) {
        assertThatThrownBy(() -> client.send(client.chat(""))).isInstanceOf(IOException.class);
        assertThat(provider.countOf(0)).isPositive();
        assertThat(provider.countOf(200)).isZero();
      }
    }

    @Test
    void isSilence() throws Exception {
      try (FaultyProvider provider = FaultyProvider.start(Answer.hang());
          Client client = new Client(provider)) {
        assertThatThrownBy(() -> client.send(client.chat("").timeout(Duration.ofMillis(50))))
            .isInstanceOf(HttpTimeoutException.class);
      }
    }

    @Test
    void isAByteThatComesTooLate() throws Exception {
      for (Answer late :
          List.of(
              WORDS.firstByteAfter(Duration.ofMinutes(10)),
              Fault.overloaded().delayed(Duration.ofMinutes(10)))) {
        try (FaultyProvider provider = FaultyProvider.start(late);
            Client client = new Client(provider)) {
          assertThatThrownBy(() -> client.send(client.chat("").timeout(Duration.ofMillis(50))))
              .isInstanceOf(HttpTimeoutException.class);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void breaksInEachDialect(Dialect dialect) {
    Prompt prompt = new Prompt("m", new Usage(1, 1), Prompt.Mode.EVENTS);
    Rendering.Key key = new Rendering.Key(dialect, prompt, new Rendering.Peer(false, true));
    Rendering cut = new Renderer(key).completion(WORDS.cutAfter(1).chunks(2, Duration.ofNanos(1)));
    Rendering whole = new Renderer(key).completion(WORDS.chunks(2, Duration.ofNanos(1)));
    assertThat(cut.pieces()).hasSizeLessThan(whole.pieces().size() - 1);
  }

  @Test
  void endsByClosingForAnOldPeer() throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(WORDS);
        RawPeer peer = new RawPeer(provider.server().address())) {
      String body =
          "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
      String got =
          peer.exchange(
              "POST /v1/chat/completions HTTP/1.0\r\nAuthorization: Bearer k\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
      assertThat(got)
          .contains("Connection: close")
          .doesNotContain("chunked")
          .endsWith("[DONE]\n\n");
    }
  }

  @Test
  void doesWhateverAnOriginCan() throws Exception {
    Answer picky =
        Answer.from(request ->
            request.model().equals("gpt-test")
                ? Answer.verbatim(Reply.status(204))
                : Answer.text("?"));
    assertThat(got(picky, "").status()).isEqualTo(204);
  }

  @Test
  void rejectsWhatMakesNoSense() {
    assertThatThrownBy(() -> WORDS.chunks(0, Duration.ZERO)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> WORDS.chunks(1, Duration.ofSeconds(-1)))
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> WORDS.firstByteAfter(Duration.ofSeconds(-1)))
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> WORDS.cutAfter(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> WORDS.usage(-1, 0)).hasMessageContaining("-1");
    assertThatThrownBy(() -> Answer.toolCall("", "{}")).hasMessageContaining("name");
    assertThat(WORDS).hasToString("Completion[1 choices, WHOLE]");
  }
}
