package dev.belay.chaos.inject.plane;

import dev.belay.chaos.Effect;
import dev.belay.chaos.inject.Actions;
import dev.belay.chaos.inject.Strike;
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
record Doings(
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
  record BodyFaults(long bytesPerSecond, long cutAfter, boolean corrupt) {
    static final BodyFaults NONE = new BodyFaults(Long.MAX_VALUE, Long.MAX_VALUE, false);
  }

  static Doings of(List<Strike> strikes) {
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
