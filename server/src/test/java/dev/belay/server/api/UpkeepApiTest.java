package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class UpkeepApiTest {
  @TempDir private Path folder;

  @Test
  void checksOneAndAllOnDemandAndRemembersWhatWasFound() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy good =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        FaultyProxy bad =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.status(502)));
        Api api =
            Api.start(
                """
                control: {port: 0}
                proxy:
                  port: 0
                  socks_port: 0
                  allow_private: true
                  pool: [{url: "http://ann:%s@127.0.0.1:%d"}, {url: "http://127.0.0.1:%d"}]
                  health: {level: http, url: "%s"}
                """
                    .formatted(Api.CANARY, good.port(), bad.port(), origin.uri("/")))) {
      assertThat(api.read("/api/v1/proxies/checks").get("total").intValue()).isZero();
      JsonNode proxies = api.read("/api/v1/proxies").get("proxies");
      String id = proxies.get(0).get("id").stringValue();

      JsonNode one = Api.body(api.post("/api/v1/proxies/%s/check".formatted(id)));
      JsonNode all = Api.body(api.post("/api/v1/proxies/check"));

      assertThat(one.get("working").booleanValue()).isTrue();
      assertThat(all.get("total").intValue()).isEqualTo(2);
      assertThat(all.get("working").intValue()).isEqualTo(1);
      assertThat(all.at("/checks/1/error_class").isNull()).isFalse();
      assertThat(api.read("/api/v1/proxies/checks").get("total").intValue()).isEqualTo(2);
      assertThat(api.post("/api/v1/proxies/nosuch:1/check").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void showsSourcesAsksThemOnDemandAndTellsOfWhatTheyBrought() throws Exception {
    Path list = Files.writeString(folder.resolve("list.txt"), "127.0.0.1:11\nnonsense here\n");
    try (Api api =
        Api.start(
            """
            control: {port: 0}
            proxy:
              port: 0
              socks_port: 0
              allow_private: true
              sources: [{name: mine, file: "%s"}]
            """
                .formatted(list))) {
      JsonNode source = api.read("/api/v1/sources").at("/sources/0");
      assertThat(source.get("state").stringValue()).isEqualTo("good");
      assertThat(source.get("proxies").intValue()).isEqualTo(1);
      assertThat(source.get("refused_lines").intValue()).isEqualTo(1);
      assertThat(api.read("/api/v1/proxies").at("/proxies/0/source").stringValue())
          .isEqualTo("mine");
      CompletableFuture<String> told = told(api, "\"change\":\"source\"");

      Files.writeString(list, "127.0.0.1:11\n127.0.0.1:12\n");
      JsonNode refreshed = Api.body(api.post("/api/v1/sources/mine/refresh"));
      // a file that changed this moment may still be written to, and is looked at once more
      Api.eventually("both are there", () -> total(api) == 2);

      assertThat(refreshed.get("name").stringValue()).isEqualTo("mine");
      assertThat(told.get(20, TimeUnit.SECONDS)).contains("\"source\":\"mine\"");
      assertThat(api.post("/api/v1/sources/nosuch/refresh").statusCode()).isEqualTo(404);
    }
  }

  /** The first line of the event stream, from now on, that contains a text. */
  private static CompletableFuture<String> told(Api api, String text) throws Exception {
    HttpResponse<Stream<String>> stream =
        api.client()
            .send(
                HttpRequest.newBuilder(api.uri("/api/v1/events/stream")).build(),
                HttpResponse.BodyHandlers.ofLines());
    return CompletableFuture.supplyAsync(
        () -> {
          try (Stream<String> lines = stream.body()) {
            return lines.filter(line -> line.contains(text)).findFirst().orElse("");
          }
        },
        Thread::startVirtualThread);
  }

  private static int total(Api api) {
    try {
      return api.read("/api/v1/proxies").get("total").intValue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isReadyOnlyWhileSomeProxyTakesRequests() throws Exception {
    try (FaultyProxy proxy =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        Api api = Api.start("{url: \"http://127.0.0.1:%d\"}".formatted(proxy.port()), "")) {
      assertThat(api.read("/health").get("status").stringValue()).isEqualTo("UP");
      assertThat(api.get("/health?ready").statusCode()).isEqualTo(200);
      String id = api.read("/api/v1/proxies").at("/proxies/0/id").stringValue();

      api.post("/api/v1/circuit-breakers/%s/trip".formatted(id));
      HttpResponse<String> ready = api.get("/health?ready=true");
      JsonNode alive = api.read("/health");

      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.headers().firstValue("Retry-After")).isPresent();
      assertThat(alive.get("status").stringValue()).isEqualTo("DEGRADED");
      assertThat(alive.at("/reasons/0").stringValue()).isEqualTo("all_proxies_unavailable");

      api.send("DELETE", "/api/v1/proxies/" + id, BodyPublishers.noBody());
      JsonNode empty = api.read("/health");
      assertThat(empty.get("ready").booleanValue()).isFalse();
      assertThat(empty.at("/reasons/0").stringValue()).isEqualTo("pool_empty");
    }
  }

  @Test
  void isNotReadyWhileNoProxyCanBeReached() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        Api api = Api.start("{url: \"http://proxy.unknown.example:3128\"}", "")) {
      assertThat(api.through(origin.uri("/")).statusCode()).isEqualTo(503);

      JsonNode alive = api.read("/health");
      assertThat(alive.get("ready").booleanValue()).isFalse();
      assertThat(alive.at("/reasons/0").stringValue()).isEqualTo("network_unreachable");
      HttpResponse<String> ready = api.get("/health?ready=true");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.headers().firstValue("Retry-After")).contains("1");
    }
  }

  @Test
  void givesDaysOfTheStoreOverARestart() throws Exception {
    String store = "store: {url: \"sqlite:%s\"}\n".formatted(folder.resolve("belay.db"));
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy proxy =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()))) {
      String pool = "{url: \"http://127.0.0.1:%d\"}".formatted(proxy.port());
      try (Api api = Api.startStored(pool, store)) {
        assertThat(api.through(origin.uri("/")).statusCode()).isEqualTo(200);
      }
      try (Api api = Api.startStored(pool, store)) {
        JsonNode days = api.read("/api/v1/metrics/retries/daily?days=7");

        assertThat(days.get("data_points")).hasSizeBetween(1, 2);
        long requests = 0;
        for (JsonNode day : days.get("data_points")) {
          requests += day.get("total_requests").longValue();
        }
        assertThat(requests).isEqualTo(1);
        assertThat(api.get("/api/v1/metrics/retries/daily?days=91").statusCode()).isEqualTo(400);
      }
    }
  }
}
