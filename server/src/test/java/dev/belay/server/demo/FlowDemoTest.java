package dev.belay.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FlowDemoTest {

  @Test
  void nothingIsLostAndTheChainThatNeedsNeitherIsNotDelayed() throws Exception {
    FlowDemo.Outcome outcome =
        new FlowDemo(Duration.ofSeconds(5)).run((side, done, good, all) -> {});

    assertThat(outcome.belay()).containsEntry("completed", 12L).containsEntry("failed", 0L);
    assertThat(number(outcome.plain(), "completed")).isLessThan(12);
    assertThat(number(outcome.plain(), "blocked")).isPositive();
    assertThat(number(outcome.belay(), "free_chain_seconds"))
        .isLessThan(number(outcome.belay(), "seconds") / 2);
  }

  private static double number(Map<String, Object> side, String key) {
    return side.get(key) instanceof Number number ? number.doubleValue() : -1;
  }
}
