package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.delay.DelayPolicy;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.DelayTelemetry;
import dev.belay.llm.delay.Rollout;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which waits are in force for whom. Immutable.
 *
 * @param settings what holds for all
 * @param policies the waits of a call, by its key
 * @param rollout is told how calls end; empty if there is none
 * @param telemetry counts
 */
record Waits(
    DelaySettings settings,
    Function<String, DelayPolicy> policies,
    Optional<Rollout> rollout,
    DelayTelemetry telemetry) {

  Waits {
    requireNonNull(settings, "settings");
    requireNonNull(policies, "policies");
    requireNonNull(telemetry, "telemetry");
  }

  /** The same for everybody. */
  static Waits of(DelaySettings settings) {
    DelayPolicy policy = settings.enabled() ? DelayPolicy.of(settings) : DelayPolicy.legacy();
    return new Waits(settings, key -> policy, Optional.empty(), new DelayTelemetry());
  }

  void ended(String key, boolean failed, Duration took) {
    rollout.ifPresent(one -> one.ended(one.mode(key), failed, took));
  }
}
