package dev.belay.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.chaos.Effect;
import dev.belay.chaos.inject.PolicyRefused.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDocumentTest {
  private static final String PUBLISHED =
      """
      metadata: {name: checkout-503, version: "1.0.0"}
      spec:
        selector: {service: frontend, namespace: demo}
        rules:
          - match:
              method: {exact: GET}
              path:   {prefix: /api/}
              headers: [{name: x-user-id, exact: test}]
            fault:
              percentage: 50
              start_delay_ms: 20
              duration_seconds: 300
              delay: {fixed_delay_ms: 500}
              abort: {httpStatus: 503}
      """;

  @Test
  void readsWhatPublishedExecutorsTake() {
    Policy policy = PolicyDocument.read(PUBLISHED);

    assertThat(policy.name()).isEqualTo("checkout-503");
    assertThat(policy.metadata().version()).isEqualTo("1.0.0");
    assertThat(policy.selector()).isEqualTo(new Selector("frontend", "demo"));
    RuleFault fault = policy.rules().getFirst().fault();
    assertThat(fault.percentage()).isEqualTo(50);
    assertThat(fault.timing().startDelay()).isEqualTo(Duration.ofMillis(20));
    assertThat(fault.timing().life()).isEqualTo(Duration.ofMinutes(5));
    assertThat(fault.actions().delayMs()).isEqualTo(500);
    assertThat(fault.actions().abort().orElseThrow().status()).isEqualTo(503);
  }

  @Test
  void writesJsonAsPublishedExecutorsDo() {
    assertThat(PolicyDocument.json(PolicyDocument.read(PUBLISHED)))
        .isEqualTo(
            "{\"metadata\":{\"name\":\"checkout-503\",\"version\":\"1.0.0\"},\"spec\":{\"selector\":"
                + "{\"service\":\"frontend\",\"namespace\":\"demo\"},\"rules\":[{\"match\":{\"method\":"
                + "{\"exact\":\"GET\"},\"path\":{\"prefix\":\"/api/\"},\"headers\":[{\"name\":"
                + "\"x-user-id\",\"exact\":\"test\"}]},\"fault\":{\"percentage\":50,\"start_delay_ms\""
                + ":20,\"duration_seconds\":300,\"delay\":{\"fixed_delay_ms\":500},\"abort\":"
                + "{\"httpStatus\":503}}}]}}");
  }

  @Test
  void readsBackWhatItWritesInBothForms() {
    String everything =
        """
        {"metadata":{"name":"p","version":"1.2.3","priority":-1,"owner":"s1","lease_seconds":2.5},
         "spec":{"apply":"all","rules":[
           {"match":{"edge":{"from":"a","service":"b"},"path":{"regex":"^/x","not":["/x/health","/pay"]},
                     "headers":[{"name":"h"}],"baggage":[{"name":"trial","exact":"é 7"}]},
            "fault":{"percentage":7,"active_after_ms":9,"duration_seconds":1,
                     "hits":{"skip":1,"count":2},"abort":{"httpStatus":503,"body":"no: {}"},
                     "effects":[{"effect":"reset"},{"effect":"throttle","bytes_per_second":3},
                                {"effect":"truncate","after_bytes":0},{"effect":"corrupt"},
                                {"effect":"rewrite","httpStatus":500}]}}]}}
        """;
    Policy policy = PolicyDocument.read(everything);

    assertThat(policy.metadata().lease()).contains(Duration.ofMillis(2_500));
    assertThat(policy.rules().getFirst().fault().actions().effects())
        .contains(new Effect.Throttle(3), new Effect.Truncate(0));
    assertThat(policy.rules().getFirst().match().spared()).containsExactly("/x/health", "/pay");
    assertThat(PolicyDocument.read(PolicyDocument.json(policy))).isEqualTo(policy);
    assertThat(PolicyDocument.read(PolicyDocument.yaml(policy))).isEqualTo(policy);
    assertThat(PolicyDocument.read(PolicyDocument.yaml(PolicyDocument.read(PUBLISHED))))
        .isEqualTo(PolicyDocument.read(PUBLISHED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{\"metadata\":{\"name\":\"a\"}}",
        "metadata: [",
        "{\"metadata\":{\"name\":\"a\",\"name\":\"b\"},\"spec\":{}}",
        "{\"metadata\":{\"name\":7},\"spec\":{}}",
        "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"rules\":[{\"match\":{\"path\":{\"not\":7}}}]}}",
        "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"rules\":[{\"match\":{\"path\":{\"not\":[7]}}}]}}"
      })
  void saysThatATextIsNoPolicy(String text) {
    assertThatThrownBy(() -> PolicyDocument.read(text))
        .isInstanceOfSatisfying(
            PolicyRefused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.MALFORMED));
  }

  @Test
  void refusesAKeyThatItDoesNotKnowSoThatNoLimitIsLost() {
    String typo = PUBLISHED.replace("selector:", "selektor:");

    assertThatThrownBy(() -> PolicyDocument.read(typo)).hasMessageContaining("selektor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: checkout-503|name: ''",
        "percentage: 50|percentage: 101",
        "percentage: 50|percentage: -1",
        "fixed_delay_ms: 500|fixed_delay_ms: -1",
        "duration_seconds: 300|duration_seconds: -1",
        "start_delay_ms: 20|start_delay_ms: -1",
        "start_delay_ms: 20|active_after_ms: 300000",
        "httpStatus: 503|httpStatus: 600",
        "{prefix: /api/}|{regex: '(' }",
        "{prefix: /api/}|{}",
        "{prefix: /api/}|{not: [/x]}",
        "{prefix: /api/}|{prefix: /, not: []}",
        "{prefix: /api/}|{prefix: /, not: [x]}",
        "{prefix: /api/}|{prefix: /, not: [/x/../y]}"
      })
  void saysWhatIsNotRight(String change) {
    String[] parts = change.split("\\|", -1);
    String wrong = PUBLISHED.replace(parts[0], parts[1]);

    assertThat(wrong).isNotEqualTo(PUBLISHED);
    assertThatThrownBy(() -> PolicyDocument.read(wrong))
        .isInstanceOfSatisfying(
            PolicyRefused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID));
  }

  @Test
  void saysThatARuleWouldComeIntoForceWhenItIsOver() {
    String late = PUBLISHED.replace("start_delay_ms: 20", "active_after_ms: 300001");

    assertThatThrownBy(() -> PolicyDocument.read(late))
        .hasMessageContaining(
            "active_after_ms must be in 0..299999, below duration_seconds, was 300001");
    assertThat(PolicyDocument.read(late.replace("duration_seconds: 300", "duration_seconds: 0")))
        .isNotNull();
  }

  @Test
  void wantsARuleAConditionAndAnAction() {
    assertThatThrownBy(
            () -> PolicyDocument.read("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"rules\":[]}}"))
        .hasMessageContaining("spec.rules");
    assertThatThrownBy(() -> PolicyDocument.read(rule("{}", "{\"delay\":{\"fixed_delay_ms\":1}}")))
        .hasMessageContaining("at least one condition");
    assertThatThrownBy(() ->
            PolicyDocument.read(
                rule("{\"path\":{\"prefix\":\"/\"}}", "{\"abort\":{\"httpStatus\":0}}")))
        .hasMessageContaining("at least one action");
  }

  private static String rule(String match, String fault) {
    return "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"rules\":[{\"match\":%s,\"fault\":%s}]}}"
        .formatted(match, fault);
  }
}
