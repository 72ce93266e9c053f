package dev.belay.bench.criteria;

import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerSnapshot;
import dev.belay.BreakerState;
import dev.belay.CircuitBreaker;
import dev.belay.Hint;
import dev.belay.Permit;
import dev.belay.RetryPolicy;
import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.select.RoundRobin;
import dev.belay.testkit.Behaviour;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** SC-004 and SC-008: how soon breakers act, and that no permit is lost between threads. */
final class BreakerCriteria {
  private static final int OPENINGS = 10_000;
  private static final int BREAKERS = 16;
  private static final int CALLS = 100;
  private static final long PERMIT_NANOS = 100_000;
  private static final int THRESHOLD = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Effort effort;

  BreakerCriteria(Effort effort) {
    this.effort = effort;
  }

  List<Finding> all() throws IOException, InterruptedException {
    return List.of(transition(), transitionOfAProxy(), permits());
  }

  /** From the failure that is one too many to the edge that is published. */
  Finding transition() {
    Time time = Time.system();
    long[] took = new long[OPENINGS];
    AtomicLong edge = new AtomicLong();
    for (int i = 0; i < took.length; i++) {
      CircuitBreaker breaker =
          new CircuitBreaker(
              "measured",
              BreakerPolicy.DEFAULT,
              time,
              SharedRandom.INSTANCE,
              event -> edge.set(time.nanos()));
      for (int failure = 1; failure < THRESHOLD; failure++) {
        fail(breaker);
      }
      long start = time.nanos();
      fail(breaker);
      took[i] = edge.get() - start;
    }
    Arrays.sort(took);
    double longest = took[took.length - 1] / 1e6;
    return new Finding(
        "SC-004",
        "measured, %d openings".formatted(OPENINGS),
        "at most %.3f ms, P99 %.4f ms".formatted(longest, took[took.length * 99 / 100] / 1e6),
        "< 1000 ms",
        took[0] >= 0 && longest < 1_000);
  }

  private static void fail(CircuitBreaker breaker) {
    breaker.acquire().failure(Blame.ENDPOINT, Hint.NONE, 0);
  }

  /** The same through the forward proxy, from the moment its client sends the fifth request. */
  Finding transitionOfAProxy() throws IOException, InterruptedException {
    Time time = Time.system();
    CompletableFuture<Long> edge = new CompletableFuture<>();
    LiveWorld.Rules rules =
        new LiveWorld.Rules(
            RetryPolicy.named("default").maxAttempts(1).build(),
            BreakerPolicy.DEFAULT,
            true,
            new RoundRobin(),
            event -> edge.complete(time.nanos()));
    Behaviour locked = Behaviour.wrongCredentials();
    try (LiveWorld live = LiveWorld.start(List.of(0.), locked, Duration.ZERO, rules)) {
      Requests requests = new Requests(live.port());
      requests.paced(THRESHOLD - 1, 1_000);
      long start = time.nanos();
      requests.paced(1, 1);
      double millis = (edge.get(10, TimeUnit.SECONDS) - start) / 1e6;
      return new Finding(
          "SC-004",
          "live, with the fifth request",
          "%.1f ms".formatted(millis),
          "< 1000 ms",
          millis >= 0 && millis < 1_000);
    } catch (ExecutionException | TimeoutException never) {
      return new Finding("SC-004", "live", "it never opened", "< 1000 ms", false);
    }
  }

  /**
   * Threads take permits and settle them in every way, at breakers that open and close all the
   * time. Afterwards each has to admit a call and close again, and none may still have a probe out.
   */
  Finding permits() throws InterruptedException {
    Time time = Time.system();
    BreakerPolicy policy =
        BreakerPolicy.builder()
            .failureThreshold(50)
            .openFor(Duration.ofMillis(1))
            .probesAtOnce(2)
            .build();
    AtomicLong edges = new AtomicLong();
    List<CircuitBreaker> breakers = new ArrayList<>();
    for (int i = 0; i < BREAKERS; i++) {
      breakers.add(
          new CircuitBreaker(
              "b" + i, policy, time, SharedRandom.INSTANCE, event -> edges.incrementAndGet()));
    }
    AtomicLong granted = new AtomicLong();
    long start = time.nanos();
    boolean finished = crowd(breakers, granted);
    double seconds = (time.nanos() - start) / 1e9;
    long lost = breakers.stream().mapToLong(one -> one.snapshot().probesOut()).sum();
    int stuck = 0;
    for (CircuitBreaker breaker : breakers) {
      stuck += closesAgain(breaker, time) ? 0 : 1;
    }
    return new Finding(
        "SC-008",
        "measured, %d virtual threads".formatted(effort.threads()),
        "%d permits lost, %d breakers stuck; %d granted, %d edges, %.1f s%s"
            .formatted(
                lost, stuck, granted.get(), edges.get(), seconds, finished ? "" : ", not finished"),
        "0 lost, 0 stuck",
        finished && lost == 0 && stuck == 0 && edges.get() > 0);
  }

  private boolean crowd(List<CircuitBreaker> breakers, AtomicLong granted)
      throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(effort.threads());
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    List<Future<Integer>> all = new ArrayList<>();
    for (int i = 0; i < effort.threads(); i++) {
      int first = i;
      all.add(
          threads.submit(() -> {
            ready.countDown();
            ready.await();
            int mine = 0;
            for (int call = 0; call < CALLS; call++) {
              Permit permit = breakers.get((first + call) % BREAKERS).tryAcquire();
              if (call % 10 == 0) {
                // others come in between while this one is out
                Time.system().sleep(PERMIT_NANOS);
              }
              mine += settle(permit, call);
            }
            granted.addAndGet(mine);
            return mine;
          }));
    }
    threads.shutdown();
    if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      threads.shutdownNow();
      return false;
    }
    return all.stream().allMatch(one -> one.state() == Future.State.SUCCESS);
  }

  /** In turn: badly, not at all, badly by who knows whom, and otherwise well. */
  private static int settle(Permit permit, int call) {
    if (!permit.isGranted()) {
      return 0;
    }
    switch (call % 8) {
      case 0 -> permit.failure(Blame.ENDPOINT, Hint.NONE, 0);
      case 1 -> permit.release();
      case 2 -> permit.failure(Blame.UNKNOWN, Hint.NONE, 0);
      default -> permit.success(0);
    }
    return 1;
  }

  private static boolean closesAgain(CircuitBreaker breaker, Time time)
      throws InterruptedException {
    for (int attempt = 0; attempt < 10; attempt++) {
      time.sleep(Math.max(0, breaker.untilTest().toNanos()) + 1_000_000);
      breaker.tryAcquire().success(0);
      BreakerSnapshot now = breaker.snapshot();
      if (now.state() == BreakerState.CLOSED && now.probesOut() == 0) {
        return true;
      }
    }
    return false;
  }
}
