package dev.belay.server.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorMetrics;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What all clients of the fault executor have done since the server began: each session has one of
 * its own. Safe for any number of threads.
 */
public final class ExecutorUse {
  private static final ExecutorMetrics NOTHING = sum(List.of(), List.of());

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<ExecutorClient> clients = new LinkedHashSet<>();

  /** Of those that are closed; its latency is that of the last one that asked anything. */
  @GuardedBy("lock")
  private ExecutorMetrics before = NOTHING;

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
      if (clients.remove(client) && client.metrics().total() > 0) {
        ExecutorMetrics last = client.metrics();
        before = sum(List.of(before, last), List.of(last));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * All of it together. Its latencies are those of the slowest client that is at work, as those of
   * several cannot be told from their percentiles; of the last one if none is.
   */
  public ExecutorMetrics metrics() {
    lock.lock();
    try {
      List<ExecutorMetrics> now =
          clients.stream()
              .map(ExecutorClient::metrics)
              .filter(metrics -> metrics.total() > 0)
              .toList();
      return sum(
          Stream.concat(Stream.of(before), now.stream()).toList(),
          now.isEmpty() ? List.of(before) : now);
    } finally {
      lock.unlock();
    }
  }

  private static ExecutorMetrics sum(List<ExecutorMetrics> all, List<ExecutorMetrics> timed) {
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
        new ExecutorMetrics.Latency(
            slowest(timed, ExecutorMetrics.Latency::p50),
            slowest(timed, ExecutorMetrics.Latency::p95),
            slowest(timed, ExecutorMetrics.Latency::p99)));
  }

  private static long sum(List<ExecutorMetrics> all, ToLongFunction<ExecutorMetrics> of) {
    return all.stream().mapToLong(of).sum();
  }

  private static Duration slowest(
      List<ExecutorMetrics> all, Function<ExecutorMetrics.Latency, Duration> of) {
    return all.stream()
        .map(ExecutorMetrics::latency)
        .map(of)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
