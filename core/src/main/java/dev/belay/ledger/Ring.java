package dev.belay.ledger;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The tallies of the last so many periods. A slot is made when its period is first written to, in
 * place of one that is a whole round older, so nothing has to be swept. Safe for any number of
 * threads.
 */
class Ring {
  private final AtomicReferenceArray<Tally> slots;
  private final int cells;

  Ring(int periods, int cells) {
    this.slots = new AtomicReferenceArray<>(periods);
    this.cells = cells;
  }

  /** The tally to count in. */
  final Tally at(long period) {
    int slot = Math.floorMod(period, slots.length());
    while (true) {
      Tally tally = slots.get(slot);
      // one that is later than asked for takes the count of a thread that was a round behind
      if (tally != null && tally.period >= period) {
        return tally;
      }
      Tally fresh = new Tally(period, cells);
      if (slots.compareAndSet(slot, tally, fresh)) {
        return fresh;
      }
    }
  }

  /** Adds up what was counted in one period; false if nothing was. */
  final boolean addTo(long[] sums, long period) {
    Tally tally = slots.get(Math.floorMod(period, slots.length()));
    if (tally == null || tally.period != period) {
      return false;
    }
    tally.addTo(sums);
    return true;
  }

  /** Adds up the periods {@code from} to {@code to}, both included; false if there was nothing. */
  final boolean addTo(long[] sums, long from, long to) {
    boolean any = false;
    for (long period = from; period <= to; period++) {
      any |= addTo(sums, period);
    }
    return any;
  }
}
