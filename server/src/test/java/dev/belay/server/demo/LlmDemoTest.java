package dev.belay.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LlmDemoTest {

  @Test
  void theSameQuestionsFareBetterThroughBelay() throws Exception {
    LlmDemo.Outcome outcome = new LlmDemo(5).run((side, done, good, all) -> {});

    assertThat(outcome.plain()).containsEntry("requests", 60);
    assertThat(number(outcome.belay(), "success_rate"))
        .isGreaterThan(0.9)
        .isGreaterThan(number(outcome.plain(), "success_rate"));
    assertThat(number(outcome.belay(), "cut_answers")).isZero();
    assertThat(number(outcome.plain(), "cut_answers")).isPositive();
  }

  @Test
  void asksAtAPaceThatAMachineCanTake() {
    assertThatThrownBy(() -> new LlmDemo(0)).hasMessageContaining("1 to 100");
  }

  private static double number(Map<String, Object> side, String key) {
    return side.get(key) instanceof Number number ? number.doubleValue() : -1;
  }
}
