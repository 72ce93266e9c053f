package dev.belay.chaos.inject;

import dev.belay.chaos.Effect;
import java.util.List;
import java.util.Optional;

/**
 * All that happens to one request. Delays add up; of aborts and rewrites the first counts, of
 * throttles the slowest, of truncations the shortest.
 *
 * @param delayMs before anything else
 * @param abort instead of the callee's answer
 * @param reset instead of any answer
 * @param rewrite the status in place of the callee's
 * @param body what becomes of the body of the answer
 */
public record Doings(
    long delayMs,
    Optional<Actions.Abort> abort,
    boolean reset,
    Optional<Integer> rewrite,
    BodyFaults body) {

  /**
   * What becomes of a body.
   *
   * @param bytesPerSecond how fast it comes
   * @param cutAfter how much of it comes
   * @param corrupt whether bytes of it change
   */
  public record BodyFaults(long bytesPerSecond, long cutAfter, boolean corrupt) {
    /** Nothing. */
    public static final BodyFaults NONE = new BodyFaults(Long.MAX_VALUE, Long.MAX_VALUE, false);

    private static final long SLICE_MS = 50;
    private static final long SLICES_A_SECOND = 1_000 / SLICE_MS;
    private static final int CORRUPT_EACH = 64;

    /** Whether it comes more slowly than it could. */
    public boolean isSlow() {
      return bytesPerSecond != Long.MAX_VALUE;
    }

    /** How many of so many bytes come at once; at least 1. */
    public int slice(int bytes) {
      return isSlow()
          ? (int) Math.min(bytes, Math.max(1, bytesPerSecond / SLICES_A_SECOND))
          : bytes;
    }

    /** How long to wait after so many bytes, in milliseconds. */
    public long pauseMs(int bytes) {
      // slower than a byte in a slice: longer slices
      return isSlow() ? Math.max(SLICE_MS, bytes * 1_000L / bytesPerSecond) : 0;
    }

    /**
     * Changes bytes of a body: its first one and each 64th after it come the other way round.
     *
     * @param piece some of its bytes, which are changed
     * @param before how many bytes of it came before
     */
    public void corrupt(byte[] piece, long before) {
      if (corrupt) {
        long first = Math.floorMod(-before, (long) CORRUPT_EACH);
        for (long at = first; at < piece.length; at += CORRUPT_EACH) {
          piece[(int) at] = (byte) ~piece[(int) at];
        }
      }
    }
  }

  /** What some strikes come to. */
  public static Doings of(List<Strike> strikes) {
    long delay = 0;
    Optional<Actions.Abort> abort = Optional.empty();
    boolean reset = false;
    Optional<Integer> rewrite = Optional.empty();
    long rate = Long.MAX_VALUE;
    long cut = Long.MAX_VALUE;
    boolean corrupt = false;
    for (Strike strike : strikes) {
      Actions actions = strike.fault().actions();
      delay += longest(strike.fault().timing().startDelay().toMillis());
      delay += longest(actions.delayMs());
      abort = abort.isPresent() ? abort : actions.abort();
      for (Effect effect : actions.effects()) {
        switch (effect) {
          case Effect.Reset none -> reset = true;
          case Effect.Rewrite to ->
              rewrite = rewrite.isPresent() ? rewrite : Optional.of(to.status());
          case Effect.Throttle to -> rate = Math.min(rate, to.bytesPerSecond());
          case Effect.Truncate to -> cut = Math.min(cut, to.afterBytes());
          case Effect.Corrupt none -> corrupt = true;
          case Effect.Delay none -> throw new IllegalStateException(none.toString());
          case Effect.Abort none -> throw new IllegalStateException(none.toString());
        }
      }
    }
    return new Doings(delay, abort, reset, rewrite, new BodyFaults(rate, cut, corrupt));
  }

  private static long longest(long millis) {
    return Math.min(millis, Effect.MAX_DELAY_MS);
  }
}
