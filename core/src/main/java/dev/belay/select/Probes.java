package dev.belay.select;

import dev.belay.BreakerState;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import java.util.List;

/** Finds candidates whose breakers wait for a probe: only an attempt can bring them back. */
final class Probes {
  private Probes() {}

  /** The index of the first candidate whose breaker has a probe to give; -1 if there is none. */
  static int due(List<? extends Endpoint> candidates) {
    for (int i = 0; i < candidates.size(); i++) {
      CircuitBreaker breaker = candidates.get(i).breaker();
      // one that is spared is a candidate while its probes are out, and then waits for nothing
      if (breaker.state() == BreakerState.HALF_OPEN && breaker.isSelectable()) {
        return i;
      }
    }
    return -1;
  }
}
