package dev.belay.chaos.trace.receive;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.Time;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.trace.TraceParent;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the spans that come in by their traces, as long as its limits allow, and waits for a trace
 * to be whole. Safe for any number of threads.
 *
 * <p>Nothing in a trace says how many spans it has. It counts as whole when the first span of the
 * request has come, which happens when it has ended, when each other one has the span that caused
 * it, and then no other has come for twice as long as the services gather spans before they send
 * them, but at most for a second. Who gave up on somebody ends before him: his span is still to
 * come when what he called has sent its own.
 */
public final class TraceKeeper {
  private static final Duration LONGEST_QUIET = Duration.ofSeconds(1);

  private final KeepLimits limits;
  private final long quietNanos;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Gathered> byTrace = new LinkedHashMap<>();

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private final Parentless parentless = new Parentless();

  /**
   * Keeps nothing yet.
   *
   * @param limits how much is kept
   * @param scheduleDelay how long the services gather spans before they send them: {@code
   *     otel.bsp.schedule.delay}; above 0
   */
  public TraceKeeper(KeepLimits limits, Duration scheduleDelay, Time time) {
    Check.that(scheduleDelay.isPositive(), "schedule delay must be > 0, was %s", scheduleDelay);
    this.limits = limits;
    this.quietNanos =
        scheduleDelay.compareTo(LONGEST_QUIET) >= 0
            ? LONGEST_QUIET.toNanos()
            : Math.min(LONGEST_QUIET.toNanos(), 2 * scheduleDelay.toNanos());
    this.time = time;
  }

  /** Adds what has come in. */
  public void add(List<Span> spans) {
    long now = time.nanos();
    lock.lock();
    try {
      forgetOld(now);
      for (Span span : spans) {
        add(span, now);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void add(Span span, long now) {
    String id = span.id().trace();
    if (!byTrace.containsKey(id) && byTrace.size() == limits.traces()) {
      forgetOldest();
    }
    Gathered gathered = byTrace.computeIfAbsent(id, none -> new Gathered(now));
    if (gathered.has(span)) {
      return;
    }
    long size = Gathered.bytes(span);
    while (bytes + size > limits.bytes() && isNotOldest(gathered)) {
      forgetOldest();
    }
    if (bytes + size > limits.bytes()) {
      gathered.cut();
      return;
    }
    if (gathered.add(span, now)) {
      bytes += size;
    }
  }

  @GuardedBy("lock")
  private boolean isNotOldest(Gathered gathered) {
    return byTrace.values().iterator().next() != gathered;
  }

  @GuardedBy("lock")
  private void forgetOld(long now) {
    while (!byTrace.isEmpty()
        && now - byTrace.values().iterator().next().firstNanos() > limits.age().toNanos()) {
      forgetOldest();
    }
  }

  @GuardedBy("lock")
  private void forgetOldest() {
    Iterator<Gathered> oldest = byTrace.values().iterator();
    bytes -= oldest.next().bytes();
    oldest.remove();
  }

  /** How many traces are kept now. */
  public int size() {
    long now = time.nanos();
    lock.lock();
    try {
      forgetOld(now);
      return byTrace.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the trace of a request is whole.
   *
   * @param sent what the request said of its trace
   * @param longest how long to wait; then what has come is given, marked as incomplete
   * @return nothing if no span has come
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Optional<Trace> await(TraceParent sent, Duration longest) throws InterruptedException {
    return await(sent, longest, false);
  }

  /**
   * Waits until the trace of a request is whole that no fault was in force for. A span whose parent
   * has not come in the end is taken for one whose parent is never sent: nobody waits for the
   * parents of such ones any more, until one comes.
   *
   * @param sent what the request said of its trace
   * @param longest how long to wait; then what has come is given, marked as incomplete
   * @return nothing if no span has come
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Optional<Trace> awaitHealthy(TraceParent sent, Duration longest)
      throws InterruptedException {
    return await(sent, longest, true);
  }

  private Optional<Trace> await(TraceParent sent, Duration longest, boolean healthy)
      throws InterruptedException {
    long end = time.nanos() + longest.toNanos();
    while (true) {
      long now = time.nanos();
      long left = end - now;
      long wait = quietNanos;
      lock.lock();
      try {
        @Nullable Gathered gathered = byTrace.get(sent.trace());
        boolean rooted = gathered != null && gathered.rooted(sent);
        if (gathered != null && rooted) {
          if (!parentless.lacksParents(gathered, sent)) {
            wait -= gathered.quietNanos(now);
          } else if (healthy && left <= 0) {
            parentless.learn(gathered, sent);
          }
          if (wait <= 0) {
            parentless.unlearn(gathered, sent);
          }
        }
        boolean whole = wait <= 0;
        if (whole || left <= 0) {
          return Optional.ofNullable(gathered).flatMap(all -> all.trace(sent, whole));
        }
      } finally {
        lock.unlock();
      }
      // What comes in the meantime is still found before it has been quiet for so long.
      time.sleep(Math.min(wait, left));
    }
  }
}
