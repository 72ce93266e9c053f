package dev.belay.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FlowConfigTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void isThatOfTheFile() {
    assertThat(Examples.parse(Examples.EVERY_KEY).flow())
        .isEqualTo(
            new FlowConfig(
                false,
                Path.of("/var/lib/belay/runs"),
                Duration.ofHours(2),
                new FlowConfig.Cooldowns(
                    Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofHours(1)),
                false));
  }

  @Test
  void isOnWithoutAFile() {
    FlowConfig flow = BelayConfig.DEFAULT.flow();

    assertThat(flow).isEqualTo(FlowConfig.DEFAULT);
    assertThat(flow.on()).isTrue();
    assertThat(flow.resume()).isTrue();
    assertThat(flow.files()).isEqualTo(Path.of(".belay/runs"));
    assertThat(flow.patience()).isEqualTo(Duration.ofHours(6));
    assertThat(flow.cooldowns())
        .isEqualTo(new FlowConfig.Cooldowns(MINUTE, MINUTE, Duration.ofMinutes(15)));
  }

  @Test
  void whatIsWrongIsToldWithItsLine() {
    assertThatThrownBy(() ->
            Examples.parse(
                "flow:\n  patience: 31d\n  cooldown_default: 0\n  on: maybe\n  retries: 3\n"))
        .hasMessageContaining("belay.yaml:2: flow.patience")
        .hasMessageContaining("belay.yaml:3: flow.cooldown_default")
        .hasMessageContaining("belay.yaml:4: flow.on")
        .hasMessageContaining("belay.yaml:5: flow.retries: unknown key");
  }

  @Test
  void rejectsLengthsThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FlowConfig.Cooldowns(Duration.ofHours(2), MINUTE, MINUTE))
        .withMessageContaining("flow.cooldown_margin must be 0 to 1h");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FlowConfig.Cooldowns(MINUTE, Duration.ofDays(2), MINUTE))
        .withMessageContaining("flow.cooldown_least");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FlowConfig.Cooldowns(MINUTE, MINUTE, Duration.ZERO))
        .withMessageContaining("flow.cooldown_default");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new FlowConfig(
                true, Path.of("x"), Duration.ofDays(31), FlowConfig.Cooldowns.DEFAULT, true))
        .withMessageContaining("flow.patience");
  }
}
