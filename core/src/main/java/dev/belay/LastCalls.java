package dev.belay;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts over the last so many calls, a bit for each. A success over a success writes no bit. The
 * counters follow the bits that really changed, so they cannot drift.
 */
final class LastCalls implements CallWindow {
  private final int size;
  private final AtomicLong head = new AtomicLong();
  private final Bits failures;
  private final @Nullable Bits slows;

  LastCalls(int size, boolean countsSlow) {
    this.size = size;
    this.failures = new Bits(size);
    this.slows = countsSlow ? new Bits(size) : null;
  }

  /** Bits that know how many of them are set. */
  private static final class Bits {
    private final AtomicLongArray words;
    private final AtomicInteger set = new AtomicInteger();

    Bits(int size) {
      words = new AtomicLongArray(Math.ceilDiv(size, 64));
    }

    void put(int slot, boolean on) {
      int word = slot >>> 6;
      long bit = 1L << slot;
      long now = words.getOpaque(word);
      while (((now & bit) != 0) != on) {
        long seen = words.compareAndExchange(word, now, now ^ bit);
        if (seen == now) {
          set.addAndGet(on ? 1 : -1);
          return;
        }
        now = seen;
      }
    }
  }

  @Override
  public void success() {
    put(false, false);
  }

  @Override
  public void failure() {
    put(true, false);
  }

  @Override
  public void slow(boolean failed) {
    put(failed, true);
  }

  private void put(boolean failed, boolean slow) {
    int slot = (int) (head.getAndIncrement() % size);
    failures.put(slot, failed);
    if (slows != null) {
      slows.put(slot, slow);
    }
  }

  @Override
  public Counts counts() {
    return new Counts(
        Math.min(head.get(), size), failures.set.get(), slows == null ? 0 : slows.set.get());
  }
}
