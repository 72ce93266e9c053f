package dev.belay.chaos.search;

import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the time shorter for which a plan is in force, as long as that is told to be enough. In
 * whole seconds, as executors count it. For one thread.
 */
final class Window {
  private static final double STEP = 1.3;
  private static final long SECOND_MS = 1_000;

  private final boolean fixed;
  private final long shortest;
  private long enough;
  private long tooShort;
  private long asked;

  /** Begins with a plan that is in force for long enough. */
  Window(FaultPlan plan, FaultSpace.Kinds kinds) {
    long start =
        plan.faults().stream().map(Fault::startDelay).mapToLong(Duration::toMillis).max().orElse(0);
    long least = kinds.shortestLife().map(Duration::toMillis).orElse(0L);
    this.fixed = kinds.shortestLife().isEmpty();
    this.shortest = Math.max(1, Math.max(Math.ceilDiv(least, SECOND_MS), start / SECOND_MS + 1));
    this.enough = Math.ceilDiv(plan.life().toMillis(), SECOND_MS);
    this.tooShort = shortest - 1;
  }

  /** For how long to try it next; nothing if it is as short as it can be told. */
  Optional<Duration> next() {
    long low = Math.max(1, tooShort);
    if (fixed || enough <= shortest || enough - tooShort <= 1 || tooShort * STEP >= enough) {
      return Optional.empty();
    }
    asked = Math.clamp(Math.round(Math.sqrt((double) low * enough)), tooShort + 1, enough - 1);
    return Optional.of(Duration.ofSeconds(asked));
  }

  /** Takes whether what was asked last is enough. */
  void saw(boolean shown) {
    if (shown) {
      enough = asked;
    } else {
      tooShort = asked;
    }
  }
}
