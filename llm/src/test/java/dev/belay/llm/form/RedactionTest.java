package dev.belay.llm.form;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String HEX = "canary0123456789abcdef0123456789";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ann:canary0123@proxy.example:3128/",
        "https://api.example/v1?model=x&key=canary0123&alt=json",
        "https://api.example/?access_token=canary0123",
        "http://host/?api_key=canary-value&x=1",
        "gsk_" + HEX,
        "xai-" + HEX,
        "hf_" + HEX,
        "r8_" + HEX,
        "pplx-" + HEX,
        "fw_" + HEX,
        "key-" + HEX,
        "nvapi-canary_0123-4567_89abcdef",
        "{\\\"password\\\": \\\"canary-pass\\\"}",
        "{\\\"client_secret\\\":\\\"canary-pass\\\"}",
        "{\"refresh_token\": \"canary-pass\"}",
        "OPENAI_sk-canary-0123456789",
        "sk-ant-api03-canary0123456789",
        "sk_live_canary0123456789",
        "AIzaSycanary0123456789012345678901234",
        "Bearer canary.0123456789",
        "bearer\tcanary",
        "Authorization: Basic canary0123456789==",
        "ghp_canary0123456789",
        "glpat-canary0123456789",
        "xoxb-canary-0123456789",
        "ya29.canary-0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.sig-canary",
        "-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\\ncanary\\n-----END OPENSSH PRIVATE KEY-----",
        "pass it on; token=canary0123"
      })
  void takesOutSecretsWhereverTheyStand(String secret) {
    assertThat(Redaction.text("before " + secret + " after"))
        .doesNotContainIgnoringCase("canary")
        .contains(Redaction.MARK)
        .startsWith("before ")
        .endsWith(" after");
  }

  @Test
  void takesOutKeysInCapitals() {
    assertThat(Redaction.text("AKIAIOSFODNN7EXAMPLE and ASIAIOSFODNN7EXAMPLE"))
        .isEqualTo("[redacted] and [redacted]");
  }

  @Test
  void aBlockThatIsCutIsTakenOutToItsEnd() {
    assertThat(Redaction.text("x -----BEGIN PRIVATE KEY-----\ncanary\ncanary"))
        .isEqualTo("x [redacted]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task-20260101-night has a risk-assessment at https://example.com:8080/a@b",
        "xai-grok-4-fast and hf-inference/llama are models",
        "the token count: 12, max_tokens=4096"
      })
  void leavesWordsThatOnlySoundLikeAKeyAlone(String text) {
    assertThat(Redaction.text(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api_key",
        "X-Api-Key",
        "key",
        "accessToken",
        "password",
        "Authorization",
        "Proxy-Authorization",
        "cookie",
        "client_secret",
        "clientSecret",
        "private_pem",
        "dbPassword"
      })
  void aMemberWithASecretsNameIsHidden(String name) {
    Json.Obj hidden =
        Redaction.object(
            Json.EMPTY
                .with(name, Json.of("canary"))
                .with("in", Json.EMPTY.with(name, Json.of(List.of(Json.of("canary")))))
                .with("below", Json.EMPTY.with(name, Json.EMPTY.with("x", Json.of("canary"))))
                .with("pin", Json.EMPTY.with(name, Json.of(1234))));

    assertThat(hidden.toString()).doesNotContain("canary", "1234").contains("\"x\":\"[redacted]\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max_tokens",
        "key_id",
        "tokens",
        "keyboard",
        "author",
        "monkey",
        "tokenName",
        "run_key",
        "key_insights",
        "weekly_token_cap"
      })
  void aMemberWhoseNameOnlySoundsLikeASecretStays(String name) {
    Json.Obj object = Json.EMPTY.with(name, Json.of("plain"));

    assertThat(Redaction.object(object)).isEqualTo(object);
  }

  @Test
  void allOfEnvironmentAndHeadersIsHiddenButTheNames() {
    Json.Obj hidden =
        Redaction.object(
            Json.EMPTY
                .with("env", Json.EMPTY.with("HOME", Json.of("canary")))
                .with("Headers", Json.of(List.of(Json.of(List.of(Json.of("canary")))))));

    assertThat(hidden.toString())
        .isEqualTo("{\"env\":{\"HOME\":\"[redacted]\"},\"Headers\":[[\"[redacted]\"]]}");
  }

  @Test
  void aSchemaMaySpeakOfSecrets() {
    Json.Obj schema =
        Json.EMPTY.with(
            "properties", Json.EMPTY.with("password", Json.EMPTY.with("type", Json.of("string"))));

    assertThat(Redaction.object(schema)).isEqualTo(schema);
  }

  @Test
  void whatIsKeptIsBounded() {
    Bounds bounds = new Bounds(200, 5, 200);
    Json deep = Json.of(1);
    for (int i = 0; i < 20; i++) {
      deep = i % 2 == 0 ? Json.EMPTY.with("in", deep) : Json.of(List.of(deep));
    }
    Json.Obj cut =
        bounds.cut(
            Json.EMPTY
                .with("long", Json.of("y".repeat(5_000)))
                .with("deep", deep)
                .with("yes", Json.of(true))
                .with("nothing", new Json.Null()));

    assertThat(((Json.Str) cut.get("long").orElseThrow()).value()).hasSize(200).endsWith("…");
    assertThat(cut.toString()).hasSizeLessThan(400).contains("…");
    assertThat(bounds.cut(wide()).members()).hasSize(200);
  }

  private static Json.Obj wide() {
    Json.Obj wide = Json.EMPTY;
    for (int i = 0; i < 300; i++) {
      wide = wide.with("m" + i, Json.of(i));
    }
    return wide;
  }
}
