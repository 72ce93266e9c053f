package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.FaultPolicyStore;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.live.StillStarting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosRoomTest {
  @TempDir Path folder;

  @Test
  void takesNoSessionBeforeItHasBegun() {
    String yaml =
        "chaos: {sessions: \"%s\", services: {shop: {url: \"http://127.0.0.1:9/\"}}}"
            .formatted(folder);
    BelayConfig config = BelayConfig.parse(yaml, "belay.yaml", Map.of());
    Time time = Time.system();
    FaultPolicies none = new FaultPolicies(FaultPolicyStore.inMemory(), time, Runnable::run);
    try (ChaosRoom room = new ChaosRoom(config.chaos(), "", none, time, UnaryOperator.identity())) {
      SessionSpec spec = new SessionSpec("shop", "{}", 10, Duration.ofHours(1), 1);

      assertThatThrownBy(() -> room.sessions().start(spec)).isInstanceOf(StillStarting.class);
    }
  }
}
