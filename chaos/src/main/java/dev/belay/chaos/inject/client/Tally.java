package dev.belay.chaos.inject.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Attempt;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what a client does. Safe for any number of threads. */
final class Tally implements CallObserver {
  private static final int REMEMBERED = 1_000;

  private final LongAdder success = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder connectionErrors = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder successfulRetries = new LongAdder();
  private final LongAdder opens = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Deque<Long> latencies = new ArrayDeque<>();

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    switch (verdict.errorClass()) {
      case TIMEOUT -> timeouts.increment();
      case DNS, CONNECT, TLS, RESET -> connectionErrors.increment();
      case NONE, PROTOCOL, STATUS, THROTTLED, AUTH, REJECTED, INVALID, CANCELLED, OTHER -> {}
    }
  }

  @Override
  public void finished(Call call, CallReport report) {
    int tries = report.attempts().size();
    retries.add(Math.max(0, tries - 1));
    boolean good =
        tries > 0 && report.attempts().getLast().verdict().kind() == Verdict.Kind.SUCCESS;
    (good ? success : failed).increment();
    if (good && tries > 1) {
      successfulRetries.increment();
    }
    lock.lock();
    try {
      if (latencies.size() == REMEMBERED) {
        latencies.removeFirst();
      }
      latencies.addLast(report.took().toNanos());
    } finally {
      lock.unlock();
    }
  }

  void refused() {
    failed.increment();
  }

  void opened() {
    opens.increment();
  }

  ExecutorMetrics metrics() {
    List<Duration> calls;
    lock.lock();
    try {
      calls = latencies.stream().map(Duration::ofNanos).toList();
    } finally {
      lock.unlock();
    }
    return new ExecutorMetrics(
        success.sum() + failed.sum(),
        success.sum(),
        failed.sum(),
        new ExecutorMetrics.Attempts(
            timeouts.sum(), connectionErrors.sum(), retries.sum(), successfulRetries.sum()),
        opens.sum(),
        new ExecutorMetrics.Latency(calls));
  }
}
