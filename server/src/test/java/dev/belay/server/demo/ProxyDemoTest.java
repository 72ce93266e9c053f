package dev.belay.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyDemoTest {
  @Test
  void theSameTrafficFaresBetterThroughBelay() throws Exception {
    List<String> progress = new CopyOnWriteArrayList<>();
    try (ProxyDemo demo = ProxyDemo.start(7, 90, 0, 0)) {
      ProxyDemo.Outcome outcome =
          demo.run((side, done, good, all) -> progress.add(side + " " + done + "/" + all));

      assertThat(outcome.seed()).isEqualTo(7);
      assertThat(outcome.plain())
          .containsOnlyKeys(
              "requests",
              "success_rate",
              "p50_ms",
              "p95_ms",
              "p99_ms",
              "attempts",
              "wasted_attempts")
          .containsEntry("requests", 90)
          .containsEntry("attempts", 90);
      assertThat(number(outcome.plain(), "success_rate")).isBetween(0.3, 0.8);
      assertThat(number(outcome.belay(), "success_rate")).isGreaterThan(0.95);
      assertThat(number(outcome.belay(), "wasted_attempts"))
          .isLessThan(number(outcome.plain(), "wasted_attempts"));
      assertThat(progress).contains("random rotation 90/90", "belay 90/90");
      assertThat(demo.port()).isPositive();
      assertThat(demo.socksPort()).isPositive();
      assertThat(demo.originPort()).isPositive();
    }
    assertThat(new ArrayList<>(ProxyDemo.habits().keySet())).hasSize(8);
  }

  private static double number(Map<String, Object> side, String key) {
    return side.get(key) instanceof Number number ? number.doubleValue() : -1;
  }
}
