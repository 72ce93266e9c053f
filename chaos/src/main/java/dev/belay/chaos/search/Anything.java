package dev.belay.chaos.search;

import dev.belay.chaos.FaultPlan;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Any plan at all: what finds what nobody thought of, and keeps the search as good as chance. */
final class Anything implements Arm {
  private static final int TRIES = 50;

  @Override
  public String name() {
    return "random";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    for (int i = 0; i < TRIES; i++) {
      FaultPlan plan = known.space().any(random);
      if (!known.isPointless(plan)) {
        return Optional.of(plan);
      }
    }
    return Optional.empty();
  }
}
