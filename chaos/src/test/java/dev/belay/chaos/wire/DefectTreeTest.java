package dev.belay.chaos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefectTreeTest {
  private static final FaultPlan PLAN =
      new FaultPlan(
          List.of(
              Fault.at(new Edge("web", "cart"), new Effect.Abort(503)).withPercentage(50),
              Fault.at(Edge.into("tax"), new Effect.Delay(Duration.ofMillis(1_500)))),
          Duration.ofSeconds(30));

  private static Defect again(Defect defect) {
    return DefectTree.read(Json.read(Json.write(DefectTree.write(defect))));
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    Defect open = new Defect("GET /cart | 500 | web>cart", PLAN, 7, Optional.empty());
    Defect known =
        new Defect(
            "GET /cart | slow",
            PLAN,
            9,
            Optional.of(
                new Defect.Minimal(
                    PLAN.without(PLAN.faults().getFirst()), new Defect.Odds(3, 4), 12)));

    assertThat(again(open)).isEqualTo(open);
    assertThat(again(known)).isEqualTo(known);
  }

  @Test
  void whatIsNoDefectIsSaidWithItsPlace() {
    assertThatThrownBy(() -> DefectTree.read(Json.read("{\"signature\":\"x\",\"trial\":0}")))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(() ->
            DefectTree.read(
                Json.read(
                    """
                    {"signature": "x", "trial": 1, "found": {"faults": []},
                     "minimal": {"plan": {"faults": []}, "hits": 5, "of": 4, "runs": 1}}\
                    """)))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("hits");
  }
}
