package dev.belay.chaos.search;

import dev.belay.chaos.FaultPlan;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One way to choose what to try next. For one thread. */
interface Arm {
  /** Its name, which each trial bears. */
  String name();

  /** A plan that may tell something new; nothing if this arm knows none. */
  Optional<FaultPlan> propose(Knowledge known, RandomGenerator random);

  /** Hears of each trial, whoever proposed it. */
  default void learn(Tried one, Knowledge known) {}
}
