package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class PolicyApiTest {
  private static final String POLICY = "/api/v1/retry/policy";
  private static final String YAML =
      "control: {port: 0}\nproxy: {port: 0, socks_port: 0, allow_private: true}\n";

  private Api api;

  @BeforeEach
  void start() throws Exception {
    api = Api.start(YAML);
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private static String etag(HttpResponse<String> response) {
    return response.headers().firstValue("ETag").orElseThrow();
  }

  @Test
  void showsTheDefaultsOfTheContract() throws Exception {
    JsonNode policy = api.read(POLICY);

    assertThat(policy.get("updated_at").stringValue()).isNotEmpty();
    assertThat(policy.toString())
        .startsWith(
            """
            {"max_attempts":3,"backoff_strategy":"exponential","base_delay":1.0,"multiplier":2.0,\
            "max_backoff_delay":30.0,"jitter":false,"retry_status_codes":[502,503,504],\
            "timeout":null,"retry_non_idempotent":false,"updated_at":\
            """);
  }

  @Test
  void putReplacesTheWholePolicy() throws Exception {
    api.json("PUT", POLICY, "{\"max_attempts\": 7, \"timeout\": 12.5, \"jitter\": true}");
    HttpResponse<String> replaced =
        api.json("PUT", POLICY, "{\"backoff_strategy\": \"linear\", \"base_delay\": 2}");

    JsonNode policy = Api.body(replaced);
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(policy.get("max_attempts").intValue()).isEqualTo(3);
    assertThat(policy.get("timeout").isNull()).isTrue();
    assertThat(policy.get("jitter").booleanValue()).isFalse();
    assertThat(policy.get("backoff_strategy").stringValue()).isEqualTo("linear");
    assertThat(policy.get("base_delay").doubleValue()).isEqualTo(2.0);
    assertThat(api.read(POLICY)).isEqualTo(policy);
  }

  @Test
  void patchMergesAndNullClears() throws Exception {
    api.json(
        "PUT",
        POLICY,
        "{\"max_attempts\": 7, \"timeout\": 12.5, \"retry_status_codes\": [408, 500, 429]}");
    JsonNode policy =
        Api.body(
            api.json(
                "PATCH",
                POLICY,
                "{\"timeout\": null, \"max_attempts\": null, \"base_delay\": 0.5}"));
    assertThat(policy.get("timeout").isNull()).isTrue();
    assertThat(policy.get("max_attempts").intValue()).isEqualTo(3);
    assertThat(policy.get("base_delay").doubleValue()).isEqualTo(0.5);
    assertThat(policy.get("retry_status_codes").toString()).isEqualTo("[408,429,500]");
  }

  @Test
  void takesBackWhatItGave() throws Exception {
    String shown = api.get(POLICY).body();

    assertThat(api.json("PUT", POLICY, shown).statusCode()).isEqualTo(200);
  }

  @Test
  void settingsThatTheContractDoesNotKnowStayAsConfigured() throws Exception {
    api.server().reload(Api.config(YAML + "retry: {backoff_strategy: fibonacci, jitter: full}\n"));

    JsonNode policy = Api.body(api.json("PATCH", POLICY, "{\"max_attempts\": 2}"));

    assertThat(policy.get("backoff_strategy").stringValue()).isEqualTo("fibonacci");
    assertThat(policy.get("jitter").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_attempts | 0 | 0 | 1 to 10",
        "max_attempts | 11 | 11 | 1 to 10",
        "max_attempts | 2.5 | 2.5 | whole number",
        "max_attempts | \"three\" | \"three\" | whole number",
        "max_attempts | null | \"null\" | 1 to 10",
        "backoff_strategy | \"fibonacci\" | \"fibonacci\" | one of exponential, linear, fixed",
        "base_delay | 0.05 | 0.05 | 0.1 to 60",
        "base_delay | 61 | 61 | 0.1 to 60",
        "base_delay | 1e400 | \"(a number out of range)\" | 0.1 to 60",
        "multiplier | 1 | 1 | 1.1 to 10",
        "max_backoff_delay | 0.5 | 0.5 | 1 to 300",
        "max_backoff_delay | 301 | 301 | 1 to 300",
        "jitter | 1 | 1 | true or false",
        "retry_status_codes | 503 | 503 | a list",
        "timeout | 0 | 0 | 0.1 to",
        "timeout | -1 | -1 | 0.1 to",
        "retry_non_idempotent | \"yes\" | \"yes\" | true or false",
      })
  void refusesWhatIsOutOfRange(String field, String value, String shown, String range)
      throws Exception {
    HttpResponse<String> answer = api.json("PUT", POLICY, "{\"%s\": %s}".formatted(field, value));

    JsonNode details = Api.body(answer).get("details");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Api.body(answer).get("error").stringValue()).isEqualTo("VALIDATION_ERROR");
    assertThat(details.get("field").stringValue()).isEqualTo(field);
    assertThat(details.get("value").toString()).isEqualTo(shown);
    assertThat(details.get("range").stringValue()).contains(range);
    assertThat(api.read(POLICY).get("max_attempts").intValue()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 503, 599})
  void acceptsTheseStatuses(int code) throws Exception {
    String body = "{\"retry_status_codes\": [%d]}".formatted(code);

    assertThat(api.json("PUT", POLICY, body).statusCode()).isEqualTo(200);
  }

  @Test
  void takesOnlyTheStatusesOfTheContractWhereThatIsWanted() throws Exception {
    try (Api strict =
        Api.start(YAML.replace("{port: 0}\n", "{port: 0, strict_status_codes: true}\n"))) {
      HttpResponse<String> refused =
          strict.json("PUT", POLICY, "{\"retry_status_codes\": [503, 429]}");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(Api.body(refused).at("/details/range").stringValue()).isEqualTo("500 to 599");
      assertThat(strict.json("PUT", POLICY, "{\"retry_status_codes\": [503]}").statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 404, 407, 499, 600})
  void refusesTheseStatuses(int code) throws Exception {
    HttpResponse<String> answer =
        api.json("PUT", POLICY, "{\"retry_status_codes\": [502, %d]}".formatted(code));

    JsonNode details = Api.body(answer).get("details");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(details.get("field").stringValue()).isEqualTo("retry_status_codes[1]");
    assertThat(details.get("value").intValue()).isEqualTo(code);
    assertThat(details.get("range").stringValue()).isEqualTo("408, 425, 429 or 500 to 599");
  }

  @Test
  void anEmptyListOfStatusesIsAllowed() throws Exception {
    JsonNode policy = Api.body(api.json("PUT", POLICY, "{\"retry_status_codes\": []}"));

    assertThat(policy.get("retry_status_codes").toString()).isEqualTo("[]");
  }

  @Test
  void namesTheKeyThatWasMeant() throws Exception {
    HttpResponse<String> answer = api.json("PUT", POLICY, "{\"max_atempts\": 3}");

    JsonNode details = Api.body(answer).get("details");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(details.get("field").stringValue()).isEqualTo("max_atempts");
    assertThat(details.get("range").stringValue()).startsWith("max_attempts (did you mean that?)");
  }

  @Test
  void namesAllThatIsWrong() throws Exception {
    HttpResponse<String> answer =
        api.json("PUT", POLICY, "{\"max_attempts\": 0, \"base_delay\": 99}");

    assertThat(Api.body(answer).at("/details/problems").size()).isEqualTo(2);
  }

  @Test
  void changesOnlyTheVersionThatWasMeant() throws Exception {
    String before = etag(api.get(POLICY));
    HttpResponse<String> changed =
        api.json("PUT", POLICY, "{\"max_attempts\": 4}", "If-Match", before);
    HttpResponse<String> late =
        api.json("PATCH", POLICY, "{\"max_attempts\": 5}", "If-Match", before);

    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(etag(changed)).isNotEqualTo(before).isEqualTo(etag(api.get(POLICY)));
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(Api.body(late).at("/details/etag").stringValue()).isEqualTo(etag(changed));
    assertThat(api.read(POLICY).get("max_attempts").intValue()).isEqualTo(4);
    String list = "\"other\", " + etag(changed);
    assertThat(api.json("PUT", POLICY, "{}", "If-Match", list).statusCode()).isEqualTo(200);
    assertThat(api.json("PUT", POLICY, "{}", "If-Match", "*").statusCode()).isEqualTo(200);
    String weak = "W/" + etag(api.get(POLICY));
    assertThat(api.json("PUT", POLICY, "{}", "If-Match", weak).statusCode()).isEqualTo(412);
  }

  @Test
  void saysWhenNothingHasChanged() throws Exception {
    String etag = etag(api.get(POLICY));

    assertThat(api.get(POLICY, "If-None-Match", etag).statusCode()).isEqualTo(304);
    assertThat(api.get(POLICY, "If-None-Match", "W/" + etag).statusCode()).isEqualTo(304);
    assertThat(api.get(POLICY, "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
  }

  @Test
  void saysWhenItWasChanged() throws Exception {
    Instant first = Instant.parse(api.read(POLICY).get("updated_at").stringValue());
    Instant again = Instant.parse(api.read(POLICY).get("updated_at").stringValue());
    JsonNode changed = Api.body(api.json("PUT", POLICY, "{}"));
    Instant then = Instant.parse(changed.get("updated_at").stringValue());

    assertThat(again).isEqualTo(first);
    assertThat(then).isAfter(first);
    assertThat(Duration.between(then, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aReloadedConfigurationReplacesIt() throws Exception {
    api.json("PUT", POLICY, "{\"max_attempts\": 9}");
    api.server().reload(Api.config(YAML + "retry: {max_attempts: 2}\n"));

    assertThat(api.read(POLICY).get("max_attempts").intValue()).isEqualTo(2);
  }

  @Test
  void holdsFromTheNextRequestForAllThatNameNone() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.status(500)));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()))) {
      api.json("POST", "/api/v1/proxies", "{\"url\": \"%s\"}".formatted(upstream.uri()));
      api.through(origin.uri("/"));
      assertThat(origin.requestCount()).isEqualTo(1);

      api.json(
          "PUT",
          POLICY,
          "{\"max_attempts\": 2, \"base_delay\": 0.1, \"retry_status_codes\": [500]}");
      api.through(origin.uri("/"));
      assertThat(origin.requestCount()).isEqualTo(3);

      api.through(origin.uri("/"), "X-Belay-Policy", "none");
      assertThat(origin.requestCount()).isEqualTo(4);
    }
  }
}
