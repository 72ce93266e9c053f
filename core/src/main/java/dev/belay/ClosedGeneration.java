package dev.belay;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Admits every call, and counts. It is its own permit, so admission makes no object. A success
 * writes at most one cell, and nothing at all where only failures are counted; a failure takes the
 * breaker's lock.
 */
final class ClosedGeneration extends Generation {
  private final BreakerPolicy.Trip trip;
  private final long slowNanos;

  /** Failures within a length of time, exactly; null if that rule is off. */
  private final @Nullable RecentFailures recent;

  /** All calls, for shares and for windows of so many calls; null if neither is used. */
  private final @Nullable CallWindow window;

  /** Failures in a row. */
  private final AtomicInteger streak = new AtomicInteger();

  /** Whether half a failure is waiting for its other half; guarded by the breaker's lock. */
  private boolean half;

  ClosedGeneration(CircuitBreaker breaker, long sinceNanos) {
    super(breaker, sinceNanos);
    BreakerPolicy policy = breaker.policy();
    trip = policy.trip();
    slowNanos = trip.slowRate() > 0 ? Nanos.of(trip.slowCall()) : Nanos.FOREVER;
    boolean byCalls = policy.window().calls() > 0;
    recent =
        trip.failures() > 0 && !byCalls
            ? new RecentFailures(trip.failures(), Nanos.of(policy.window().length()))
            : null;
    window = byCalls || trip.judgesShares() ? newWindow(policy) : null;
  }

  private CallWindow newWindow(BreakerPolicy policy) {
    boolean slow = trip.slowRate() > 0;
    return policy.window().calls() > 0
        ? new LastCalls(policy.window().calls(), slow)
        : new SlicedWindow(Nanos.of(policy.window().length()), slow, breaker.time());
  }

  @Override
  public boolean isGranted() {
    return true;
  }

  @Override
  CallRefused refusal() {
    throw new IllegalStateException("a closed breaker refuses nothing");
  }

  @Override
  Permit admit() {
    return this;
  }

  @Override
  public void success(long tookNanos) {
    if (streak.getPlain() != 0) {
      streak.set(0);
    }
    if (window != null) {
      if (tookNanos >= slowNanos) {
        slowSuccess(window);
      } else {
        window.success();
      }
    }
  }

  private void slowSuccess(CallWindow window) {
    window.slow(false);
    breaker.locked(() -> {
      if (breaker.isCurrent(this) && tooSlow(window.counts())) {
        breaker.open(this, "slow calls", Hint.NONE);
      }
    });
  }

  @Override
  void failed(boolean whole, Hint hint, long tookNanos) {
    if (window != null) {
      if (tookNanos >= slowNanos) {
        window.slow(true);
      } else {
        window.failure();
      }
    }
    breaker.locked(() -> {
      if (!breaker.isCurrent(this)) {
        breaker.countLate();
      } else if (opensAfter(whole)) {
        breaker.open(this, "failures", hint);
      }
    });
  }

  private boolean opensAfter(boolean whole) {
    boolean counts = whole || half;
    half = !whole && !half;
    if (counts) {
      int inARow = streak.incrementAndGet();
      if (recent != null && recent.add(breaker.time().nanos())) {
        return true;
      }
      if (trip.consecutive() > 0 && inARow >= trip.consecutive()) {
        return true;
      }
    }
    return window != null && tooMany(window.counts());
  }

  private boolean tooMany(CallWindow.Counts counts) {
    boolean byNumber =
        recent == null && trip.failures() > 0 && counts.failures() >= trip.failures();
    boolean byRate =
        trip.failureRate() > 0
            && counts.calls() >= trip.minimumCalls()
            && counts.failures() >= trip.failureRate() * counts.calls();
    return byNumber || byRate || tooSlow(counts);
  }

  private boolean tooSlow(CallWindow.Counts counts) {
    return trip.slowRate() > 0
        && counts.calls() >= trip.minimumCalls()
        && counts.slow() >= trip.slowRate() * counts.calls();
  }

  @Override
  public void throttled(Hint hint) {
    breaker.locked(() -> {
      if (breaker.isCurrent(this)) {
        breaker.open(this, "hint", hint);
      } else {
        breaker.countLate();
      }
    });
  }

  @Override
  public void release() {
    // a call that counts neither way leaves no trace in a closed breaker
  }

  @Override
  boolean selectable(long now) {
    return true;
  }

  @Override
  BreakerState state(long now) {
    return BreakerState.CLOSED;
  }

  @Override
  int failures(long now) {
    if (recent != null) {
      return recent.count(now);
    }
    return window == null ? streak.get() : (int) window.counts().failures();
  }

  @Override
  int calls(long now) {
    return window == null ? failures(now) : (int) window.counts().calls();
  }
}
