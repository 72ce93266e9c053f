package dev.belay.proxy;

import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.EndpointStats;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Permit;
import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Finds out whose fault an ambiguous failure was, from what several proxies saw of the same target.
 * A target that fails through three proxies is at fault itself; one that works through another
 * proxy is not. A proxy that works for other targets, but not for one that works through others, is
 * kept away from that target only. Remembers a bounded number of targets. Safe for any number of
 * threads.
 */
public final class Evidence {
  private static final int MOST_TARGETS = 10_000;
  private static final int MOST_WITNESSES = 64;
  private static final int ENOUGH = 3;
  private static final long FRESH_NANOS = Duration.ofSeconds(60).toNanos();
  private static final BreakerPolicy TARGET_BREAKER =
      BreakerPolicy.builder()
          .failureThreshold(5)
          .openFor(Duration.ofSeconds(5))
          .openGrowth(2, Duration.ofSeconds(60))
          .build();

  private final Time time;

  /** While no target has ever failed, nobody needs to ask. */
  private volatile boolean quiet = true;

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock; the target that was asked about longest ago goes first. */
  private final Map<String, History> targets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, History> eldest) {
          return size() > MOST_TARGETS;
        }
      };

  /** Proxies that asked to be left alone, and until when; guarded by the lock. */
  private final Map<String, Long> resting = new HashMap<>();

  /** While nobody asked to be left alone, nobody needs to look. */
  private volatile boolean anyRests;

  /** Different targets that failed since the proxy last worked; guarded by the lock. */
  private final Map<String, Set<String>> failingThroughProxy = new HashMap<>();

  Evidence(Time time) {
    this.time = time;
  }

  /** What one proxy saw of one target; times are 0 for "never". */
  private static final class Witness {
    private long failedAt;
    private long workedAt;
    private long avoidUntil;
    private int avoidances;
  }

  /** What is known of one target. */
  private static final class History {
    private final Map<String, Witness> witnesses = new LinkedHashMap<>();
    private final CircuitBreaker breaker;

    History(CircuitBreaker breaker) {
      this.breaker = breaker;
    }

    Witness witness(String endpoint) {
      if (witnesses.size() >= MOST_WITNESSES && !witnesses.containsKey(endpoint)) {
        witnesses.remove(witnesses.keySet().iterator().next());
      }
      return witnesses.computeIfAbsent(endpoint, name -> new Witness());
    }
  }

  /**
   * Lets a request for this target in, or says how long it had better wait: one that failed too
   * often is left alone for a while, and then tested by one request at a time.
   *
   * @param longestRest how long a proxy is left alone at the most that asks for it
   */
  public Visit visit(String target, Duration longestRest) {
    if (quiet) {
      return new Visit(this, target, longestRest, null, null);
    }
    lock.lock();
    try {
      History record = targets.get(target);
      if (record == null || record.breaker.state() == BreakerState.CLOSED) {
        return new Visit(this, target, longestRest, null, null);
      }
      Permit permit = record.breaker.tryAcquire();
      return permit.isGranted()
          ? new Visit(this, target, longestRest, null, permit)
          : new Visit(this, target, longestRest, record.breaker.untilTest(), null);
    } finally {
      lock.unlock();
    }
  }

  void end(Visit visit) {
    lock.lock();
    try {
      Permit probe = visit.takeProbe();
      if (probe != null) {
        probe.release();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether anything bad is known of this target; costs nothing while no target has failed. */
  boolean hasSeenFail(String target) {
    if (quiet) {
      return false;
    }
    lock.lock();
    try {
      return targets.containsKey(target);
    } finally {
      lock.unlock();
    }
  }

  /** How many targets are remembered. */
  int size() {
    lock.lock();
    try {
      return targets.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether this proxy had better not be used for this target now. */
  boolean avoids(String target, Endpoint endpoint) {
    lock.lock();
    try {
      History record = targets.get(target);
      Witness witness = record == null ? null : record.witnesses.get(endpoint.name());
      return witness != null && witness.avoidUntil != 0 && time.nanos() - witness.avoidUntil < 0;
    } finally {
      lock.unlock();
    }
  }

  void worked(Visit visit, Endpoint endpoint) {
    if (quiet) {
      return;
    }
    lock.lock();
    try {
      failingThroughProxy.remove(endpoint.name());
      History record = targets.get(visit.target());
      if (record != null) {
        Witness witness = record.witness(endpoint.name());
        witness.workedAt = stamp();
        witness.avoidUntil = 0;
        witness.avoidances = 0;
        report(record, visit, permit -> permit.success(0));
      }
    } finally {
      lock.unlock();
    }
  }

  Verdict judge(Visit visit, Endpoint endpoint, Verdict verdict) {
    Verdict judged = blame(visit, endpoint, verdict);
    if (judged.blame() == Blame.ENDPOINT && judged.hint().isPresent()) {
      rest(endpoint, atMost(visit, judged.hint()));
    }
    return judged;
  }

  private static Duration atMost(Visit visit, Hint hint) {
    Duration asked = hint.after();
    return asked.compareTo(visit.longestRest()) < 0 ? asked : visit.longestRest();
  }

  /** Whoever takes over from a proxy need not wait for it; the proxy is left alone all the same. */
  private void rest(Endpoint endpoint, Duration length) {
    lock.lock();
    try {
      resting.merge(
          endpoint.name(),
          time.nanos() + length.toNanos(),
          (one, other) -> one - other > 0 ? one : other);
      anyRests = true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether any proxy asked to be left alone; costs nothing while none ever did. */
  boolean hasResting() {
    if (!anyRests) {
      return false;
    }
    lock.lock();
    try {
      long now = time.nanos();
      resting.values().removeIf(until -> now - until >= 0);
      anyRests = !resting.isEmpty();
      return anyRests;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this proxy asked to be left alone now, whatever the target. */
  boolean isResting(Endpoint endpoint) {
    if (!anyRests) {
      return false;
    }
    lock.lock();
    try {
      Long until = resting.get(endpoint.name());
      return until != null && time.nanos() - until < 0;
    } finally {
      lock.unlock();
    }
  }

  private Verdict blame(Visit visit, Endpoint endpoint, Verdict verdict) {
    if (verdict.blame() != Blame.UNKNOWN || verdict.kind() == Verdict.Kind.SUCCESS) {
      return verdict;
    }
    quiet = false;
    lock.lock();
    try {
      History record = targets.computeIfAbsent(visit.target(), this::newRecord);
      Witness witness = record.witness(endpoint.name());
      witness.failedAt = stamp();
      if (worksThroughOthers(record, witness)) {
        return verdict.withBlame(pairOrProxy(endpoint, witness, atMost(visit, verdict.hint())));
      }
      if (failingThrough(record) >= ENOUGH) {
        report(record, visit, permit -> permit.failure(Blame.ENDPOINT, verdict.hint(), 0));
        return verdict.withBlame(Blame.TARGET);
      }
      return isVouchedFor(endpoint, visit.target()) ? verdict.withBlame(Blame.TARGET) : verdict;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the breaker of the target: what a test out there finds is for the test to tell. */
  private static void report(History record, Visit visit, Consumer<Permit> result) {
    Permit probe = visit.takeProbe();
    if (probe != null) {
      result.accept(probe);
    } else if (record.breaker.state() == BreakerState.CLOSED) {
      result.accept(record.breaker.tryAcquire());
    }
  }

  /** An answer broke off after its attempt had been counted as a success. */
  public void brokeOff(String target, Endpoint endpoint) {
    Visit late = new Visit(this, target, Duration.ZERO, null, null);
    Verdict verdict = judge(late, endpoint, Verdict.retry(ErrorClass.RESET, Blame.UNKNOWN));
    CircuitBreaker breaker = endpoint.breaker();
    // a probe that runs meanwhile is not ours to take
    if (breaker.snapshot().state() == BreakerState.CLOSED) {
      breaker.tryAcquire().failure(verdict.blame(), Hint.NONE, 0);
    }
  }

  /**
   * A proxy that has just been working is not blamed because one or two targets fail through it;
   * but if a third one does, and nothing works any more, its word counts no longer.
   */
  private boolean isVouchedFor(Endpoint endpoint, String target) {
    if (failingThroughProxy.size() >= MOST_TARGETS) {
      failingThroughProxy.clear();
    }
    Set<String> failing =
        failingThroughProxy.computeIfAbsent(endpoint.name(), name -> new HashSet<>());
    if (failing.size() < ENOUGH) {
      failing.add(target);
    }
    return failing.size() < ENOUGH && worksElsewhere(endpoint);
  }

  private static boolean worksElsewhere(Endpoint endpoint) {
    EndpointStats.Snapshot stats = endpoint.stats().snapshot();
    return stats.samples() >= 5 && stats.successRate() >= 0.5;
  }

  /** The target works, this proxy works elsewhere: it is the two of them together. */
  private Blame pairOrProxy(Endpoint endpoint, Witness witness, Duration hint) {
    if (!worksElsewhere(endpoint)) {
      return Blame.ENDPOINT;
    }
    long seconds = Math.min(300, 10L << Math.min(witness.avoidances++, 5));
    long nanos = Math.max(Duration.ofSeconds(seconds).toNanos(), hint.toNanos());
    witness.avoidUntil = stamp() + nanos;
    return Blame.TARGET;
  }

  private boolean worksThroughOthers(History record, Witness but) {
    long now = time.nanos();
    for (Witness other : record.witnesses.values()) {
      boolean lately = other.workedAt != 0 && now - other.workedAt <= FRESH_NANOS;
      boolean since = other.failedAt == 0 || other.workedAt - other.failedAt > 0;
      if (other != but && lately && since) {
        return true;
      }
    }
    return false;
  }

  private int failingThrough(History record) {
    long now = time.nanos();
    int failing = 0;
    for (Witness witness : record.witnesses.values()) {
      boolean lately = witness.failedAt != 0 && now - witness.failedAt <= FRESH_NANOS;
      boolean since = witness.workedAt == 0 || witness.failedAt - witness.workedAt >= 0;
      failing += lately && since ? 1 : 0;
    }
    return failing;
  }

  private History newRecord(String target) {
    return new History(
        new CircuitBreaker(
            "target " + target, TARGET_BREAKER, time, SharedRandom.INSTANCE, event -> {}));
  }

  /** Now, and never the 0 that stands for "never". */
  private long stamp() {
    long now = time.nanos();
    return now == 0 ? 1 : now;
  }
}
