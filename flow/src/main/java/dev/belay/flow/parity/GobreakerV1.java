package dev.belay.flow.parity;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.flow.ParityRules;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The circuit breaker of sony/gobreaker v1.0.0. Safe for any number of threads.
 *
 * <p>A half-open breaker admits {@code maxRequests} requests in all and gives no place back, so
 * that one request that never ends keeps it half-open; reading the state moves it; exactly at the
 * end of its open time it is still open; what comes back late is forgotten. Unlike the original,
 * the listener is called after the lock is released, since it could not ask for the state
 * otherwise.
 */
public final class GobreakerV1 {

  /** States, in the order of the original's numbers. */
  public enum State {
    /** Admits all. */
    CLOSED,
    /** Admits a few. */
    HALF_OPEN,
    /** Admits none. */
    OPEN;

    @Override
    public String toString() {
      return switch (this) {
        case CLOSED -> "closed";
        case HALF_OPEN -> "half-open";
        case OPEN -> "open";
      };
    }
  }

  /** Why a request was not admitted. */
  public enum Refusal {
    /** The breaker is open. */
    OPEN("circuit breaker is open"),
    /** It is half-open, and as many as may have been admitted. */
    TOO_MANY("too many requests");

    private final String message;

    Refusal(String message) {
      this.message = message;
    }

    /** In the words of the original. */
    public String message() {
      return message;
    }
  }

  /**
   * What has been counted since the last generation began.
   *
   * @param requests admitted
   * @param totalSuccesses of them
   * @param totalFailures of them
   * @param consecutiveSuccesses since the last failure
   * @param consecutiveFailures since the last success
   */
  public record Counts(
      int requests,
      int totalSuccesses,
      int totalFailures,
      int consecutiveSuccesses,
      int consecutiveFailures) {
    static final Counts ZERO = new Counts(0, 0, 0, 0, 0);

    Counts admitted() {
      return new Counts(
          requests + 1, totalSuccesses, totalFailures, consecutiveSuccesses, consecutiveFailures);
    }

    Counts settled(boolean success) {
      return success
          ? new Counts(requests, totalSuccesses + 1, totalFailures, consecutiveSuccesses + 1, 0)
          : new Counts(requests, totalSuccesses, totalFailures + 1, 0, consecutiveFailures + 1);
    }
  }

  /** Leave for one request, or why there is none. */
  public sealed interface Admission {
    /** Leave, which belongs to a generation. */
    record Granted(long generation) implements Admission {}

    /** No leave. */
    record Refused(Refusal why) implements Admission {}
  }

  /** Hears of changes. */
  @FunctionalInterface
  public interface Listener {
    /** The state has changed. */
    void changed(State from, State to);
  }

  private static final long MINUTE = 60_000_000_000L;

  private final int maxRequests;
  private final long interval;
  private final long timeout;
  private final int failures;
  private final Time time;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private State state = State.CLOSED;

  @GuardedBy("lock")
  private long generation;

  @GuardedBy("lock")
  private Counts counts = Counts.ZERO;

  @GuardedBy("lock")
  private boolean expires;

  @GuardedBy("lock")
  private long expiry;

  /** A closed one. */
  public GobreakerV1(ParityRules rules, Time time, Listener listener) {
    maxRequests = Math.max(1, rules.maxRequests());
    interval = rules.interval().toNanos();
    timeout = rules.timeout().isZero() ? MINUTE : rules.timeout().toNanos();
    failures = rules.failures();
    this.time = requireNonNull(time, "time");
    this.listener = requireNonNull(listener, "listener");
    lock.lock();
    try {
      newGeneration(time.nanos());
    } finally {
      lock.unlock();
    }
  }

  /** The state; asking for it moves an open breaker on whose time is over. */
  public State state() {
    Edge edge;
    State now;
    lock.lock();
    try {
      State before = state;
      refresh(time.nanos());
      now = state;
      edge = new Edge(before, now);
    } finally {
      lock.unlock();
    }
    tell(edge);
    return now;
  }

  /** What is counted, without looking at the time. */
  public Counts counts() {
    lock.lock();
    try {
      return counts;
    } finally {
      lock.unlock();
    }
  }

  /** Leave for one request; settle it by {@link #after}. */
  public Admission before() {
    Edge edge;
    Admission admission;
    lock.lock();
    try {
      State was = state;
      refresh(time.nanos());
      edge = new Edge(was, state);
      admission = admit();
    } finally {
      lock.unlock();
    }
    tell(edge);
    return admission;
  }

  @GuardedBy("lock")
  private Admission admit() {
    if (state == State.OPEN) {
      return new Admission.Refused(Refusal.OPEN);
    }
    if (state == State.HALF_OPEN && counts.requests() >= maxRequests) {
      return new Admission.Refused(Refusal.TOO_MANY);
    }
    counts = counts.admitted();
    return new Admission.Granted(generation);
  }

  /** A request has ended; what belongs to an older generation is forgotten. */
  public void after(Admission.Granted leave, boolean success) {
    Edge first;
    Edge second;
    lock.lock();
    try {
      State was = state;
      refresh(time.nanos());
      State now = state;
      first = new Edge(was, now);
      if (generation == leave.generation()) {
        settle(success);
      }
      second = new Edge(now, state);
    } finally {
      lock.unlock();
    }
    tell(first);
    tell(second);
  }

  @GuardedBy("lock")
  private void settle(boolean success) {
    if (!success && state == State.HALF_OPEN) {
      enter(State.OPEN);
      return;
    }
    counts = counts.settled(success);
    if (success && state == State.HALF_OPEN && counts.consecutiveSuccesses() >= maxRequests) {
      enter(State.CLOSED);
    } else if (!success && counts.consecutiveFailures() >= failures) {
      enter(State.OPEN);
    }
  }

  @GuardedBy("lock")
  private void refresh(long now) {
    if (!expires || now - expiry <= 0) {
      return;
    }
    switch (state) {
      case CLOSED -> newGeneration(now);
      case OPEN -> {
        state = State.HALF_OPEN;
        newGeneration(now);
      }
      case HALF_OPEN -> {
        // has no end of its own
      }
    }
  }

  @GuardedBy("lock")
  private void enter(State next) {
    state = next;
    newGeneration(time.nanos());
  }

  @GuardedBy("lock")
  private void newGeneration(long now) {
    generation++;
    counts = Counts.ZERO;
    expires = state == State.OPEN || (state == State.CLOSED && interval > 0);
    expiry = now + (state == State.OPEN ? timeout : interval);
  }

  private record Edge(State from, State to) {}

  private void tell(Edge edge) {
    if (edge.from() != edge.to()) {
      listener.changed(edge.from(), edge.to());
    }
  }
}
