package dev.belay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Admits every call, and counts. It is its own permit, so admission makes no object. A success
 * writes at most one cell, and nothing at all where only failures are counted; a failure takes the
 * breaker's lock.
 */
final class ClosedGeneration extends Generation {
  private static final VarHandle STREAK = handle("streak");
  private static final VarHandle OVERTAKEN = handle("overtaken");
  private static final VarHandle HALVES = handle("halves");

  private final BreakerPolicy.Trip trip;
  private final long slowNanos;

  /** Failures within a length of time, exactly; null if that rule is off. */
  private final @Nullable RecentFailures recent;

  /** All calls, for shares and for windows of so many calls; null if neither is used. */
  private final @Nullable CallWindow window;

  /** Whether a rule depends on the order of failures, which only the lock can tell. */
  private final boolean inOrder;

  /** Failures in a row; stays 0 if that rule is off. */
  private volatile int streak;

  /** Attempts in a row that another endpoint's overtook; those in between failed. */
  private volatile int overtaken;

  /** So many of them in a row are as bad as the failures that open it. */
  private final int mostOvertaken;

  /** Failures of unknown fault; each second one counts. */
  @SuppressWarnings("UnusedVariable") // used by its handle
  private volatile int halves;

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
    inOrder = recent != null || trip.consecutive() > 0;
    mostOvertaken = mostOvertaken(trip);
  }

  private static int mostOvertaken(BreakerPolicy.Trip trip) {
    int failures = trip.consecutive() > 0 ? trip.consecutive() : trip.failures();
    return failures > 0 ? failures : trip.minimumCalls();
  }

  private static VarHandle handle(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(ClosedGeneration.class, field, int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
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
    if (streak != 0) {
      streak = 0;
    }
    if (overtaken != 0) {
      overtaken = 0;
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

  /** What hangs is never seen to fail where others are hedged in its place. */
  @Override
  void overtaken(long tookNanos) {
    if (window != null && tookNanos >= slowNanos) {
      slowSuccess(window);
    }
    boolean tooMany = (int) OVERTAKEN.getAndAdd(this, 1) + 1 >= mostOvertaken;
    if (tooMany || !breaker.isCurrent(this)) {
      breaker.locked(() -> {
        if (breaker.isCurrent(this)) {
          breaker.open(this, "overtaken", Hint.NONE);
        } else {
          breaker.countLate();
        }
      });
    }
  }

  @Override
  void failed(boolean whole, Hint hint, long tookNanos) {
    boolean counts = whole || isSecondHalf();
    if (window != null) {
      record(window, counts, tookNanos);
      // shares need no order: most failures stay below them, and then need no lock either
      if (!inOrder && breaker.isCurrent(this) && !tooMany(window.counts())) {
        return;
      }
    }
    breaker.locked(() -> {
      if (!breaker.isCurrent(this)) {
        breaker.countLate();
      } else if (opensAfter(counts)) {
        breaker.open(this, "failures", hint);
      }
    });
  }

  private boolean isSecondHalf() {
    return ((int) HALVES.getAndAdd(this, 1) & 1) != 0;
  }

  private void record(CallWindow window, boolean counts, long tookNanos) {
    if (tookNanos >= slowNanos) {
      window.slow(counts);
    } else if (counts) {
      window.failure();
    } else {
      window.success();
    }
  }

  private boolean opensAfter(boolean counts) {
    if (counts) {
      boolean byNumber = recent != null && recent.add(breaker.time().nanos());
      boolean byStreak = trip.consecutive() > 0 && longerStreak() >= trip.consecutive();
      if (byNumber || byStreak) {
        return true;
      }
    }
    return window != null && tooMany(window.counts());
  }

  /** A success ends the streak without the lock, so even under it this must be one step. */
  private int longerStreak() {
    return (int) STREAK.getAndAdd(this, 1) + 1;
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
    return window == null ? streak : (int) window.counts().failures();
  }

  @Override
  int calls(long now) {
    return window == null ? failures(now) : (int) window.counts().calls();
  }
}
