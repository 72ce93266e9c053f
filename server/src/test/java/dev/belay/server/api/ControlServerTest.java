package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ControlServerTest {
  private static final String POLICY = "/api/v1/retry/policy";

  private Api api;

  @BeforeEach
  void start() throws Exception {
    api = Api.start("", "");
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private static String error(HttpResponse<String> response) {
    return Api.body(response).get("error").stringValue();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/retry/policy, 'GET, PUT, PATCH'",
    "DELETE, /api/v1/circuit-breakers, GET",
    "PUT, /api/v1/circuit-breakers/x/reset, POST",
    "GET, /api/v1/circuit-breakers/x/reset, POST",
    "PUT, /api/v1/proxies, 'GET, POST'",
    "POST, /metrics, GET"
  })
  void saysWhichMethodsAPathTakes(String method, String path, String allowed) throws Exception {
    HttpResponse<String> answer = api.send(method, path, BodyPublishers.noBody());

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
    assertThat(error(answer)).isEqualTo("METHOD_NOT_ALLOWED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/api/v1",
        "/api/v1/proxies/a/b",
        "/docs/nothing.js",
        "/docs/..%2Fopenapi.yaml"
      })
  void saysWhenThereIsNothing(String path) throws Exception {
    HttpResponse<String> answer = api.get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(error(answer)).isEqualTo("NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""})
  void takesJsonOnly(String type) throws Exception {
    HttpResponse<String> answer =
        type.isEmpty()
            ? api.send("PUT", POLICY, BodyPublishers.ofString("{}"))
            : api.send("PUT", POLICY, BodyPublishers.ofString("{}"), "Content-Type", type);

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(Api.body(answer).at("/details/range").stringValue()).isEqualTo("application/json");
  }

  @Test
  void takesParametersOfTheContentType() throws Exception {
    HttpResponse<String> answer =
        api.send(
            "PATCH",
            POLICY,
            BodyPublishers.ofString("{\"jitter\": true}"),
            "Content-Type",
            "Application/Merge-Patch+JSON; charset=utf-8");

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void takesBodiesOfBoundedSize() throws Exception {
    String large = "{\"max_attempts\": 3" + " ".repeat(20_000) + "}";
    HttpResponse<String> announced = api.json("PUT", POLICY, large);
    HttpResponse<String> chunked =
        api.send(
            "PUT",
            POLICY,
            BodyPublishers.fromPublisher(BodyPublishers.ofString(large)),
            "Content-Type",
            "application/json");

    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(error(chunked)).isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(api.get("/health").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"jitter\": true, \"jitter\": false}",
        "{} {}",
        "{'a': 1}"
      })
  void saysWhenABodyIsNoObjectOfJson(String body) throws Exception {
    HttpResponse<String> answer = api.json("PUT", POLICY, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(error(answer)).isEqualTo("INVALID_JSON");
  }

  @Test
  void survivesDeepNesting() throws Exception {
    String deep = "{\"max_attempts\": " + "[".repeat(5_000) + "]".repeat(5_000) + "}";

    assertThat(api.json("PUT", POLICY, deep).statusCode()).isEqualTo(400);
  }

  @Test
  void saysWhenAPathCannotBeRead() throws Exception {
    try (var socket =
        new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), api.uri("/").getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/circuit-breakers/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      String answer =
          new String(
              socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 4").contains("\"error\":");
    }
  }

  @Test
  void answersHeadLikeGetWithoutABody() throws Exception {
    HttpResponse<String> head = api.send("HEAD", POLICY, BodyPublishers.noBody());

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("ETag")).isPresent();
    assertThat(head.body()).isEmpty();
  }

  @Test
  void isForNobodyElsesPages() throws Exception {
    HttpResponse<String> foreign = api.json("PUT", POLICY, "{}", "Origin", "http://evil.example");

    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(error(foreign)).isEqualTo("FORBIDDEN");
  }

  @Test
  void asksForItsTokenAndLetsTheDescriptionBeRead() throws Exception {
    String yaml = "control: {port: 0, token: \"${TOKEN}\"}\nproxy: {port: 0, socks_port: 0}\n";
    try (Api locked = Api.start(yaml)) {
      for (String path :
          new String[] {POLICY, "/api/v1/proxies", "/api/v1/events/stream", "/api/v1/requests"}) {
        HttpResponse<String> answer = locked.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      }
      assertThat(locked.json("PUT", POLICY, "{}").statusCode()).isEqualTo(401);
      assertThat(locked.get("/docs").statusCode()).isEqualTo(200);
      assertThat(locked.get("/openapi.json").statusCode()).isEqualTo(200);
      assertThat(locked.get("/docs/../api/v1/proxies").statusCode()).isEqualTo(401);

      assertThat(locked.get(POLICY, "Authorization", "Bearer t0ken").statusCode()).isEqualTo(200);
      assertThat(locked.get(POLICY, "Authorization", "Bearer other").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void showsItsDescriptionAsAPageOfItsOwn() throws Exception {
    HttpResponse<String> page = api.get("/docs");

    assertThat(page.body()).contains("docs/swagger-ui-bundle.js", "docs/docs.js");
    assertThat(page.body()).doesNotContain("://");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'");
    assertThat(api.get("/docs/docs.js").body()).contains("openapi.json").doesNotContain("://");
    assertThat(api.get("/docs/swagger-ui-bundle.js").body()).contains("SwaggerUIBundle");
    assertThat(api.get("/docs/swagger-ui.css").body()).contains(".swagger-ui");
    assertThat(api.get("/docs/favicon-32x32.png").statusCode()).isEqualTo(200);
  }

  @Test
  void carriesOutSoManyOperationsAtOnce() throws Exception {
    Vertx vertx = Vertx.vertx();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try {
      Router router = Router.router(vertx);
      Routes routes = new Routes(router, 1);
      routes.get(
          "/slow",
          ask -> {
            begun.countDown();
            await(release);
            return Reply.empty(200);
          });
      routes.close();
      var server =
          vertx
              .createHttpServer()
              .requestHandler(router)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:%d/slow".formatted(server.actualPort())))
              .build();
      HttpClient client = HttpClient.newHttpClient();
      CompletableFuture<HttpResponse<String>> first =
          client.sendAsync(request, BodyHandlers.ofString());
      await(begun);
      HttpResponse<String> second = client.send(request, BodyHandlers.ofString());
      release.countDown();

      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.headers().firstValue("Retry-After")).contains("1");
      assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    } finally {
      release.countDown();
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void anErrorOfOurOwnIsToldWithoutItsText() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      Routes routes = new Routes(router);
      routes.get(
          "/broken",
          ask -> {
            throw new IllegalStateException(Api.CANARY);
          });
      routes.close();
      var server =
          vertx
              .createHttpServer()
              .requestHandler(router)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:%d/broken".formatted(server.actualPort())))
                      .build(),
                  BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).contains("INTERNAL_ERROR").doesNotContain(Api.CANARY);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
