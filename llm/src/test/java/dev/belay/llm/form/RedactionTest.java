package dev.belay.llm.form;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ann:canary0123@proxy.example:3128/",
        "https://api.example/v1?model=x&key=canary0123&alt=json",
        "https://api.example/?access_token=canary0123",
        "gsk_canary0123456789012345",
        "{\\\"password\\\": \\\"canary-pass\\\"}",
        "OPENAI_sk-canary-0123456789"
      })
  void takesOutSecretsWhereverTheyStand(String secret) {
    assertThat(Redaction.text("before " + secret + " after"))
        .doesNotContainIgnoringCase("canary")
        .startsWith("before ")
        .endsWith(" after");
  }

  @Test
  void leavesWordsThatOnlyEndLikeAKeyAlone() {
    String text = "task-20260101-night has a risk-assessment at https://example.com:8080/a@b";

    assertThat(Redaction.text(text)).isEqualTo(text);
  }
}
