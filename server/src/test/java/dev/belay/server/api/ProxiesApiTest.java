package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ProxiesApiTest {
  private static final String PROXIES = "/api/v1/proxies";

  private static HttpResponse<String> lines(Api api, String text) throws Exception {
    return api.send(
        "POST", PROXIES + "/import", BodyPublishers.ofString(text), "Content-Type", "text/plain");
  }

  private static HttpResponse<String> delete(Api api, String id) throws Exception {
    return api.send("DELETE", PROXIES + "/" + id, BodyPublishers.noBody());
  }

  @Test
  void aProxyLeavesWhenItsTimeIsOver() throws Exception {
    try (Api api = Api.start("", "")) {
      String stays =
          "{\"url\": \"http://10.0.0.1:1\", \"expires_at\": \"2100-01-01T01:00:00+01:00\"}";
      JsonNode one = Api.body(api.json("POST", PROXIES, stays));
      assertThat(one.get("expires_at").stringValue()).isEqualTo("2100-01-01T00:00:00Z");
      JsonNode brief =
          Api.body(api.json("POST", PROXIES, "{\"url\": \"http://10.0.0.2:1\", \"ttl\": 0.3}"));
      assertThat(Instant.parse(brief.get("expires_at").stringValue()))
          .isBefore(Instant.parse("2100-01-01T00:00:00Z"));

      while (api.read(PROXIES).get("total").intValue() != 1) {
        Thread.onSpinWait(); // ends with the test's timeout at the latest
      }

      JsonNode patched =
          Api.body(
              api.json(
                  "PATCH",
                  PROXIES + "/" + one.get("id").stringValue(),
                  "{\"expires_at\": null, \"weight\": 2}"));
      assertThat(patched.get("expires_at").isNull()).isTrue();
      String both =
          "{\"url\": \"http://10.0.0.3:1\", \"ttl\": 1, \"expires_at\": \"2100-01-01T00:00:00Z\"}";
      assertThat(api.json("POST", PROXIES, both).statusCode()).isEqualTo(400);
      String never = "{\"url\": \"http://10.0.0.3:1\", \"expires_at\": \"tomorrow\"}";
      assertThat(api.json("POST", PROXIES, never).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void aProxyComesWorksChangesAndGoes() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        Api api = Api.start("", "")) {
      HttpResponse<String> empty = api.through(origin.uri("/"));
      assertThat(empty.statusCode()).isEqualTo(503);
      assertThat(empty.headers().firstValue("Retry-After")).isPresent();

      HttpResponse<String> added =
          api.json(
              "POST",
              PROXIES,
              """
              {"url": "http://ann:%s@127.0.0.1:%d", "region": "US-EAST", "country": "us",
               "tags": ["paid", "fast"], "weight": 2, "cost": 0.5, "max_concurrent": 9}
              """
                  .formatted(Api.CANARY, upstream.port()));
      JsonNode proxy = Api.body(added);
      String id = proxy.get("id").stringValue();
      assertThat(added.statusCode()).isEqualTo(201);
      assertThat(added.headers().firstValue("Location")).contains(PROXIES + "/" + id);
      assertThat(proxy.get("url").stringValue()).isEqualTo("http://127.0.0.1:" + upstream.port());
      assertThat(proxy.get("has_credentials").booleanValue()).isTrue();
      assertThat(proxy.get("country").stringValue()).isEqualTo("US");
      assertThat(proxy.get("tags").toString()).isEqualTo("[\"fast\",\"paid\"]");
      assertThat(proxy.get("source").stringValue()).isEqualTo("api");
      assertThat(proxy.at("/stats/latency_p95").isNull()).isTrue();

      assertThat(api.through(origin.uri("/")).body()).isEqualTo("hello");
      JsonNode used = api.read(PROXIES + "/" + id);
      assertThat(used.at("/stats/attempts").intValue()).isEqualTo(1);
      assertThat(used.at("/stats/latency_p95").doubleValue()).isPositive();
      assertThat(used.get("score").doubleValue()).isBetween(0.0, 1.0);

      JsonNode changed =
          Api.body(
              api.json("PATCH", PROXIES + "/" + id, "{\"region\": null, \"tags\": [\"free\"]}"));
      assertThat(changed.get("region").stringValue()).isEmpty();
      assertThat(changed.get("tags").toString()).isEqualTo("[\"free\"]");
      assertThat(changed.get("weight").doubleValue()).isEqualTo(2.0);
      assertThat(changed.at("/stats/attempts").intValue()).isEqualTo(1);

      assertThat(delete(api, id).statusCode()).isEqualTo(204);
      assertThat(delete(api, id).statusCode()).isEqualTo(404);
      assertThat(api.through(origin.uri("/")).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void theSameProxyIsNotAddedTwice() throws Exception {
    try (Api api = Api.start("{url: \"http://127.0.0.1:7001\"}", "")) {
      HttpResponse<String> again =
          api.json("POST", PROXIES, "{\"url\": \"http://127.0.0.1:7001\"}");
      HttpResponse<String> other =
          api.json("POST", PROXIES, "{\"url\": \"socks5://127.0.0.1:7001\"}");

      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(Api.body(again).get("error").stringValue()).isEqualTo("PROXY_ALREADY_EXISTS");
      assertThat(other.statusCode()).isEqualTo(201);
    }
  }

  @Test
  void aPatchMayBringAPasswordButNotAnotherProxy() throws Exception {
    String pool = "{url: \"http://ann:old@127.0.0.1:7001\", region: EU}";
    try (Api api = Api.start(pool, "")) {
      String path = PROXIES + "/127.0.0.1:7001";
      String url = "{\"url\": \"http://ann:%s@127.0.0.1:%d\"}";
      HttpResponse<String> password = api.json("PATCH", path, url.formatted(Api.CANARY, 7001));
      HttpResponse<String> other = api.json("PATCH", path, url.formatted(Api.CANARY, 7002));

      assertThat(password.statusCode()).isEqualTo(200);
      assertThat(Api.body(password).get("region").stringValue()).isEqualTo("EU");
      assertThat(other.statusCode()).isEqualTo(400);
      assertThat(Api.body(other).at("/details/value").stringValue()).isEqualTo("(hidden)");
    }
  }

  @Test
  void whatIsWrongIsNamedAndNoSecretRepeated() throws Exception {
    try (Api api = Api.start("", "")) {
      String[] wrong = {
        "{}",
        "{\"url\": 5}",
        "{\"url\": \"http://ann:%s@127.0.0.1\"}",
        "{\"url\": \"ftp://ann:%s@127.0.0.1:21\"}",
        "{\"url\": \"http://ann:%s%%@127.0.0.1:1\"}",
        "{\"url\": \"http://127.0.0.1:1\", \"region\": \"http://ann:%s@x\"}",
        "{\"url\": \"http://127.0.0.1:1\", \"http://ann:%s@127.0.0.1\": 1}",
        "{\"url\": \"http://127.0.0.1:1\", \"tags\": [\"/%s/\"]}",
        "{\"url\": \"http://127.0.0.1:1\", \"weight\": 0}",
        "{\"url\": \"http://127.0.0.1:1\", \"regoin\": \"EU\"}",
        "{\"url\": \"http://ann:%s@127.0.0.1:1\"",
        "\"http://ann:%s@127.0.0.1:1\"",
        "{\"url\": http://ann:%s@127.0.0.1:1}",
        "{\"url\": \"http://127.0.0.1:1\", \"url\": \"http://ann:%s@127.0.0.1:1\"}",
      };
      for (String body : wrong) {
        HttpResponse<String> answer =
            api.json("POST", PROXIES, body.contains("%s") ? body.formatted(Api.CANARY) : body);
        assertThat(answer.statusCode()).as(body).isEqualTo(400);
      }
      assertThat(api.read(PROXIES).get("total").intValue()).isZero();
    }
  }

  @Test
  void manyComeAtOnceAndEachIsAccountedFor() throws Exception {
    try (Api api = Api.start("{url: \"http://127.0.0.1:7001\"}", "")) {
      HttpResponse<String> imported =
          lines(
              api,
              """
              # a comment
              http://ann:%1$s@10.0.0.1:3128

              10.0.0.2:8080
              http://127.0.0.1:7001
              http://ann:%1$s@10.0.0.1:3128
              http://ann:%1$s@nowhere
              socks5h://[::1]:1080
              """
                  .formatted(Api.CANARY));

      JsonNode result = Api.body(imported);
      assertThat(imported.statusCode()).isEqualTo(200);
      assertThat(result.get("added").findValuesAsString("line")).containsExactly("2", "4", "8");
      assertThat(result.get("added").findValuesAsString("url"))
          .containsExactly("http://10.0.0.1:3128", "http://10.0.0.2:8080", "socks5h://[::1]:1080");
      assertThat(result.get("known").findValuesAsString("line")).containsExactly("5", "6");
      assertThat(result.at("/refused/0/line").intValue()).isEqualTo(7);
      assertThat(result.at("/refused/0/reason").stringValue()).contains("has no port");
      assertThat(result.get("added_count").intValue()).isEqualTo(3);
      assertThat(api.read(PROXIES).get("total").intValue()).isEqualTo(4);
    }
  }

  @Test
  void manyComeAsJsonToo() throws Exception {
    try (Api api = Api.start("", "")) {
      JsonNode result =
          Api.body(
              api.json(
                  "POST",
                  PROXIES + "/import",
                  """
                  {"proxies": ["http://10.0.0.1:1", {"url": "socks5://10.0.0.2:2", "tags": ["x"]},
                    7, {"url": "http://10.0.0.3:3", "wieght": 2}, {"region": "EU"},
                    {"url": "http://ann:%s@10.0.0.4:99999"}]}
                  """
                      .formatted(Api.CANARY)));

      assertThat(result.get("added_count").intValue()).isEqualTo(2);
      assertThat(result.get("refused").findValuesAsString("line"))
          .containsExactly("3", "4", "5", "6");
      assertThat(result.at("/refused/1/reason").stringValue()).contains("weight (did you mean");
      assertThat(api.read(PROXIES + "?tag=x").get("total").intValue()).isEqualTo(1);
    }
  }

  @Test
  void tenThousandAreImportedPagedAndSorted() throws Exception {
    try (Api api = Api.start("", "")) {
      String many =
          IntStream.range(0, 10_000)
              .mapToObj(i -> "http://10.%d.%d.1:3128".formatted(i / 256, i % 256))
              .collect(Collectors.joining("\n"));
      assertThat(lines(api, many + "\n10.200.0.1:1").statusCode()).isEqualTo(400);
      assertThat(Api.body(lines(api, many)).get("added_count").intValue()).isEqualTo(10_000);
      api.post("/api/v1/circuit-breakers/10.0.7.1:3128/trip");

      JsonNode page = api.read(PROXIES + "?size=100&page=100");
      assertThat(page.get("total").intValue()).isEqualTo(10_000);
      assertThat(page.get("pages").intValue()).isEqualTo(100);
      assertThat(page.get("proxies").size()).isEqualTo(100);
      assertThat(api.read(PROXIES + "?page=201").get("proxies").size()).isZero();
      JsonNode open = api.read(PROXIES + "?state=open");
      assertThat(open.get("total").intValue()).isEqualTo(1);
      assertThat(open.at("/proxies/0/seconds_until_test").doubleValue()).isPositive();
      assertThat(
              api.read(PROXIES + "?sort=-seconds_until_test&size=1")
                  .at("/proxies/0/host")
                  .stringValue())
          .isEqualTo("10.0.7.1");
      assertThat(api.read(PROXIES + "?sort=-url&size=1").at("/proxies/0/host").stringValue())
          .isEqualTo("10.9.99.1");
      assertThat(api.read(PROXIES + "?search=10.3.4.1").get("total").intValue()).isEqualTo(1);
      assertThat(api.get(PROXIES + "?size=101").statusCode()).isEqualTo(400);
      assertThat(api.get(PROXIES + "?sort=name").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void aPageSaysHowManyOfTheWholePoolAreInEachState() throws Exception {
    try (Api api = Api.start("", "")) {
      lines(api, "127.0.0.1:1\n127.0.0.1:2\n127.0.0.1:3\n");
      api.post("/api/v1/circuit-breakers/127.0.0.1:2/trip");

      JsonNode page = api.read(PROXIES + "?state=open&search=nothing");

      assertThat(page.get("total").intValue()).isZero();
      assertThat(page.get("states").toString())
          .isEqualTo("{\"closed\":2,\"open\":1,\"half_open\":0}");
    }
  }

  @Test
  void whatWasChangedOutlivesAReloadOfTheConfiguration() throws Exception {
    String pool = "{url: \"http://127.0.0.1:7001\"}, {url: \"http://127.0.0.1:7002\"}";
    try (Api api = Api.start(pool, "")) {
      delete(api, "127.0.0.1:7001");
      api.json("POST", PROXIES, "{\"url\": \"http://127.0.0.1:7003\"}");
      api.json("PATCH", PROXIES + "/127.0.0.1:7002", "{\"weight\": 5}");

      api.server().reload(Api.config("proxy: {pool: [%s]}\n".formatted(pool)));

      JsonNode proxies = api.read(PROXIES).get("proxies");
      assertThat(proxies.findValuesAsString("port")).containsExactly("7002", "7003");
      assertThat(proxies.at("/0/weight").doubleValue()).isEqualTo(5.0);
      assertThat(proxies.findValuesAsString("source")).containsExactly("config", "api");
      api.json("POST", PROXIES, "{\"url\": \"http://127.0.0.1:7001\"}");
      assertThat(api.read(PROXIES).get("total").intValue()).isEqualTo(3);
    }
  }
}
