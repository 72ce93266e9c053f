package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BreakerThreadsTest {

  private static final BreakerPolicy HASTY =
      BreakerPolicy.builder()
          .failureThreshold(3)
          .openFor(Duration.ofNanos(1))
          .probesAtOnce(4)
          .probeSuccesses(2)
          .probeLease(Duration.ofDays(1))
          .build();

  @Test
  void tenThousandVirtualThreadsLoseNoPermit() throws InterruptedException {
    CircuitBreaker breaker = CircuitBreaker.of("busy", HASTY);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10_000; i++) {
        int number = i;
        threads.execute(() -> useIt(breaker, number));
      }
    }

    assertThat(breaker.snapshot().probesOut()).isZero();
    recovers(breaker);
  }

  private static void useIt(CircuitBreaker breaker, int number) {
    for (int call = 0; call < 20; call++) {
      Permit permit = breaker.tryAcquire();
      switch ((number + call) % 4) {
        case 0 -> permit.success(0);
        case 1, 2 -> permit.failure(Blame.ENDPOINT, Hint.NONE, 0);
        default -> permit.release();
      }
    }
  }

  @Test
  void neverMoreProbesAreOutThanMayBe() {
    CircuitBreaker breaker = CircuitBreaker.of("busy", HASTY);
    breaker.trip();
    AtomicInteger out = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger granted = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10_000; i++) {
        threads.execute(() -> {
          Permit permit = breaker.tryAcquire();
          if (permit.isGranted()) {
            granted.incrementAndGet();
            most.accumulateAndGet(out.incrementAndGet(), Math::max);
            LockSupport.parkNanos(1);
            out.decrementAndGet();
            permit.release();
          }
        });
      }
    }

    assertThat(most.get()).isBetween(1, 4);
    // how many more than the first four find one free is the scheduler's affair
    assertThat(granted.get()).isGreaterThanOrEqualTo(4);
    assertThat(breaker.snapshot().probesOut()).isZero();
    assertThat(breaker.tryAcquire().isGranted()).isTrue();
  }

  /** However the crowd left it, a few good calls close it: nothing is stuck. */
  private static void recovers(CircuitBreaker breaker) throws InterruptedException {
    for (int i = 0; i < 1_000 && breaker.snapshot().state() != BreakerState.CLOSED; i++) {
      Permit permit = breaker.tryAcquire();
      if (permit.isGranted()) {
        permit.success(0);
      } else {
        Time.system().sleep(1_000_000);
      }
    }
    assertThat(breaker.snapshot().state()).isEqualTo(BreakerState.CLOSED);
  }

  /** The clock is read under the breaker's lock, so a clock that stops stops the lock. */
  private static final class StoppableTime implements Time {
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile @Nullable Thread stopped;

    @Override
    public long nanos() {
      if (Thread.currentThread().equals(stopped)) {
        try {
          goOn.await();
        } catch (InterruptedException interrupted) {
          throw new AssertionError(interrupted);
        }
      }
      return 0;
    }

    @Override
    public long coarseNanos() {
      return Long.MAX_VALUE / 2;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }

    @Override
    public void sleep(long nanos) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Timer after(long nanos, Executor executor, Runnable task) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void whoAsksWhileTheLastProbeComesBackIsAdmittedByWhatComesNext() throws Exception {
    StoppableTime time = new StoppableTime();
    CircuitBreaker breaker =
        new CircuitBreaker("busy", HASTY, time, SharedRandom.INSTANCE, event -> {});
    breaker.trip();
    breaker.acquire().success(0);
    Permit last = breaker.acquire();
    CompletableFuture<Permit> asked = new CompletableFuture<>();
    Thread closer = Thread.ofPlatform().unstarted(() -> last.success(0));
    Thread asker = Thread.ofPlatform().unstarted(() -> asked.complete(breaker.tryAcquire()));
    time.stopped = closer;

    closer.start();
    waitsSoon(closer);
    asker.start();
    waitsSoon(asker);
    time.goOn.countDown();

    assertThat(asked.get(10, TimeUnit.SECONDS)).isInstanceOf(ClosedGeneration.class);
  }

  private static void waitsSoon(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aHotWindowLosesNoCall() {
    SlicedWindow window = new SlicedWindow(Duration.ofHours(1).toNanos(), true, Time.system());
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        threads.execute(() -> {
          for (int call = 0; call < 100_000; call++) {
            if (call % 10 == 0) {
              window.failure();
            } else if (call % 10 == 1) {
              window.slow(true);
            } else {
              window.success();
            }
          }
        });
      }
    }
    assertThat(window.counts()).isEqualTo(new CallWindow.Counts(400_000, 80_000, 40_000));
  }

  @Test
  void theLastCallsAreCountedExactlyWhateverTheThreads() {
    LastCalls window = new LastCalls(1_000, true);
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        threads.execute(() -> {
          for (int call = 0; call < 100_000; call++) {
            window.slow(call % 2 == 0);
          }
        });
      }
    }
    for (int i = 0; i < 300; i++) {
      window.failure();
    }
    for (int i = 0; i < 700; i++) {
      window.success();
    }
    assertThat(window.counts()).isEqualTo(new CallWindow.Counts(1_000, 300, 0));
  }
}
