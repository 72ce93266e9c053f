package dev.belay.proxy;

import dev.belay.Blame;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.http.DialException.Reach;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out that not the proxies fail, but our own way to all of them: no name is found, no network
 * is there. From then on requests are refused at once and no proxy is blamed, until a request that
 * is let through now and then comes out again. Safe for any number of threads.
 */
public final class Connectivity {
  private static final Logger LOG = LoggerFactory.getLogger("dev.belay.proxy.network");

  /** So many proxies in a row that cannot be reached are as good as all of them. */
  private static final int ENOUGH = 32;

  private static final long WINDOW_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long FIRST_WAIT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(10).toNanos();

  private final Supplier<List<Upstream>> pool;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  /** Proxies that could not be reached since any was, by name, and when; guarded by the lock. */
  private final Map<String, Long> unreached = new HashMap<>();

  /** While all is well nobody needs the lock. */
  private volatile boolean well = true;

  private volatile boolean lost;

  /** When the next request is let through; guarded by the lock, as is the wait after it. */
  private long testAt;

  private long waitNanos;

  Connectivity(Supplier<List<Upstream>> pool, Time time) {
    this.pool = pool;
    this.time = time;
  }

  /** Whether no proxy of the pool can be reached from here, as far as is known. */
  public boolean isLost() {
    return lost;
  }

  /**
   * Lets a request through, or says how long it had better wait. While the network is lost one is
   * let through now and then, to find out.
   */
  public Optional<Duration> refusal() {
    if (!lost) {
      return Optional.empty();
    }
    lock.lock();
    try {
      long now = time.nanos();
      if (!lost || now - testAt >= 0) {
        testAt = now + waitNanos;
        waitNanos = Math.min(2 * waitNanos, LONGEST_WAIT_NANOS);
        return Optional.empty();
      }
      return Optional.of(Duration.ofNanos(testAt - now));
    } finally {
      lock.unlock();
    }
  }

  /** How long until a request is let through; zero if the network is not lost. */
  public Duration untilTest() {
    lock.lock();
    try {
      return lost ? Duration.ofNanos(Math.max(0, testAt - time.nanos())) : Duration.ZERO;
    } finally {
      lock.unlock();
    }
  }

  /** A proxy was reached, whatever it said. Costs nothing while all is well. */
  public void reached() {
    if (well) {
      return;
    }
    lock.lock();
    try {
      if (lost) {
        LOG.info("proxies can be reached again");
      }
      unreached.clear();
      lost = false;
      well = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What to make of a dial that failed: as it says, unless no proxy can be reached from here. Then
   * it is nobody's fault, and further attempts are of no use.
   */
  public Verdict judge(Upstream proxy, Reach reach, Verdict verdict) {
    return switch (reach) {
      case THERE -> {
        reached();
        yield verdict;
      }
      case UNKNOWN -> verdict;
      case HERE ->
          isLostWithout(proxy)
              ? Verdict.permanent(verdict.errorClass(), Blame.CALLER).withNothingSent()
              : verdict;
    };
  }

  private boolean isLostWithout(Upstream proxy) {
    List<Upstream> all = pool.get();
    lock.lock();
    try {
      well = false;
      long now = time.nanos();
      unreached.values().removeIf(at -> now - at > WINDOW_NANOS);
      unreached.put(proxy.name(), now);
      if (!lost && isAllOf(all)) {
        lost = true;
        waitNanos = FIRST_WAIT_NANOS;
        testAt = now + waitNanos;
        LOG.error("no proxy can be reached from here: no network, or no name is found");
      }
      return lost;
    } finally {
      lock.unlock();
    }
  }

  /** Those that take no attempts now say nothing. */
  private boolean isAllOf(List<Upstream> all) {
    return unreached.size() >= ENOUGH
        || all.stream().allMatch(one -> unreached.containsKey(one.name()) || !one.isSelectable());
  }
}
