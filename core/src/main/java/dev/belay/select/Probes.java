package dev.belay.select;

import dev.belay.BreakerState;
import dev.belay.Endpoint;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds candidates whose breakers wait for a probe: only an attempt can bring them back. Asking a
 * breaker for its state takes its lock, so no more than {@value #LOOKS} are asked for one choice;
 * in a larger pool the next choice goes on with those that follow. Safe for any number of threads.
 */
final class Probes {
  static final int LOOKS = 128;

  private final AtomicInteger cursor = new AtomicInteger();

  /** The index of a candidate that is due for its probe; -1 if none was seen. */
  int due(List<? extends Endpoint> candidates) {
    int size = candidates.size();
    int looks = Math.min(size, LOOKS);
    int from = size <= LOOKS ? 0 : Math.floorMod(cursor.getAndAdd(LOOKS), size);
    for (int i = 0; i < looks; i++) {
      int index = (from + i) % size;
      if (candidates.get(index).breaker().snapshot().state() == BreakerState.HALF_OPEN) {
        return index;
      }
    }
    return -1;
  }
}
