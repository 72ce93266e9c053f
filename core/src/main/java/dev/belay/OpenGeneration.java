package dev.belay;

import org.jspecify.annotations.Nullable;

/** Refuses calls until its time is over. The refusal is made once and shared. */
final class OpenGeneration extends Generation {
  /** The coarse clock may be this far behind, on a machine that is too busy to move it. */
  private static final long LAG_NANOS = 100_000_000;

  private final long untilNanos;
  private final int failures;
  private final boolean askedFor;
  private final CallRefused refusal;

  /**
   * Open from now on.
   *
   * @param askedFor whether a server's hint set its length
   */
  OpenGeneration(
      CircuitBreaker breaker, long sinceNanos, long openNanos, int failures, boolean askedFor) {
    super(breaker, sinceNanos);
    // a clock that is behind sees a little more left than there was
    this.untilNanos = sinceNanos + Math.min(openNanos, Nanos.FOREVER - LAG_NANOS);
    this.failures = failures;
    this.askedFor = askedFor;
    Time time = breaker.time();
    this.refusal = new CallRefused(breaker.name(), () -> untilNanos - time.nanos());
  }

  @Override
  public boolean isGranted() {
    return false;
  }

  @Override
  CallRefused refusal() {
    return refusal;
  }

  @Override
  @Nullable Permit admit() {
    if (!selectable(breaker.time().coarseNanos())) {
      return this;
    }
    breaker.locked(() -> breaker.halfOpen(this));
    return null;
  }

  /** Near the end the exact clock decides: nobody is refused whose time has come. */
  @Override
  boolean selectable(long coarseNow) {
    long left = untilNanos - coarseNow;
    return left <= 0 || (left < LAG_NANOS && breaker.time().nanos() - untilNanos >= 0);
  }

  @Override
  BreakerState state(long now) {
    return now - untilNanos >= 0 ? BreakerState.HALF_OPEN : BreakerState.OPEN;
  }

  @Override
  long untilTest(long now) {
    return Math.max(0, untilNanos - now);
  }

  @Override
  boolean ejects(long now) {
    return !selectable(now);
  }

  @Override
  boolean wasAskedFor() {
    return askedFor;
  }

  @Override
  int failures(long now) {
    return failures;
  }
}
