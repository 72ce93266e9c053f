package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Stops calls to something that keeps failing, and finds out when it works again. Safe for any
 * number of threads; needs no thread and no timer of its own.
 *
 * <p>While closed, admission is one volatile read and makes no object. Asking whether a breaker is
 * selectable changes nothing; only {@link #tryAcquire} moves it from open to half-open. Every edge
 * is published, in order, and never while the lock is held.
 */
public final class CircuitBreaker {
  private final String name;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<BreakerEvent> listener;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Edges that are not published yet, a shared empty list while there are none; guarded by the
   * lock.
   */
  private List<BreakerEvent> unpublished = List.of();

  /** Whether a thread is publishing, which keeps the edges in order; guarded by the lock. */
  private boolean publishing;

  private int openings;
  private long lastOpenNanos;
  private long lateFailures;
  private Instant lastChange;
  private volatile BreakerPolicy policy;

  /** Part of the policy, kept here because each call asks. */
  private volatile boolean timesCalls;

  private volatile Generation generation;

  /**
   * A closed breaker.
   *
   * @param name for people and metrics; must hold no secret
   * @param listener told of every edge, in order, on the thread that caused it or one that caused
   *     an edge at the same time; what it throws goes to that thread's uncaught exception handler
   * @param random where the jitter of the open time comes from
   */
  public CircuitBreaker(
      String name,
      BreakerPolicy policy,
      Time time,
      RandomGenerator random,
      Consumer<BreakerEvent> listener) {
    this.name = requireNonNull(name, "name");
    this.policy = requireNonNull(policy, "policy");
    this.timesCalls = policy.trip().slowRate() > 0;
    this.time = requireNonNull(time, "time");
    this.random = requireNonNull(random, "random");
    this.listener = requireNonNull(listener, "listener");
    this.lastChange = time.instant();
    this.generation = new ClosedGeneration(this, time.nanos());
  }

  /** A closed breaker on the machine's clock that tells nobody. */
  public static CircuitBreaker of(String name, BreakerPolicy policy) {
    return new CircuitBreaker(name, policy, Time.system(), SharedRandom.INSTANCE, event -> {});
  }

  /**
   * Leave to make one attempt; settle it exactly once.
   *
   * @throws CallRefused if the breaker is open, or half-open with all its probes out
   */
  public Permit acquire() {
    Permit permit = tryAcquire();
    if (!permit.isGranted()) {
      throw permit.refusal();
    }
    return permit;
  }

  /** Leave to make one attempt, or a permit that is not granted. */
  public Permit tryAcquire() {
    while (true) {
      Generation now = generation;
      if (now instanceof ClosedGeneration) {
        return now;
      }
      Permit permit = now.admit();
      if (permit != null) {
        return permit;
      }
    }
  }

  /** Whether a call would be admitted now; asking changes nothing and takes no probe. */
  public boolean isSelectable() {
    Generation now = generation;
    return now instanceof ClosedGeneration || now.selectable(time.coarseNanos());
  }

  /** The state that a call would meet now. Cheaper than a snapshot. */
  public BreakerState state() {
    return generation.state(time.coarseNanos());
  }

  /** How long until it may admit a call; zero if it may now. */
  public Duration untilTest() {
    return Nanos.duration(untilTestNanos());
  }

  long untilTestNanos() {
    return generation.untilTest(time.nanos());
  }

  /** Closes it and forgets everything, whatever state it is in. */
  public void reset() {
    locked(() -> {
      openings = 0;
      enter(new ClosedGeneration(this, time.nanos()), "reset");
    });
  }

  /** Opens it for its open time, as if it had just failed too often. */
  public void trip() {
    locked(() -> open(generation, "tripped", Hint.NONE));
  }

  /**
   * Lets only probes through until they succeed, as if its open time were over: for something that
   * was failing when it was last seen. Changes nothing unless it is closed.
   */
  public void suspect() {
    locked(() -> {
      if (generation instanceof ClosedGeneration) {
        enter(new HalfOpenGeneration(this, time.nanos(), 0), "suspected");
      }
    });
  }

  /** Refuses every call until {@link #reset}. */
  public void holdOpen() {
    locked(() -> enter(new HeldGeneration(this, time.nanos(), true), "held"));
  }

  /** Admits every call and counts nothing until {@link #reset}. */
  public void holdClosed() {
    locked(() -> enter(new HeldGeneration(this, time.nanos(), false), "held"));
  }

  /**
   * Changes the rules. A closed breaker starts counting afresh; an open one stays open as long as
   * it had meant to.
   */
  public void updatePolicy(BreakerPolicy policy) {
    requireNonNull(policy, "policy");
    locked(() -> {
      this.policy = policy;
      timesCalls = policy.trip().slowRate() > 0;
      if (generation instanceof ClosedGeneration closed) {
        generation = new ClosedGeneration(this, closed.sinceNanos);
      }
    });
  }

  /** The breaker now; taking it changes nothing. */
  public BreakerSnapshot snapshot() {
    return locked(() -> {
      long now = time.nanos();
      Generation current = generation;
      int calls = current.calls(now);
      int failures = current.failures(now);
      long until = current.untilTest(now);
      boolean tests = until > 0 && until != Nanos.FOREVER;
      return new BreakerSnapshot(
          name,
          current.state(now),
          failures,
          calls,
          calls == 0 ? 0 : (double) failures / calls,
          current.probesOut(now),
          openings,
          lateFailures,
          lastChange,
          Nanos.duration(until),
          tests ? Optional.of(time.instant().plusNanos(until)) : Optional.empty());
    });
  }

  /** The name for people and metrics. */
  public String name() {
    return name;
  }

  /** The rules in force. */
  public BreakerPolicy policy() {
    return policy;
  }

  boolean isClosed() {
    return generation instanceof ClosedGeneration;
  }

  /** How long it has been closed by itself; below 0 if it is not. */
  long closedNanos() {
    Generation now = generation;
    // the coarse clock may be a little behind
    return now instanceof ClosedGeneration ? Math.max(0, time.coarseNanos() - now.sinceNanos) : -1;
  }

  /** Whether it keeps calls away now because of failures. */
  boolean isEjected() {
    return generation.ejects(time.coarseNanos());
  }

  /** Whether it is open because a server asked to be left alone. */
  boolean wasAskedToWait() {
    return generation.wasAskedFor();
  }

  /** Opens it if it is closed by itself; otherwise leaves it as it is. */
  void tripIfClosed(String reason) {
    locked(() -> {
      if (generation instanceof ClosedGeneration closed) {
        open(closed, reason, Hint.NONE);
      }
    });
  }

  /** Whether results must come with how long they took. */
  boolean timesCalls() {
    return timesCalls;
  }

  Time time() {
    return time;
  }

  /** Runs {@code work} under the lock, then publishes what it changed. */
  void locked(Runnable work) {
    locked(() -> {
      work.run();
      return null;
    });
  }

  <T extends @Nullable Object> T locked(Supplier<T> work) {
    T result;
    lock.lock();
    try {
      result = work.get();
      if (unpublished.isEmpty() || publishing) {
        return result;
      }
      publishing = true;
    } finally {
      lock.unlock();
    }
    publish();
    return result;
  }

  private void publish() {
    for (List<BreakerEvent> events = takeUnpublished();
        !events.isEmpty();
        events = takeUnpublished()) {
      events.forEach(event -> CalmObserver.calmly(() -> listener.accept(event)));
    }
  }

  private List<BreakerEvent> takeUnpublished() {
    lock.lock();
    try {
      List<BreakerEvent> events = unpublished;
      unpublished = List.of();
      publishing = !events.isEmpty();
      return events;
    } finally {
      lock.unlock();
    }
  }

  boolean isCurrent(Generation asking) {
    return generation == asking;
  }

  // what follows is called by the generations, with the lock held

  void countLate() {
    lateFailures++;
  }

  void open(Generation from, String reason, Hint hint) {
    long now = time.nanos();
    if (from instanceof ClosedGeneration && now - from.sinceNanos > lastOpenNanos) {
      openings = 0;
    }
    openings++;
    lastOpenNanos = openNanos(hint);
    int failures = from.failures(now);
    boolean askedFor = hint.isPresent() && obeys(hint);
    enter(new OpenGeneration(this, now, lastOpenNanos, failures, askedFor), reason, failures);
  }

  void halfOpen(Generation from) {
    if (isCurrent(from)) {
      long now = time.nanos();
      enter(new HalfOpenGeneration(this, now, from.failures(now)), "open time over");
    }
  }

  void close(Generation from) {
    long now = time.nanos();
    enter(new ClosedGeneration(this, now), "probes succeeded", from.failures(now));
  }

  private void enter(Generation next, String reason) {
    enter(next, reason, generation.failures(time.nanos()));
  }

  private void enter(Generation next, String reason, int failures) {
    BreakerState from = stateOf(generation);
    generation = next;
    lastChange = time.instant();
    if (from != stateOf(next)) {
      List<BreakerEvent> more = new ArrayList<>(unpublished);
      more.add(new BreakerEvent(name, from, stateOf(next), lastChange, failures, reason));
      unpublished = more;
    }
  }

  /** The state as entered: an open breaker whose time is over has not left it yet. */
  private static BreakerState stateOf(Generation generation) {
    return generation.state(generation.sinceNanos);
  }

  private long openNanos(Hint hint) {
    BreakerPolicy.Open open = policy.open();
    double longest = Nanos.of(open.longest());
    double grown = Nanos.of(open.base()) * Math.pow(open.growth(), openings - 1.0);
    double step = Math.min(grown, longest);
    double least = step * (1 - open.jitter());
    // at the limit only downwards, but as many different times as anywhere
    double most = Math.min(step * (1 + open.jitter()), longest);
    long own = Nanos.ofDouble(least + (most - least) * random.nextDouble());
    return obeys(hint) ? Math.max(own, Nanos.of(hint.after())) : own;
  }

  private boolean obeys(Hint hint) {
    return hint.after().compareTo(policy.open().maxHint()) <= 0;
  }
}
