package dev.belay.proxy.health;

import dev.belay.proxy.Upstream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One proxy that is watched. All of it is guarded by the lock of the monitor that watches it. */
final class Watch {
  /** After which a proxy that failed is checked again, to be sure. */
  private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

  Upstream upstream;
  long dueAt;
  @Nullable HealthReport last;
  @Nullable CompletableFuture<HealthReport> running;

  private int failuresInRow;
  private long failingSince;

  /** Failures in a row that are the proxy's fault. */
  private int blamed;

  /** Failures in a row that are the proxy's fault only if others can be reached. */
  private int heldBack;

  Watch(Upstream upstream, long dueAt) {
    this.upstream = upstream;
    this.dueAt = dueAt;
  }

  void worked() {
    failuresInRow = 0;
    blamed = 0;
    heldBack = 0;
  }

  void failed(long now) {
    if (failuresInRow == 0) {
      failingSince = now;
    }
    failuresInRow++;
  }

  void holdBack() {
    heldBack++;
  }

  /** The failure was the proxy's, and so were those that were held back. */
  void blame() {
    blamed += 1 + heldBack;
    heldBack = 0;
  }

  boolean isWell() {
    return failuresInRow == 0;
  }

  long failingFor(long now) {
    return now - failingSince;
  }

  int blamed() {
    return blamed;
  }

  /** How long the proxy is left alone until its next check, in nanoseconds. */
  long pause(HealthSettings.Schedule schedule, RandomGenerator random) {
    double share = 1 - schedule.jitter() * random.nextDouble();
    long regular = (long) (schedule.interval().toNanos() * share);
    boolean sure = failuresInRow == 0 || failuresInRow >= schedule.failuresToOpen();
    long test = upstream.breaker().untilTest().toNanos();
    long wait = sure ? regular : Math.min(regular, SECOND_LOOK.toNanos());
    // a breaker that could be tested sooner is
    return test > 0 ? Math.min(wait, test) : wait;
  }
}
