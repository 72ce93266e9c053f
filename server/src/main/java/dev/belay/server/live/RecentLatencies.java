package dev.belay.server.live;

import dev.belay.Attempt;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long the last successes of each proxy took, so that it can be told which are slow. Keeps 64
 * of each, for a bounded number of proxies. Safe for any number of threads; two attempts that end
 * at once take two places.
 */
public final class RecentLatencies implements CallObserver {
  private static final int KEPT = 64;
  private static final int MOST = 20_000;

  private final Map<String, Latest> latest = new ConcurrentHashMap<>();

  /** Nothing known yet. */
  public RecentLatencies() {}

  /** In microseconds, 0 where there is none yet; saturates after about half an hour. */
  private static final class Latest {
    private final AtomicIntegerArray micros = new AtomicIntegerArray(KEPT);
    private final AtomicInteger next = new AtomicInteger();

    void add(long nanos) {
      int value = (int) Math.clamp(nanos / 1_000, 1L, Integer.MAX_VALUE);
      micros.setOpaque(next.getAndIncrement() & (KEPT - 1), value);
    }

    Optional<Duration> percentile(double share) {
      int[] values = new int[KEPT];
      int count = 0;
      for (int i = 0; i < KEPT; i++) {
        int value = micros.getOpaque(i);
        if (value > 0) {
          values[count++] = value;
        }
      }
      if (count == 0) {
        return Optional.empty();
      }
      Arrays.sort(values, 0, count);
      int rank = Math.max(0, (int) Math.ceil(share * count) - 1);
      return Optional.of(Duration.ofNanos(values[rank] * 1_000L));
    }
  }

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    if (verdict.kind() != Verdict.Kind.SUCCESS) {
      return;
    }
    String name = attempt.endpoint().name();
    Latest known = latest.get(name);
    if (known == null && latest.size() < MOST) {
      known = latest.computeIfAbsent(name, absent -> new Latest());
    }
    if (known != null) {
      known.add(tookNanos);
    }
  }

  /**
   * What a share of the last successes of a proxy took at most; empty if there were none.
   *
   * @param name the proxy's
   * @param share 0 to 1
   */
  public Optional<Duration> percentile(String name, double share) {
    return Optional.ofNullable(latest.get(name)).flatMap(one -> one.percentile(share));
  }

  /** Forgets all proxies but these. */
  public void retain(Set<String> names) {
    latest.keySet().retainAll(names);
  }
}
