package dev.belay.server.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * What all clients of the fault executor have done since the server began: each session has one of
 * its own. Safe for any number of threads.
 */
public final class ExecutorUse {
  private static final ExecutorMetrics NOTHING = sum(List.of());

  /** Of clients that are closed, so many of the last calls tell how long calls take. */
  private static final int REMEMBERED = 1_000;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<ExecutorClient> clients = new LinkedHashSet<>();

  /** Of those that are closed, without their latencies. */
  @GuardedBy("lock")
  private ExecutorMetrics before = NOTHING;

  /** Of the last calls of those that are closed, the newest last. */
  @GuardedBy("lock")
  private final Deque<Duration> latencies = new ArrayDeque<>();

  /** Counts what a client does from now on. */
  public ExecutorClient counted(ExecutorClient client) {
    lock.lock();
    try {
      clients.add(client);
    } finally {
      lock.unlock();
    }
    return client;
  }

  /** Closes a client, and keeps what it has done. */
  public void close(ExecutorClient client) {
    client.close();
    lock.lock();
    try {
      if (clients.remove(client)) {
        ExecutorMetrics last = client.metrics();
        before = sum(List.of(before, last));
        latencies.addAll(last.latency().calls());
        while (latencies.size() > REMEMBERED) {
          latencies.removeFirst();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many clients there are now: one for each session that runs, and the server's own. */
  public int clients() {
    lock.lock();
    try {
      return clients.size();
    } finally {
      lock.unlock();
    }
  }

  /** All of it together, with the latencies of the last calls of all clients. */
  public ExecutorMetrics metrics() {
    lock.lock();
    try {
      List<ExecutorMetrics> all = new ArrayList<>();
      all.add(before);
      all.add(withLatency(NOTHING, List.copyOf(latencies)));
      clients.forEach(client -> all.add(client.metrics()));
      ExecutorMetrics sum = sum(all);
      List<Duration> calls = all.stream().flatMap(one -> one.latency().calls().stream()).toList();
      return withLatency(sum, calls);
    } finally {
      lock.unlock();
    }
  }

  private static ExecutorMetrics withLatency(ExecutorMetrics of, List<Duration> calls) {
    return new ExecutorMetrics(
        of.total(),
        of.success(),
        of.failed(),
        of.attempts(),
        of.breakerOpens(),
        new ExecutorMetrics.Latency(calls));
  }

  /** The counts of all, without their latencies. */
  private static ExecutorMetrics sum(List<ExecutorMetrics> all) {
    return new ExecutorMetrics(
        sum(all, ExecutorMetrics::total),
        sum(all, ExecutorMetrics::success),
        sum(all, ExecutorMetrics::failed),
        new ExecutorMetrics.Attempts(
            sum(all, one -> one.attempts().timeouts()),
            sum(all, one -> one.attempts().connectionErrors()),
            sum(all, one -> one.attempts().retries()),
            sum(all, one -> one.attempts().successfulRetries())),
        sum(all, ExecutorMetrics::breakerOpens),
        new ExecutorMetrics.Latency(List.of()));
  }

  private static long sum(List<ExecutorMetrics> all, ToLongFunction<ExecutorMetrics> of) {
    return all.stream().mapToLong(of).sum();
  }
}
