package dev.belay.simulate;

import dev.belay.Selection;
import dev.belay.Time;
import dev.belay.select.Strategies;
import java.util.random.RandomGenerator;

/** Makes the selection of one run: strategies may have a memory, and runs must not share it. */
@FunctionalInterface
public interface Strategy {

  /**
   * A new selection.
   *
   * @param time virtual
   * @param random seeded; all its chance must come from here for runs to be repeatable
   */
  Selection make(Time time, RandomGenerator random);

  /**
   * One of those that come with Belay.
   *
   * @throws IllegalArgumentException that lists the names, if there is none of this name
   */
  static Strategy named(String name) {
    var unused = Strategies.named(name, Time.system()); // an unknown name fails here, not later
    return (time, random) -> Strategies.named(name, time, random);
  }
}
