package dev.belay.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.PlanTree;
import dev.belay.chaos.wire.WireException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final Fault LATE =
      Fault.at(Edge.into("pricing"), new Effect.Abort(503)).withStartDelay(Duration.ofSeconds(2));

  @Test
  void refusesAFaultThatBeginsWhenThePlanIsOver() {
    for (int life : List.of(1, 2)) {
      assertThatThrownBy(() -> new FaultPlan(List.of(LATE), Duration.ofSeconds(life)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "start_delay_ms must be in 0..%d, below duration_ms, was 2000", life * 1_000 - 1);
    }
    assertThatThrownBy(() -> FaultPlan.of(LATE.withStartDelay(FaultPlan.DEFAULT_LIFE)))
        .hasMessageContaining("0..59999");
  }

  @Test
  void takesAFaultThatBeginsJustBeforeThePlanIsOver() {
    assertThat(new FaultPlan(List.of(LATE), Duration.ofMillis(2_001)).size()).isEqualTo(1);
    assertThat(FaultPlan.of(LATE.withStartDelay(Duration.ofMillis(59_999))).size()).isEqualTo(1);
  }

  @Test
  void saysWhereADocumentHasSuchAFault() {
    String document =
        """
        {"duration_ms": 2000,
         "faults": [{"service": "pricing", "effect": "reset", "start_delay_ms": 2000}]}
        """;

    assertThatThrownBy(() -> PlanTree.read(Json.read(document)))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("start_delay_ms must be in 0..1999, below duration_ms, was 2000");
  }
}
