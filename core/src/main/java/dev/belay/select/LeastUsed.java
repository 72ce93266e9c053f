package dev.belay.select;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import java.util.ArrayList;
import java.util.List;

/**
 * The candidate with the fewest attempts in flight; among equals the one with the fewest begun; if
 * that is equal too, the first. A newcomer to a pool therefore gets the calls that find everybody
 * idle until it has caught up. Safe for any number of threads.
 */
public final class LeastUsed implements Selection {

  /** Knows nothing but what the endpoints know of themselves. */
  public LeastUsed() {}

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    List<E> idlest = idlest(candidates);
    E chosen = idlest.getFirst();
    if (idlest.size() == 1) {
      return chosen;
    }
    long fewest = Long.MAX_VALUE;
    for (E candidate : idlest) {
      long started = candidate.stats().snapshot().started();
      if (started < fewest) {
        fewest = started;
        chosen = candidate;
      }
    }
    return chosen;
  }

  private static <E extends Endpoint> List<E> idlest(List<E> candidates) {
    List<E> idlest = new ArrayList<>(candidates.size());
    int fewest = Integer.MAX_VALUE;
    for (E candidate : candidates) {
      int inFlight = candidate.stats().inFlight();
      if (inFlight < fewest) {
        fewest = inFlight;
        idlest.clear();
      }
      if (inFlight == fewest) {
        idlest.add(candidate);
      }
    }
    return idlest;
  }
}
