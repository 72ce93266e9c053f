package dev.belay.chaos.search;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What a search proposed and was not told of yet, by number from 1 on. For one thread. */
final class Unanswered<T> {
  private final Map<Integer, T> open = new HashMap<>();
  private int proposed;

  /** The number of the next. */
  int next() {
    return proposed + 1;
  }

  /** Adds the next, and gives its number. */
  int add(T proposal) {
    proposed++;
    open.put(proposed, proposal);
    return proposed;
  }

  /**
   * Takes one that is answered now.
   *
   * @throws IllegalStateException if there is none
   */
  T take(int number) {
    T proposal = open.remove(number);
    if (proposal == null) {
      throw new IllegalStateException(
          "nothing was proposed that this could be the answer to: number %d".formatted(number));
    }
    return proposal;
  }

  /** All, in any order. */
  Collection<T> all() {
    return open.values();
  }
}
