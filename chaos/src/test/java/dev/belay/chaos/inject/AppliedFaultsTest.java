package dev.belay.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppliedFaultsTest {
  private final VirtualTime time = new VirtualTime();
  private final FaultPolicies policies =
      new FaultPolicies(new MemoryFaultPolicies(), time, Runnable::run);
  private final AppliedFaults faults =
      new AppliedFaults(policies, new Agents(time), time, new SplittableRandom(1));

  private static Tree asked(String name, String owner) {
    FaultPlan plan =
        new FaultPlan(
            List.of(Fault.at(Edge.into("cart"), new Effect.Abort(503))), Duration.ofMinutes(1));
    Policy policy =
        PlanPolicies.whole(
            plan, new Policy.Metadata(name, "", 0, owner, Optional.empty()), Aim.EVERYBODY);
    return Json.read(Json.write(Map.of("policy", PolicyDocument.write(policy))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          delay           | {"delay_ms": 700}                    | delay   | 700   | 0
          delay           | {"delay_seconds": 0.5}               | delay   | 500   | 0
          abort           | {"error_code": 502}                  | abort   | 0     | 502
          abort           | {"abort_http_status": 504}           | abort   | 0     | 504
          error_injection | {"error_type": "timeout"}            | delay   | 30000 | 0
          error_injection | {"error_type": "connection_reset"}   | reset   | 0     | 0
          error_injection | {"error_type": "malformed_response"} | corrupt | 0     | 0
          """)
  void bothPublishedFormsOfOneFaultAreTaken(
      String type, String config, String kind, long delayMs, int status) {
    String id =
        faults.apply(
            Json.read(
                """
                {"service": "pricing", "api": "/price", "fault_type": "%s", "percentage": 50,
                 "duration_seconds": 30, "fault_config": %s}
                """
                    .formatted(type, config)));

    Rule rule = policies.find(id).orElseThrow().policy().rules().getFirst();
    assertThat(rule.fault().percentage()).isEqualTo(50);
    Actions actions = rule.fault().actions();
    assertThat(actions.kinds()).containsExactly(kind);
    assertThat(actions.delayMs()).isEqualTo(delayMs);
    assertThat(actions.abort().map(Actions.Abort::status).orElse(0)).isEqualTo(status);
  }

  @Test
  void anErrorThatNobodyKnowsIsRefused() {
    assertThatThrownBy(() ->
            faults.apply(
                Json.read(
                    """
                    {"service": "pricing", "fault_type": "error_injection", "duration_seconds": 30,
                     "fault_config": {"error_type": "fire"}}
                    """)))
        .isInstanceOf(PolicyRefused.class)
        .hasMessageContaining("fault_config.error_type");
  }

  @Test
  void aRequestThatComesLateDoesNotBringBackWhatItsOwnerEnded() {
    faults.apply(asked("a-1", "a"));
    assertThat(faults.end("a-1")).isPresent();

    assertThatThrownBy(() -> faults.apply(asked("a-1", "a")))
        .isInstanceOf(PolicyRefused.class)
        .hasMessageContaining("'a-1' was ended");
    assertThat(policies.snapshot().policies()).isEmpty();
  }

  @Test
  void norWhatItsOwnerEndedBeforeItCame() {
    assertThat(faults.end("a-1")).isEmpty();

    assertThatThrownBy(() -> faults.apply(asked("a-1", "a"))).isInstanceOf(PolicyRefused.class);
    faults.apply(asked("a-2", "a"));
    assertThat(faults.running()).extracting(AppliedFaults.Status::id).containsExactly("a-2");
  }

  @Test
  void whatHasNoOwnerMayBeAppliedAgain() {
    faults.apply(asked("mine", ""));
    assertThat(faults.end("mine")).isPresent();

    faults.apply(asked("mine", ""));

    assertThat(faults.status("mine").orElseThrow().running()).isTrue();
  }
}
