package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Header;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class SendApiTest {
  private static final String PATH = "/api/v1/request";

  private final FaultyProxy first = proxy(Behaviour.status(502));
  private final FaultyProxy second = proxy(Behaviour.forward());
  private FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));

  private static FaultyProxy proxy(Behaviour behaviour) {
    return FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(behaviour));
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    origin.close();
  }

  private Api api(String more) throws Exception {
    return Api.start(
        "{url: \"http://ann:%s@127.0.0.1:%d\"}, {url: \"http://127.0.0.1:%d\"}"
            .formatted(Api.CANARY, first.port(), second.port()),
        "retry: {base_delay: 10ms}\npolicies: {hasty: {max_attempts: 1}, safe: {retry_non_idempotent: true}}\n"
            + more);
  }

  private static String ask(URI url, String more) {
    return "{\"url\": \"%s\"%s}".formatted(url, more);
  }

  @Test
  void isRetriedOverTheSamePoolAndCountedThere() throws Exception {
    String pool =
        "{url: \"http://ann:%s@127.0.0.1:%d\"}, {url: \"http://127.0.0.1:%d\"}"
            .formatted(Api.CANARY, first.port(), second.port());
    try (Api api =
        Api.start(
            "control: {port: 0}\nproxy: {port: 0, socks_port: 0, allow_private: true, strategy:"
                + " round-robin, pool: [%s]}\nretry: {base_delay: 10ms}\n".formatted(pool))) {
      for (int i = 0; i < 3; i++) {
        JsonNode answer = Api.body(api.json("POST", PATH, ask(origin.uri("/page?q=1"), "")));
        assertThat(answer.get("status").intValue()).isEqualTo(200);
        assertThat(answer.get("body").stringValue()).isEqualTo("hello");
        assertThat(answer.get("proxy").stringValue()).contains(":" + second.port());
      }
      JsonNode metrics = api.read("/api/v1/metrics/retries");

      assertThat(first.requestCount()).isPositive();
      assertThat(metrics.get("total_requests").intValue()).isEqualTo(3);
      assertThat(metrics.get("total_retries").intValue()).isEqualTo((int) first.requestCount());
    }
  }

  @Test
  void passesMethodHeadersAndBodyOn() throws Exception {
    try (Api api = api("")) {
      api.json(
          "POST",
          PATH,
          ask(
              origin.uri("/orders"),
              ", \"policy\": \"safe\", \"method\": \"POST\", \"headers\": {\"X-Mine\": [\"a\", \"b\"]}, \"body\":"
                  + " \"{}\", \"timeout\": 10"));

      var received = origin.requests().getLast();
      assertThat(received.method()).isEqualTo("POST");
      assertThat(received.bodyText()).isEqualTo("{}");
      assertThat(
              received.headers().stream()
                  .filter(one -> one.name().equalsIgnoreCase("X-Mine"))
                  .map(Header::value))
          .containsExactly("a", "b");
    }
  }

  @Test
  void takesThePolicyThatIsNamed() throws Exception {
    try (Api api = api("")) {
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer =
            api.json("POST", PATH, ask(origin.uri("/"), ", \"policy\": \"hasty\""));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Api.body(answer).get("attempts").intValue()).isEqualTo(1);
      }
      JsonNode problem =
          Api.body(api.json("POST", PATH, ask(origin.uri("/"), ", \"policy\": \"nosuch\"")));

      assertThat(problem.at("/details/field").stringValue()).isEqualTo("policy");
      assertThat(problem.at("/details/range").stringValue()).contains("hasty", "critical");
    }
  }

  @Test
  void showsABodyThatIsNoTextInBase64() throws Exception {
    origin.close();
    origin = FaultyOrigin.start(Script.of(Reply.ok("").body(new byte[] {(byte) 0xff, 0, 1})));
    try (Api api = api("")) {
      JsonNode answer = Api.body(api.json("POST", PATH, ask(origin.uri("/"), "")));

      assertThat(answer.get("body").isNull()).isTrue();
      assertThat(answer.get("body_base64").stringValue()).isEqualTo("/wAB");
    }
  }

  @Test
  void cutsABodyThatIsTooLongAndSaysSo() throws Exception {
    origin.close();
    origin = FaultyOrigin.start(Script.of(Reply.ok("x".repeat(5_000_000))));
    try (Api api = api("")) {
      JsonNode answer = Api.body(api.json("POST", PATH, ask(origin.uri("/"), "")));

      assertThat(answer.get("truncated").booleanValue()).isTrue();
      assertThat(answer.get("body").stringValue()).hasSize(SendRoutes.MOST_BYTES);
    }
  }

  @Test
  void refusesPrivateTargetsUnlessTheyAreAllowed() throws Exception {
    try (Api api =
        Api.start(
            "control: {port: 0}\nproxy: {port: 0, socks_port: 0, pool: [{url:"
                + " \"http://127.0.0.1:%d\"}]}\n".formatted(second.port()))) {
      for (String target :
          new String[] {
            "http://127.0.0.1/",
            "http://localhost/",
            "http://10.1.2.3/",
            "http://2130706433/",
            "http://[::1]/",
            "http://169.254.169.254/latest/meta-data"
          }) {
        HttpResponse<String> answer = api.json("POST", PATH, ask(URI.create(target), ""));
        assertThat(answer.statusCode()).as(target).isEqualTo(403);
        assertThat(Api.body(answer).get("error").stringValue()).isEqualTo("TARGET_NOT_ALLOWED");
      }
      assertThat(second.requestCount()).isZero();
    }
  }

  @Test
  void namesEachFieldThatIsWrongAndShowsNoSecret() throws Exception {
    try (Api api = api("")) {
      for (String body :
          new String[] {
            "{}",
            "{\"url\": \"ftp://%s.example/\"}".formatted(Api.CANARY),
            "{\"url\": \"http://u:%s@host.example/\"}".formatted(Api.CANARY),
            "{\"url\": \"http://host.example/\", \"method\": \"BREW\"}",
            "{\"url\": \"http://host.example/\", \"timeout\": 0}",
            "{\"url\": \"http://host.example/\", \"timeout\": 301}",
            "{\"url\": \"http://host.example/\", \"headers\": {\"a\": 1}}",
            "{\"url\": \"http://host.example/\", \"headers\": {\"Host\": \"x\"}}",
            "{\"url\": \"http://host.example/\", \"headers\": {\"a\": \"b\\nc\"}}",
            "{\"url\": \"http://host.example/\", \"body\": \"x\", \"method\": \"GET\"}",
            "{\"url\": \"http://host.example/\", \"body_base64\": \"?\", \"method\": \"POST\"}",
            "{\"url\": \"http://host.example/\", \"colour\": \"red\"}",
            "{\"url\": \"http://host.example/%s\"}".formatted("x".repeat(2_100)),
          }) {
        assertThat(api.json("POST", PATH, body).statusCode()).as(body).isEqualTo(400);
      }
      String large =
          ask(URI.create("http://h.example/"), ", \"body\": \"" + "x".repeat(1_700_000) + "\"");
      assertThat(api.json("POST", PATH, large).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void saysWhenToComeBackIfAllProxiesAreOut() throws Exception {
    try (Api api = api("circuit_breaker: {timeout_duration: 20s}\n")) {
      for (JsonNode proxy : api.read("/api/v1/proxies").get("proxies")) {
        api.post("/api/v1/circuit-breakers/%s/trip".formatted(proxy.get("id").stringValue()));
      }
      HttpResponse<String> answer = api.json("POST", PATH, ask(origin.uri("/"), ""));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElse("0")))
          .isBetween(15, 20);
      assertThat(Api.body(answer).get("error").stringValue()).isEqualTo("SERVICE_UNAVAILABLE");
    }
  }

  @Test
  void answers504WhenTheTimeIsOver() throws Exception {
    origin.close();
    origin = FaultyOrigin.start(Script.of(Reply.hang()));
    try (Api api = api("")) {
      HttpResponse<String> answer =
          api.json("POST", PATH, ask(origin.uri("/"), ", \"timeout\": 1"));

      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(Api.body(answer).get("error").stringValue()).isEqualTo("REQUEST_TIMEOUT");
    }
  }

  @Test
  void endsWhenItsClientLeaves() throws Exception {
    origin.close();
    origin = FaultyOrigin.start(Script.of(Reply.hang()));
    // a tunnel, whose proxy sees at once that nobody is left at its other end
    try (FaultyProxy tunnels =
            FaultyProxy.start(FaultyProxy.Kind.SOCKS5, Script.of(Behaviour.forward()));
        Api api = Api.start("{url: \"socks5://127.0.0.1:%d\"}".formatted(tunnels.port()), "")) {
      CompletableFuture<?> leaving =
          api.client()
              .sendAsync(
                  HttpRequest.newBuilder(api.uri(PATH))
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString(ask(origin.uri("/"), "")))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      Api.eventually("the origin is asked", () -> origin.requestCount() == 1);
      Api.eventually("it is under way", () -> underWay(api) == 1);

      leaving.cancel(true);

      Api.eventually("nothing is under way", () -> underWay(api) == 0);
      assertThat(origin.awaitIdle(Duration.ofSeconds(10))).isTrue();
    }
  }

  private static int underWay(Api api) {
    try {
      return api.read("/api/v1/requests").get("total").intValue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
