package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.delay.ArmTelemetry;
import dev.belay.llm.delay.DelayPolicy;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.DelayTelemetry;
import dev.belay.llm.delay.Rollout;
import dev.belay.llm.delay.RolloutDelays;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which waits are in force for whom. Immutable.
 *
 * @param source what holds for all, asked for each call
 * @param policies the waits of a call, by its key
 * @param rollout is told how calls end; empty if there is none
 * @param counts of calls with the new waits, and of the others
 */
record Waits(
    Supplier<DelaySettings> source,
    Function<String, DelayPolicy> policies,
    Optional<Rollout> rollout,
    ArmTelemetry counts) {

  private static final String LEGACY = DelayPolicy.legacy().name();

  Waits {
    requireNonNull(source, "source");
    requireNonNull(policies, "policies");
    requireNonNull(counts, "counts");
  }

  /** The same for everybody. */
  static Waits of(DelaySettings settings) {
    DelayPolicy policy = settings.enabled() ? DelayPolicy.of(settings) : DelayPolicy.legacy();
    return new Waits(() -> settings, key -> policy, Optional.empty(), ArmTelemetry.empty());
  }

  /** By a rollout. */
  static Waits of(RolloutDelays delays) {
    return new Waits(
        delays::settings, delays::policy, Optional.of(delays.rollout()), delays.telemetry());
  }

  /** What holds for all now. */
  DelaySettings settings() {
    return source.get();
  }

  /** Whether a call waits in the new way; in the old one, everything is as it was before. */
  boolean isNew(String key) {
    return !policies.apply(key).name().equals(LEGACY);
  }

  /** The waits of a call by themselves, to be asked what they would say; counts nothing. */
  DelayPolicy plain(String key) {
    return isNew(key) ? DelayPolicy.of(settings()) : DelayPolicy.legacy();
  }

  /** Counts the calls that wait as this one does. */
  DelayTelemetry telemetry(String key) {
    return counts.of(isNew(key));
  }

  /** A call is over. */
  void ended(String key, boolean failed, Duration took) {
    rollout.ifPresent(one -> one.ended(one.mode(key), failed, took));
  }
}
