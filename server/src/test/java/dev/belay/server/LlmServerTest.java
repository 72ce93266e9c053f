package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.ConfigException;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LlmServerTest {
  private static final String CANARY = "sk-canary-of-the-account";

  private final FaultyProvider first = FaultyProvider.start(Answer.text("from the first"));
  private final FaultyProvider second = FaultyProvider.start(Answer.text("from the second"));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    first.close();
    second.close();
    client.shutdownNow();
  }

  private BelayConfig config(String more) {
    return BelayConfig.parse(
        """
        control: {port: 0}
        proxy: {port: 0, socks_port: 0}
        llm:
          port: 0
          providers:
            one: {url: "%s", key: "${KEY}"}
            two: {url: "%s", key: "${KEY}"}
          routes:
            smart: {targets: [{provider: one, model: a}, {provider: two, model: b}]}
        %s
        """
            .formatted(first.uri("/v1"), second.uri("/v1"), more),
        "test",
        Map.of("KEY", CANARY));
  }

  private HttpResponse<String> ask(BelayServer server, String model) throws Exception {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}".formatted(model);
    URI uri = URI.create(server.llm().orElseThrow() + "/v1/chat/completions");
    return client.send(
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void standsForSeveralProvidersBehindOneName() throws Exception {
    first.behave(Script.<LlmRequest, Answer>of(Fault.rateLimited(Duration.ofSeconds(20))));
    BelayServer server = BelayServer.start(config(""));
    try {
      HttpResponse<String> answer = ask(server, "smart");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("from the second");
      assertThat(answer.headers().firstValue("x-belay-provider")).hasValue("two/b");
      assertThat(first.requests().getFirst().key()).isEqualTo(CANARY);
    } finally {
      server.stop();
    }
  }

  @Test
  void takesOtherRoutesOverWithoutARestart() throws Exception {
    BelayServer server = BelayServer.start(config(""));
    try {
      assertThat(ask(server, "quick").statusCode()).isEqualTo(404);

      server.reload(config("    quick: {targets: [{provider: two, model: b}]}"));

      assertThat(ask(server, "quick").body()).contains("from the second");
    } finally {
      server.stop();
    }
  }

  @Test
  void doesNotListenWithoutRoutes() throws Exception {
    BelayServer server =
        BelayServer.start(
            BelayConfig.parse(
                "control: {port: 0}\nproxy: {port: 0, socks_port: 0}", "test", Map.of()));
    try {
      assertThat(server.llm()).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void sayWhatIsWrongWithItsConfiguration() {
    assertThat(problems("llm: {routes: {a: {targets: [{provider: none, model: m}]}}}"))
        .contains("llm.routes.a.targets[0].provider: must be one of llm.providers");
    assertThat(problems("llm: {providers: {a: {dialect: latin}}}"))
        .contains("llm.providers.a.dialect: must be one of", "needs a url");
    assertThat(problems("llm: {host: 0.0.0.0}")).contains("add llm.keys");
    assertThat(problems("llm: {routes: {a: {policy: nosuch}}}"))
        .contains("there is no such policy", "needs targets");
    assertThat(problems("llm: {keys: {ann: \"\"}}")).contains("must not be empty");
    assertThat(config("").toString()).doesNotContain(CANARY);
  }

  private static String problems(String yaml) {
    try {
      BelayConfig.parse(yaml, "test", Map.of());
    } catch (ConfigException wrong) {
      return String.valueOf(wrong.getMessage());
    }
    throw new AssertionError("it was to be refused");
  }

  @Test
  void aPortThatIsTakenIsToldAndNothingStaysOpen() throws Exception {
    BelayServer server = BelayServer.start(config(""));
    try {
      int taken = URI.create(server.llm().orElseThrow()).getPort();
      assertThatThrownBy(
              () -> BelayServer.start(config("").withLlmPort(java.util.Optional.of(taken))))
          .hasMessageContaining("llm port " + taken);
    } finally {
      server.stop();
    }
  }
}
