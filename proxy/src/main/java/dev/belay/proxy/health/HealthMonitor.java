package dev.belay.proxy.health;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Permit;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.http.DialException.Reach;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an eye on the proxies of a pool: checks each of them again and again, or when somebody
 * asks, and tells the breakers. Safe for any number of threads.
 *
 * <p>A failed check counts on the proxy's breaker like a failed request; so many in a row as the
 * schedule says open it at once. A success is the test for which an open breaker waits, once its
 * time is over. A failure for which the target may be to blame, an error status, say, counts only
 * if the same target lately answered through another proxy; otherwise it counts neither way. A
 * proxy to which there is no way from here counts as failed once another one was reached since;
 * until then some others are checked at once, to find out.
 */
public final class HealthMonitor implements AutoCloseable {
  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);
  private static final Duration SHORTEST_TICK = Duration.ofMillis(10);

  /** So many others tell whether it is the proxy that cannot be reached, or all of them. */
  private static final int OTHERS = 32;

  private final UpstreamPool pool;
  private final Time time;
  private final Executor executor;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Watch> watches = new LinkedHashMap<>();

  @GuardedBy("lock")
  private final Witnesses witnesses = new Witnesses();

  /** Through which no target need have answered. */
  @GuardedBy("lock")
  private final Witnesses reached = new Witnesses();

  /** What the pool held when it was last looked at. */
  @GuardedBy("lock")
  private List<Upstream> seen = List.of();

  @GuardedBy("lock")
  private Rules rules;

  @GuardedBy("lock")
  private Time.@Nullable Timer timer;

  @GuardedBy("lock")
  private boolean closed;

  /** What changes together. */
  private record Rules(HealthSettings.Schedule schedule, ProxyCheck check, Turnstile turnstile) {
    static Rules of(HealthSettings.Schedule schedule, ProxyCheck check) {
      return new Rules(schedule, check, new Turnstile(schedule.parallel()));
    }
  }

  /**
   * One that begins at once, if the schedule is active.
   *
   * @param executor where it works when a check falls due
   * @param random where the jitter comes from; safe for any number of threads
   */
  public HealthMonitor(
      UpstreamPool pool,
      HealthSettings.Schedule schedule,
      ProxyCheck check,
      Time time,
      Executor executor,
      RandomGenerator random) {
    this.pool = requireNonNull(pool, "pool");
    this.time = requireNonNull(time, "time");
    this.executor = requireNonNull(executor, "executor");
    this.random = requireNonNull(random, "random");
    this.rules = Rules.of(schedule, check);
    lock.lock();
    try {
      tickLater(Duration.ZERO);
    } finally {
      lock.unlock();
    }
  }

  /** Goes on with another schedule and another check; reports are kept. */
  public void use(HealthSettings.Schedule schedule, ProxyCheck check) {
    lock.lock();
    try {
      rules = Rules.of(schedule, check);
      watches.values().forEach(watch -> watch.dueAt = time.nanos());
      tickLater(Duration.ZERO);
    } finally {
      lock.unlock();
    }
  }

  /** Checks a proxy now, or waits for the check that is under way; never fails. */
  public CompletionStage<HealthReport> check(Upstream upstream) {
    Watch watch;
    lock.lock();
    try {
      look();
      Watch known = watches.get(upstream.id());
      watch = known == null ? new Watch(upstream, time.nanos()) : known;
    } finally {
      lock.unlock();
    }
    return begin(watch);
  }

  /** Checks all proxies of the pool now; the reports come in the order of the pool. */
  public CompletionStage<List<HealthReport>> checkAll() {
    List<CompletableFuture<HealthReport>> all =
        pool.upstreams().stream().map(one -> check(one).toCompletableFuture()).toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(none -> all.stream().map(CompletableFuture::join).toList());
  }

  /** What the last check of a proxy found; empty if there was none yet. */
  public Optional<HealthReport> report(Upstream upstream) {
    lock.lock();
    try {
      return Optional.ofNullable(watches.get(upstream.id())).map(watch -> watch.last);
    } finally {
      lock.unlock();
    }
  }

  /** The last report of each proxy of the pool that has one, by the proxy's id. */
  public Map<String, HealthReport> reports() {
    Map<String, HealthReport> reports = new HashMap<>();
    lock.lock();
    try {
      look();
      watches.forEach((id, watch) -> {
        HealthReport last = watch.last;
        if (last != null) {
          reports.put(id, last);
        }
      });
    } finally {
      lock.unlock();
    }
    return reports;
  }

  /** Checks no more by itself; checks under way come to their end and are counted. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      stopTimer();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void tickLater(Duration wait) {
    stopTimer();
    if (!closed && rules.schedule().active()) {
      timer = time.after(wait.toNanos(), executor, this::tick);
    }
  }

  @GuardedBy("lock")
  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void tick() {
    List<Watch> due = new ArrayList<>();
    lock.lock();
    try {
      if (closed || !rules.schedule().active()) {
        return;
      }
      look();
      long now = time.nanos();
      for (Watch watch : watches.values()) {
        if (watch.running == null && now - watch.dueAt >= 0) {
          due.add(watch);
        }
      }
      tickLater(between(SHORTEST_TICK, rules.schedule().interval().dividedBy(10), LONGEST_TICK));
    } finally {
      lock.unlock();
    }
    for (Watch watch : due) {
      var unused = begin(watch);
    }
  }

  private static Duration between(Duration least, Duration length, Duration most) {
    if (length.compareTo(least) < 0) {
      return least;
    }
    return length.compareTo(most) > 0 ? most : length;
  }

  /** Follows what has become of the pool; a proxy that is new is due at once. */
  @GuardedBy("lock")
  private void look() {
    List<Upstream> now = pool.upstreams();
    // the pool hands out the same list as long as nothing changes
    if (sameList(now, seen)) {
      return;
    }
    seen = now;
    Map<String, Watch> before = new HashMap<>(watches);
    watches.clear();
    for (Upstream upstream : now) {
      Watch known = before.get(upstream.id());
      Watch watch = known == null ? new Watch(upstream, time.nanos()) : known;
      watch.upstream = upstream;
      watches.put(upstream.id(), watch);
    }
  }

  @SuppressWarnings("ReferenceEquality") // comparing 10,000 proxies each tick would cost too much
  private static boolean sameList(List<Upstream> one, List<Upstream> other) {
    return one == other;
  }

  private CompletableFuture<HealthReport> begin(Watch watch) {
    CompletableFuture<HealthReport> result = new CompletableFuture<>();
    Rules now;
    lock.lock();
    try {
      CompletableFuture<HealthReport> already = watch.running;
      if (already != null) {
        return already;
      }
      watch.running = result;
      now = rules;
    } finally {
      lock.unlock();
    }
    var unused = now.turnstile().enter(() -> run(now, watch, result));
    return result;
  }

  private CompletionStage<HealthReport> run(
      Rules now, Watch watch, CompletableFuture<HealthReport> result) {
    Upstream upstream = upstreamOf(watch);
    Permit permit = upstream.breaker().tryAcquire();
    return checked(now, upstream.address())
        .thenApply(report -> {
          Verdict told = pool.connectivity().judge(upstream, report.reach(), report.verdict());
          Verdict verdict = note(now.schedule(), watch, report, told);
          boolean decisive = isDecisive(now.schedule(), watch);
          upstream.settleCheck(permit, verdict, decisive);
          rest(now.schedule(), watch, report);
          result.complete(report);
          return report;
        });
  }

  /** The check's report; one of our own if the check broke its promise never to fail. */
  private CompletionStage<HealthReport> checked(Rules now, ProxyAddress proxy) {
    try {
      return now.check().check(proxy).exceptionally(fault -> broken(proxy));
    } catch (RuntimeException fault) {
      return CompletableFuture.completedFuture(broken(proxy));
    }
  }

  private HealthReport broken(ProxyAddress proxy) {
    return new HealthReport(
        proxy.name(),
        time.instant(),
        HealthLevel.TCP,
        Duration.ZERO,
        Anonymity.UNKNOWN,
        Reach.UNKNOWN,
        Verdict.retry(ErrorClass.INVALID, Blame.CALLER),
        "the check itself failed");
  }

  private Upstream upstreamOf(Watch watch) {
    lock.lock();
    try {
      return watch.upstream;
    } finally {
      lock.unlock();
    }
  }

  /** Counts the result, and says what the breaker should hear of it. */
  private Verdict note(
      HealthSettings.Schedule schedule, Watch watch, HealthReport report, Verdict told) {
    lock.lock();
    try {
      String id = watch.upstream.id();
      long now = time.nanos();
      if (report.reach() == Reach.THERE) {
        reached.worked(id, now);
      }
      if (report.isWorking()) {
        witnesses.worked(id, now);
        watch.worked();
        return told;
      }
      watch.failed(now);
      boolean own =
          switch (told.blame()) {
            case ENDPOINT -> true;
            case CALLER -> false;
            case UNKNOWN, TARGET ->
                report.error() != ErrorClass.DNS
                    && witnesses.workedThroughAnother(id, now, 2 * schedule.interval().toNanos());
          };
      if (!own) {
        return Verdict.IGNORED;
      }
      if (report.reach() == Reach.HERE
          && !reached.workedThroughAnother(id, now, watch.failingFor(now))) {
        watch.holdBack();
        checkOthers(now);
        return Verdict.IGNORED;
      }
      watch.blame();
      return told.withBlame(Blame.ENDPOINT);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void checkOthers(long now) {
    watches.values().stream()
        .filter(watch -> watch.isWell() && watch.running == null)
        .limit(OTHERS)
        .forEach(watch -> watch.dueAt = now);
    tickLater(Duration.ZERO);
  }

  private boolean isDecisive(HealthSettings.Schedule schedule, Watch watch) {
    lock.lock();
    try {
      return watch.blamed() >= schedule.failuresToOpen();
    } finally {
      lock.unlock();
    }
  }

  /** The proxy is left alone until its next check. */
  private void rest(HealthSettings.Schedule schedule, Watch watch, HealthReport report) {
    lock.lock();
    try {
      watch.last = report;
      watch.running = null;
      watch.dueAt = time.nanos() + watch.pause(schedule, random);
    } finally {
      lock.unlock();
    }
  }
}
