package dev.belay.chaos;

import dev.belay.Check;

/**
 * What was found of something that must always hold, such as "one charge for each order".
 *
 * @param name its name, the same in every trial
 * @param holds whether it did
 * @param detail what was found, for people
 */
public record Invariant(String name, boolean holds, String detail) {
  public Invariant {
    Check.that(!name.isBlank(), "name of an invariant must not be blank");
  }
}
