package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Check;
import dev.belay.Endpoint;
import dev.belay.Selection;
import dev.belay.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one {@link Call#session session} go to one endpoint. That is an affinity, not a pin:
 * while the endpoint is not among the candidates another one stands in, the same for the whole
 * session, and when it is back the session returns to it. Another strategy makes the choice, and
 * serves calls without a session. Safe for any number of threads.
 *
 * <p>A session is forgotten when it has not been used for a while, or when there are too many and
 * it was used longest ago.
 */
public final class Session implements Selection {
  private static final Duration TTL = Duration.ofMinutes(5);
  private static final int LIMIT = 10_000;

  private final Selection fallback;
  private final long ttlNanos;
  private final int limit;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  /** The bindings, the one used longest ago first; guarded by the lock. */
  private final Map<String, Binding> bindings = new LinkedHashMap<>(16, 0.75f, true);

  /** Keeps a session for 300 s after its last use, and 10,000 of them. */
  public Session(Selection fallback, Time time) {
    this(fallback, TTL, LIMIT, time);
  }

  /**
   * Keeps sessions as long as wanted.
   *
   * @param fallback chooses where a session goes
   * @param ttl how long after its last use a session is kept, above 0 and at most 365 days
   * @param limit how many sessions are kept, 1 to 10,000,000
   * @throws IllegalArgumentException if one is out of range
   */
  public Session(Selection fallback, Duration ttl, int limit, Time time) {
    Check.that(
        ttl.isPositive() && ttl.compareTo(Duration.ofDays(365)) <= 0,
        "session ttl must be above 0 and at most 365 days, was %s",
        ttl);
    Check.that(
        limit >= 1 && limit <= 10_000_000, "session limit must be 1 to 10000000, was %d", limit);
    this.fallback = requireNonNull(fallback, "fallback");
    this.ttlNanos = ttl.toNanos();
    this.limit = limit;
    this.time = requireNonNull(time, "time");
  }

  /** Where a session goes, by name: endpoints are replaced when a pool is loaded anew. */
  private static final class Binding {
    final String primary;
    final String standIn;
    long usedAt;

    Binding(String primary, String standIn, long usedAt) {
      this.primary = primary;
      this.standIn = standIn;
      this.usedAt = usedAt;
    }
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    String session = call.session();
    if (session.isEmpty()) {
      return fallback.select(candidates, call);
    }
    Binding binding = binding(session);
    while (true) {
      E bound = binding == null ? null : bound(binding, candidates);
      if (bound != null) {
        return bound;
      }
      E chosen = fallback.select(candidates, call);
      Binding now = bind(session, binding, chosen.name());
      if (now == null) {
        return chosen;
      }
      // a call of the same session was quicker
      binding = now;
    }
  }

  private static <E extends Endpoint> @Nullable E bound(Binding binding, List<E> candidates) {
    E standIn = null;
    for (E candidate : candidates) {
      if (candidate.name().equals(binding.primary)) {
        return candidate;
      }
      if (candidate.name().equals(binding.standIn)) {
        standIn = candidate;
      }
    }
    return standIn;
  }

  private @Nullable Binding binding(String session) {
    long now = time.coarseNanos();
    lock.lock();
    try {
      forgetExpired(now);
      Binding binding = bindings.get(session);
      if (binding != null) {
        binding.usedAt = now;
      }
      return binding;
    } finally {
      lock.unlock();
    }
  }

  /** Those used longest ago come first, so the first one that is still good ends the search. */
  private void forgetExpired(long now) {
    var oldest = bindings.values().iterator();
    while (oldest.hasNext() && now - oldest.next().usedAt >= ttlNanos) {
      oldest.remove();
    }
  }

  /** Binds the session if it is still bound as {@code before} says; otherwise says how it is. */
  private @Nullable Binding bind(String session, @Nullable Binding before, String chosen) {
    long now = time.coarseNanos();
    lock.lock();
    try {
      Binding current = bindings.get(session);
      if (current != null && current != before) {
        return current;
      }
      String primary = before == null ? chosen : before.primary;
      bindings.put(session, new Binding(primary, chosen, now));
      if (bindings.size() > limit) {
        forgetOldest();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void forgetOldest() {
    var oldest = bindings.values().iterator();
    oldest.next();
    oldest.remove();
  }
}
