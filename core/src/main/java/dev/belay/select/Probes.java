package dev.belay.select;

import dev.belay.BreakerState;
import dev.belay.Endpoint;
import java.util.List;

/** Finds candidates whose breakers wait for a probe: only an attempt can bring them back. */
final class Probes {
  private Probes() {}

  /** The index of the first candidate that is due for its probe; -1 if there is none. */
  static int due(List<? extends Endpoint> candidates) {
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).breaker().state() == BreakerState.HALF_OPEN) {
        return i;
      }
    }
    return -1;
  }
}
