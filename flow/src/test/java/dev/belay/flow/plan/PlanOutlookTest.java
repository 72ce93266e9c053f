package dev.belay.flow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.flow.Plan;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlanOutlookTest {
  private static PlanOutlook of(String text) {
    Plan plan = PlanFile.read(text, "plan", Path.of("."));
    return PlanOutlook.of(plan);
  }

  @Test
  void saysTheOrderAndTheWorst() {
    PlanOutlook outlook =
        of(
            """
            limits: {concurrency: 2}
            retry: {max_attempts: 2, backoff_strategy: fixed, base_delay: 1m, max_backoff_delay: 1m}
            tasks:
              - {id: c, role: claude, prompt: x, needs: [a, b], timeout: 10m}
              - {id: a, role: claude, prompt: x, timeout: 10m, budget: {cost: 2}}
              - {id: b, role: claude, prompt: x, timeout: 20m, priority: 3}
            """);

    assertThat(outlook.rows()).extracting(row -> row.task().id()).containsExactly("b", "a", "c");
    assertThat(outlook.rows()).extracting(PlanOutlook.Row::level).containsExactly(0, 0, 1);
    assertThat(outlook.attempts()).isEqualTo(6);
    assertThat(outlook.longestChain()).isEqualTo(Duration.ofMinutes(41 + 21));
    assertThat(outlook.worst()).isEqualTo(Duration.ofMinutes(83).dividedBy(2).plusMinutes(31));
    assertThat(outlook.cost()).isInfinite();
  }

  @Test
  void rowsOfReviewsCountAsOftenAsTheyMayComeBack() {
    PlanOutlook outlook =
        of(
            """
            retry: {max_attempts: 1}
            workflows:
              w: {steps: [{role: claude}, {role: codex, back_to: claude, rounds: 2}, {role: goose}]}
            tasks: [{id: a, workflow: w, prompt: x, timeout: 1m}]
            """);

    assertThat(outlook.attempts()).isEqualTo(3 + 3 + 1);
    assertThat(outlook.rows().getFirst().worst()).isEqualTo(Duration.ofMinutes(7));
  }
}
