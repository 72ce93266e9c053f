package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What attempts came to, by endpoint, policy or host. Immutable.
 *
 * @param window what it covers
 * @param totals by name; what exceeded the number of names is under {@link AttemptLedger#OTHER}
 */
public record Breakdown(Window window, SortedMap<String, Totals> totals) {

  /** Keeps a copy of the map. */
  public Breakdown {
    requireNonNull(window, "window");
    totals = copy(totals);
  }

  /** Of one name; {@link Totals#NONE} if there is nothing under it. */
  public Totals totals(String name) {
    return totals.getOrDefault(name, Totals.NONE);
  }

  static <T> SortedMap<String, T> copy(Map<String, T> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
