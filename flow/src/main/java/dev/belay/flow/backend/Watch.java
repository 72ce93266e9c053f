package dev.belay.flow.backend;

import dev.belay.Deadline;
import dev.belay.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks whether an attempt takes too long, as a whole or without a sign of life. Safe for any
 * number of threads.
 */
final class Watch implements AutoCloseable {
  private static final Executor THREADS = Thread::startVirtualThread;

  /** So long that a sum of two cannot overflow. */
  private static final Duration LONGEST = Duration.ofDays(10_000);

  private final Time time;
  private final Duration idle;
  private final Runnable tooLate;
  private final AtomicReference<String> late = new AtomicReference<>("");
  private final AtomicReference<Time.Timer> idleTimer = new AtomicReference<>(() -> {});
  private final Time.Timer wholeTimer;
  private volatile long lastSign;
  private volatile boolean closed;

  /**
   * Begins to look.
   *
   * @param deadline of the whole
   * @param tooLate called at most once
   */
  Watch(AgentCall call, Deadline deadline, Time time, Runnable tooLate) {
    this.time = time;
    this.idle = call.idleTimeout().compareTo(LONGEST) < 0 ? call.idleTimeout() : LONGEST;
    this.tooLate = tooLate;
    this.lastSign = time.nanos();
    this.wholeTimer =
        time.after(
            deadline.left().toNanos(),
            THREADS,
            () -> end("took longer than %s".formatted(text(call.timeout()))));
  }

  /** From now on signs of life are waited for, too. */
  Watch andIdle() {
    sign();
    lookIn(idle.toNanos());
    return this;
  }

  private void lookIn(long nanos) {
    idleTimer.set(time.after(nanos, THREADS, this::look));
    if (closed) {
      idleTimer.get().cancel();
    }
  }

  private void look() {
    long left = lastSign + idle.toNanos() - time.nanos();
    if (left <= 0) {
      end("gave no sign of life for %s".formatted(text(idle)));
    } else if (!closed) {
      lookIn(left);
    }
  }

  private void end(String why) {
    if (!closed && late.compareAndSet("", why)) {
      tooLate.run();
    }
  }

  /** It lives. */
  void sign() {
    lastSign = time.nanos();
  }

  /** Which limit has passed, if one has. */
  Optional<String> late() {
    return Optional.of(late.get()).filter(why -> !why.isEmpty());
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  @Override
  public void close() {
    closed = true;
    wholeTimer.cancel();
    idleTimer.get().cancel();
  }
}
