package dev.belay.llm.json;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonTextTest {

  @Test
  void numbersBeyondAllBoundsAreRefused() {
    assertThatThrownBy(() -> Json.parse("1".repeat(5000))).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse("[1e99999999999]")).isInstanceOf(JsonException.class);
  }
}
