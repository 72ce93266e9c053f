package dev.belay;

import org.jspecify.annotations.Nullable;

/** Refuses calls until its time is over. The refusal is made once and shared. */
final class OpenGeneration extends Generation {
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
    this.untilNanos = sinceNanos + openNanos;
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

  @Override
  boolean selectable(long now) {
    return now - untilNanos >= 0;
  }

  @Override
  BreakerState state(long now) {
    return selectable(now) ? BreakerState.HALF_OPEN : BreakerState.OPEN;
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
