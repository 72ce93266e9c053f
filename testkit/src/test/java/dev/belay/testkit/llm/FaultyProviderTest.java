package dev.belay.testkit.llm;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.FaultServers;
import dev.belay.testkit.Header;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultyProviderTest {
  private static final Duration FOREVER = Duration.ofMinutes(10);

  @RegisterExtension final FaultServers servers = new FaultServers();

  private FaultyProvider provider(Script<LlmRequest, Answer> script) {
    FaultyProvider provider = FaultyProvider.start(script);
    servers.closing(provider.server());
    return provider;
  }

  @Test
  void remembersWhatReachedIt() throws Exception {
    FaultyProvider provider = provider(Script.of(Fault.overloaded(), Answer.text("hello")));
    try (Client client = new Client(provider)) {
      client.send(client.chat(",\"stream\":true,\"response_format\":{\"type\":\"text\"}"));
      client.send(client.messages(",\"system\":\"be brief\""));

      assertThat(provider.awaitRequests(2, Client.PATIENCE)).isTrue();
      assertThat(provider.awaitRequests(3, Duration.ofMillis(1))).isFalse();
      LlmRequest first = provider.requests().getFirst();
      assertThat(first.dialect()).isEqualTo(Dialect.OPENAI_CHAT);
      assertThat(first.path()).isEqualTo("/v1/chat/completions");
      assertThat(first.key()).isEqualTo("sk-test");
      assertThat(first.model()).isEqualTo("gpt-test");
      assertThat(first.streams()).isTrue();
      assertThat(first.at("/response_format/type")).contains("text");
      assertThat(first.at("/messages/0")).contains("{\"role\":\"user\",\"content\":\"hi\"}");
      assertThat(first.at("/nothing")).isEmpty();
      assertThat(first.body()).startsWith("{\"model\"");
      assertThat(first.header("content-type")).contains("application/json");
      assertThat(first.headers()).extracting(Header::name).contains("Content-Length");
      assertThat(first.concurrency()).isEqualTo(1);
      assertThat(first).hasToString("LlmRequest[openai_chat, gpt-test, stream]");
      LlmRequest second = provider.requests().getLast();
      assertThat(second.messages())
          .containsExactly(new Message("system", "be brief"), new Message("user", "hi"));
      assertThat(second.arrivalNanos()).isGreaterThan(first.arrivalNanos());
      assertThat(second).hasToString("LlmRequest[anthropic, claude-test]");
      assertThat(provider.exchanges()).extracting(Exchange::status).containsExactly(503, 200);
      assertThat(provider.countOf(503)).isEqualTo(1);
      assertThat(provider.countOf(12_345)).isZero();
      assertThat(provider.counts()).isEqualTo(Map.of(200, 1L, 503, 1L));
    }
  }

  @Test
  void beginsAgainAndBehavesOtherwise() throws Exception {
    FaultyProvider provider = provider(Answer.texts("a", "b"));
    try (Client client = new Client(provider)) {
      assertThat(client.send(client.chat("")).body()).contains("\"a\"");
      assertThat(client.send(client.chat("")).body()).contains("\"b\"");
      provider.reset();
      assertThat(provider.requestCount()).isZero();
      assertThat(provider.countOf(200)).isZero();
      assertThat(client.send(client.chat("")).body()).contains("\"a\"");
      provider.behave(Answer.texts("c"));
      assertThat(client.send(client.chat("")).body()).contains("\"c\"");
    }
  }

  @Test
  void followsAScriptOfItsOwnForEachKeyAndModel() throws Exception {
    FaultyProvider provider =
        provider(
            Script.by(
                LlmRequest::model,
                Map.of(
                    "gpt-test", Answer.texts("one", "two"),
                    "claude-test", Answer.texts("three")),
                Script.<LlmRequest, Answer>of(Fault.status(404))));
    try (Client client = new Client(provider)) {
      assertThat(client.send(client.chat("")).body()).contains("one");
      assertThat(client.send(client.messages("")).body()).contains("three");
      assertThat(client.send(client.chat("")).body()).contains("two");
      assertThat(client.send(client.gemini("generateContent")).status()).isEqualTo(404);
    }
  }

  @Test
  void countsCallsThatComeBeforeTheirTime() throws Exception {
    FaultyProvider provider = provider(Script.of(Fault.rateLimited(FOREVER), Answer.text("hello")));
    try (Client client = new Client(provider)) {
      client.send(client.chat(""));
      assertThat(provider.wastedCalls()).isZero();
      client.send(client.chat(""));
      client.send(client.messages("")); // another model, which was told nothing

      assertThat(provider.wastedCalls()).isEqualTo(1);
      assertThat(provider.requests())
          .extracting(request -> request.withinHint().isPositive())
          .containsExactly(false, true, false);
      assertThat(provider.requests().get(1).withinHint()).isLessThan(FOREVER);
      provider.reset();
      client.send(client.chat(""));
      assertThat(provider.wastedCalls()).isZero();
    }
  }

  @Test
  void excusesCallsThatWereOnTheirWay() throws Exception {
    FaultyProvider provider =
        FaultyProvider.builder()
            .reactionTime(FOREVER)
            .start(Script.<LlmRequest, Answer>of(Fault.rateLimited(FOREVER)));
    servers.closing(provider.server());
    try (Client client = new Client(provider)) {
      client.send(client.chat(""));
      client.send(client.chat(""));
      assertThat(provider.wastedCalls()).isZero();
    }
  }

  @Test
  void seesHowManyCallsAreUnderWayAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(4);
    Script<LlmRequest, Answer> meeting =
        Script.answering(request -> {
          all.countDown();
          try {
            return all.await(30, SECONDS) ? Answer.text("met") : Answer.reset();
          } catch (InterruptedException e) {
            return Answer.reset();
          }
        });
    FaultyProvider provider = provider(meeting);
    try (Client client = new Client(provider)) {
      List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(client.http().sendAsync(client.chat("").build(), BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> call : calls) {
        assertThat(call.get(30, SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(provider.peakConcurrency()).isEqualTo(4);
      assertThat(provider.requests())
          .extracting(LlmRequest::concurrency)
          .containsExactlyInAnyOrder(1, 2, 3, 4);
    }
  }

  @Test
  void reusesConnections() throws Exception {
    FaultyProvider provider = provider(Answer.texts("hello"));
    try (Client client = new Client(provider)) {
      for (int i = 0; i < 20; i++) {
        client.send(client.chat(i % 2 == 0 ? "" : ",\"stream\":true"));
      }
      assertThat(provider.server().connectionCount()).isEqualTo(1);
    }
  }

  @Test
  void speaksTls() throws Exception {
    try (TestCertificate certificate = TestCertificate.generate("llm.test");
        FaultyProvider provider =
            FaultyProvider.builder().tls(certificate).start(Answer.texts("hello"));
        Client client = new Client(provider);
        HttpClient secure =
            HttpClient.newBuilder().sslContext(certificate.clientContext()).build()) {
      assertThat(provider.uri().toString()).startsWith("https://127.0.0.1:");
      assertThat(secure.send(client.chat("").build(), BodyHandlers.ofString()).body())
          .contains("hello");
    }
  }

  @Test
  void comesBackOnItsPort() throws Exception {
    FaultyProvider provider = provider(Answer.texts("hello"));
    try (Client client = new Client(provider)) {
      client.send(client.chat(""));
      provider.server().kill();
      assertThatThrownBy(() -> client.send(client.chat(""))).isInstanceOf(IOException.class);
      provider.server().restart();
      assertThat(client.send(client.chat("")).status()).isEqualTo(200);
    }
  }

  @Test
  void cutsTheConnectionOverAnAnswerThatLeadsToItself() throws Exception {
    AtomicReference<Answer> self = new AtomicReference<>(Answer.text("?"));
    self.set(Answer.from(request -> self.get()));
    FaultyProvider provider = provider(Script.<LlmRequest, Answer>of(self.get()));
    try (Client client = new Client(provider)) {
      assertThatThrownBy(() -> client.send(client.chat(""))).isInstanceOf(IOException.class);
      assertThat(provider.underWay()).isZero();
    }
  }
}
