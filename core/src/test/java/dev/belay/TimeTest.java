package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TimeTest {
  @Nested
  class Virtual {
    private final VirtualTime time = new VirtualTime();
    private final List<String> happened = new ArrayList<>();

    @Test
    void sleepingMovesItAndLetsThingsHappenOnTheWay() throws InterruptedException {
      time.after(Duration.ofSeconds(2).toNanos(), Runnable::run, () -> happened.add("two"));
      time.after(Duration.ofSeconds(1).toNanos(), Runnable::run, () -> happened.add("one"));
      time.after(Duration.ofSeconds(9).toNanos(), Runnable::run, () -> happened.add("nine"));
      time.sleep(Duration.ofSeconds(3).toNanos());
      time.sleep(0);
      assertThat(happened).containsExactly("one", "two");
      assertThat(time.passed()).isEqualTo(Duration.ofSeconds(3));
      assertThat(time.instant()).isEqualTo("2026-01-01T00:00:03Z");
    }

    @Test
    void whatIsCancelledDoesNotHappen() {
      Time.Timer timer = time.after(5, Runnable::run, () -> happened.add("no"));
      timer.cancel();
      timer.cancel();
      time.run();
      assertThat(happened).isEmpty();
    }

    @Test
    void thingsMayCauseFurtherThings() {
      time.after(
          5,
          Runnable::run,
          () -> time.after(5, Runnable::run, () -> happened.add("at " + time.nanos())));
      time.run();
      assertThat(happened).containsExactly("at 10");
    }

    @Test
    void sleepingObeysAnInterrupt() {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> time.sleep(5)).isInstanceOf(InterruptedException.class);
      time.after(5, Runnable::run, Thread.currentThread()::interrupt);
      assertThatThrownBy(() -> time.sleep(50)).isInstanceOf(InterruptedException.class);
    }
  }

  @Nested
  class Real {
    private final Time time = Time.system();

    @Test
    void sleepingTakesAtLeastAsLongAsAsked() throws InterruptedException {
      long start = time.nanos();
      time.sleep(300_000);
      assertThat(time.nanos() - start).isGreaterThanOrEqualTo(300_000);
      time.sleep(0);
      time.sleep(-1);
    }

    @Test
    void sleepingObeysAnInterrupt() throws InterruptedException {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> time.sleep(5)).isInstanceOf(InterruptedException.class);

      CountDownLatch ended = new CountDownLatch(1);
      Thread sleeper =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  time.sleep(Duration.ofHours(1).toNanos());
                } catch (InterruptedException expected) {
                  ended.countDown();
                }
              });
      sleeper.interrupt();
      assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void timersHandOverToTheExecutor() {
      CompletableFuture<String> thread = new CompletableFuture<>();
      time.after(
          1_000,
          task -> Thread.ofVirtual().name("mine").start(task),
          () -> thread.complete(Thread.currentThread().getName()));
      assertThat(thread.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo("mine");
      time.after(Duration.ofDays(1).toNanos(), Runnable::run, () -> {}).cancel();
    }

    @Test
    void coarseTimeFollowsTheClock() throws InterruptedException {
      long first = time.coarseNanos();
      time.sleep(50_000_000);
      long moved = time.coarseNanos() - first;
      assertThat(moved).isGreaterThan(20_000_000);
      assertThat(time.coarseNanos()).isLessThanOrEqualTo(time.nanos());
      assertThat(time.instant()).isNotNull();
    }
  }

  @Test
  void theTickerSleepsWhileNobodyAsksAndWakesWhenSomebodyDoes() throws InterruptedException {
    AtomicLong reads = new AtomicLong();
    Ticker ticker = new Ticker(reads::incrementAndGet);
    ticker.nanos();
    // a ticker that is kept waiting for a processor looks asleep for a moment
    long before = -1;
    for (int still = 0; still < 10; still++) {
      if (reads.get() != before) {
        before = reads.get();
        still = 0;
      }
      Time.system().sleep(10_000_000);
    }
    long asleep = reads.get();
    // it wakes beside the read that woke it, so either may come first
    assertThat(ticker.nanos()).isGreaterThan(asleep);
    while (reads.get() < asleep + 5) {
      Time.system().sleep(1_000_000);
    }
    assertThat(ticker.nanos()).isGreaterThan(asleep + 1);
  }

  @Nested
  class Deadlines {
    private final VirtualTime time = new VirtualTime();

    @Test
    void shrinkAsTimePasses() {
      Deadline deadline = Deadline.in(Duration.ofSeconds(2), time);
      time.advance(Duration.ofSeconds(1));
      assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(1));
      assertThat(deadline.passed()).isFalse();
      assertThat(deadline).hasToString("Deadline[in PT1S]");
      time.advance(Duration.ofSeconds(5));
      assertThat(deadline.left()).isZero();
      assertThat(deadline.passed()).isTrue();
    }

    @Test
    void theEarlierOneWins() {
      Deadline soon = Deadline.in(Duration.ofSeconds(1), time);
      Deadline late = Deadline.in(Duration.ofSeconds(2), time);
      assertThat(soon.earlier(late)).isSameAs(soon);
      assertThat(late.earlier(soon)).isSameAs(soon);
      assertThat(Deadline.NEVER.earlier(soon)).isSameAs(soon);
      assertThat(soon.earlier(Deadline.NEVER)).isSameAs(soon);
    }

    @Test
    void neverNeverPasses() {
      assertThat(Deadline.in(RetryPolicy.FOREVER, time)).isSameAs(Deadline.NEVER);
      assertThat(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE), time)).isSameAs(Deadline.NEVER);
      assertThat(Deadline.NEVER.passed()).isFalse();
      assertThat(Deadline.NEVER.left()).isEqualTo(RetryPolicy.FOREVER);
      assertThat(Deadline.NEVER).hasToString("Deadline[never]");
    }
  }

  @Test
  void lengthsStopAtTheEnds() {
    assertThat(Nanos.plus(Long.MAX_VALUE, 5)).isEqualTo(Long.MAX_VALUE);
    assertThat(Nanos.of(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
    assertThat(Nanos.ofDouble(Double.NaN)).isZero();
    assertThat(Nanos.ofDouble(1e300)).isEqualTo(Long.MAX_VALUE);
  }
}
