package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AsyncTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> log = new ArrayList<>();

  private Belay<Endpoint> over(RetryPolicy policy, String... names) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String name : names) {
      endpoints.add(
          new Endpoint(
              name,
              Endpoint.Traits.NONE,
              new CircuitBreaker(
                  name, BreakerPolicy.DEFAULT, time, SharedRandom.INSTANCE, event -> {})));
    }
    Selection first =
        new Selection() {
          @Override
          public <E extends Endpoint> E select(List<E> candidates, Call call) {
            return candidates.getFirst();
          }
        };
    return Belay.over(Pool.of("pool", first, endpoints))
        .policy(policy)
        .time(time)
        .executor(Runnable::run)
        .build();
  }

  /** Answers after a while, and writes down what happens to it. */
  private AsyncOperation<Endpoint, String> after(Duration... delays) {
    return new AsyncOperation<>() {
      @Override
      public CompletionStage<String> start(Attempt<Endpoint> attempt) {
        String name = attempt.endpoint().name() + attempt.number();
        log.add("start " + name + " at " + time.passed().toMillis());
        CompletableFuture<String> future = new CompletableFuture<>();
        Duration delay = delays[attempt.number() - 1];
        if (delay.isNegative()) {
          time.after(
              delay.negated().toNanos(),
              Runnable::run,
              () -> future.completeExceptionally(new IOException(name)));
        } else {
          time.after(delay.toNanos(), Runnable::run, () -> future.complete(name));
        }
        var unused =
            future.whenComplete((value, failure) -> {
              if (failure instanceof CancellationException) {
                log.add("cancel " + name + " at " + time.passed().toMillis());
              }
            });
        return future;
      }

      @Override
      public void discard(String value) {
        log.add("discard " + value);
      }
    };
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void retriesWithoutHoldingAThread() {
    Belay<Endpoint> belay = over(RetryPolicy.DEFAULT, "a", "b");
    CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(-10), ms(5)));
    assertThat(result).isNotDone();
    time.run();
    assertThat(result).isCompletedWithValue("b2");
    assertThat(log).containsExactly("start a1 at 0", "start b2 at 1010");
  }

  @Test
  void whatAUserWroteAndThrowsEndsTheCallAndLosesNothing() {
    RetryPolicy broken =
        RetryPolicy.named("x")
            .backoff(
                Backoff.custom(failures -> {
                  throw new IllegalStateException("backoff");
                }))
            .build();
    Belay<Endpoint> belay = over(broken, "a");

    CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(-10)));
    time.run();

    assertThat(result)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("backoff");
    assertThat(belay.pool().endpoints().getFirst().stats().inFlight()).isZero();
  }

  @Test
  void anErrorOfTheClassifierEndsTheCall() {
    Classifier broken =
        Classifier.builder()
            .value(
                String.class,
                value -> {
                  throw new StackOverflowError("rule");
                },
                value -> Verdict.SUCCESS)
            .build();
    Belay<Endpoint> belay =
        Belay.over(over(RetryPolicy.DEFAULT, "a").pool()).classifier(broken).time(time).build();

    CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(10)));
    time.run();

    assertThat(result).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("rule");
    assertThat(belay.pool().endpoints().getFirst().stats().inFlight()).isZero();
  }

  @Test
  void whatDiscardThrowsLosesNothing() {
    Classifier classifier =
        Classifier.builder()
            .value(
                String.class,
                value -> value.startsWith("a"),
                value -> Verdict.retry(ErrorClass.STATUS, Blame.ENDPOINT))
            .build();
    AsyncOperation<Endpoint, String> answers = after(ms(1), ms(1));
    AsyncOperation<Endpoint, String> broken =
        new AsyncOperation<>() {
          @Override
          public CompletionStage<String> start(Attempt<Endpoint> attempt) {
            return answers.start(attempt);
          }

          @Override
          public void discard(String value) {
            throw new UncheckedIOException(new IOException("cannot close"));
          }
        };
    Belay<Endpoint> belay =
        Belay.over(over(RetryPolicy.DEFAULT, "a", "b").pool())
            .time(time)
            .classifier(classifier)
            .build();
    Thread.currentThread().setUncaughtExceptionHandler((thread, fault) -> log.add("told"));
    CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, broken);
    time.run();
    Thread.currentThread().setUncaughtExceptionHandler(null);

    assertThat(result).isCompletedWithValue("b2");
    assertThat(log).contains("told");
    assertThat(belay.pool().endpoints()).allMatch(endpoint -> endpoint.stats().inFlight() == 0);
  }

  @Test
  void aCallWhoseExecutorRejectsItsTasksComesToItsEnd() throws Exception {
    Belay<Endpoint> belay =
        Belay.guard(Endpoint.of("a"))
            .policy(RetryPolicy.named("quick").backoff(Backoff.fixed(ms(1))).build())
            .executor(task -> {
              throw new RejectedExecutionException("full");
            })
            .build();
    AtomicInteger attempts = new AtomicInteger();

    CompletableFuture<String> result =
        belay.callAsync(() ->
            attempts.incrementAndGet() < 3
                ? CompletableFuture.failedFuture(new IOException("no"))
                : CompletableFuture.completedFuture("yes"));

    assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo("yes");
  }

  @Test
  void inVirtualTimeAllHappensOnTheThreadThatMovesIt() {
    Belay<Endpoint> belay =
        Belay.over(over(RetryPolicy.DEFAULT, "a", "b").pool()).time(time).build();
    List<Thread> threads = new ArrayList<>();
    AsyncOperation<Endpoint, String> answers = after(ms(-10), ms(5));

    CompletableFuture<String> result =
        belay.callAsync(
            Call.DEFAULT,
            attempt -> {
              threads.add(Thread.currentThread());
              return answers.start(attempt);
            });
    time.run();

    assertThat(result).isCompletedWithValue("b2");
    assertThat(threads).containsOnly(Thread.currentThread());
  }

  @Test
  void aSelectionThatThrowsEndsTheCall() {
    Selection broken =
        new Selection() {
          @Override
          public <E extends Endpoint> E select(List<E> candidates, Call call) {
            throw new IllegalStateException("selection");
          }
        };
    List<Endpoint> endpoints = over(RetryPolicy.DEFAULT, "a", "b").pool().endpoints();
    Belay<Endpoint> belay =
        Belay.over(Pool.of("pool", broken, endpoints)).time(time).executor(Runnable::run).build();

    assertThat(belay.callAsync(Call.DEFAULT, after(ms(1))))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("selection");
  }

  @Test
  void tenThousandCallsInOneSimulation() {
    Belay<Endpoint> belay = over(RetryPolicy.DEFAULT, "a", "b", "c");
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      results.add(
          belay.callAsync(() -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            time.after(1_000_000, Runnable::run, () -> answer.complete("yes"));
            return answer;
          }));
    }
    time.run();
    assertThat(results).allMatch(result -> result.join().equals("yes"));
    assertThat(time.passed()).isEqualTo(ms(1));
  }

  @Test
  void operationsThatThrowAtOnceAreFailuresToo() {
    Belay<Endpoint> belay = over(RetryPolicy.NONE, "a");
    CompletableFuture<String> result =
        belay.callAsync(
            Call.DEFAULT,
            attempt -> {
              throw new IllegalStateException("at once");
            });
    assertThatThrownBy(result::join)
        .hasCauseInstanceOf(CallFailed.class)
        .hasRootCauseMessage("at once");
  }

  @Test
  void aRefusalCompletesTheFuture() {
    Belay<Endpoint> belay = over(RetryPolicy.DEFAULT, "a");
    belay.pool().endpoints().getFirst().breaker().trip();
    assertThatThrownBy(belay.callAsync(Call.DEFAULT, after())::join)
        .hasCauseInstanceOf(CallRefused.class);
  }

  @Test
  void valuesThatNobodySeesAreDiscarded() {
    Classifier classifier =
        Classifier.builder()
            .value(
                String.class,
                value -> value.startsWith("a"),
                value -> Verdict.retry(ErrorClass.STATUS, Blame.ENDPOINT))
            .build();
    Belay<Endpoint> belay =
        Belay.over(over(RetryPolicy.DEFAULT, "a", "b").pool())
            .time(time)
            .executor(Runnable::run)
            .classifier(classifier)
            .build();
    CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(1), ms(1)));
    time.run();
    assertThat(result).isCompletedWithValue("b2");
    assertThat(log).containsExactly("start a1 at 0", "discard a1", "start b2 at 1001");
  }

  @Nested
  class AttemptTimeouts {
    private final RetryPolicy policy =
        RetryPolicy.named("x").maxAttempts(2).attemptTimeout(ms(100)).build();

    @Test
    void cancelTheAttemptAndTryElsewhere() {
      Belay<Endpoint> belay = over(policy, "a", "b");
      CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(5000), ms(50)));
      time.run();
      assertThat(result).isCompletedWithValue("b2");
      assertThat(log).containsExactly("start a1 at 0", "cancel a1 at 100", "start b2 at 1100");
      assertThat(belay.pool().endpoints().getFirst().breaker().snapshot().failureCount())
          .isEqualTo(1);
    }

    @Test
    void endTheCallWhenNoneIsLeft() {
      Belay<Endpoint> belay = over(policy, "a", "b");
      CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(5000), ms(5000)));
      time.run();
      assertThatThrownBy(result::join).hasRootCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void discardAValueThatComesTooLate() {
      Belay<Endpoint> belay = over(policy, "a", "b");
      List<CompletableFuture<String>> stubborn = new ArrayList<>();
      CompletableFuture<String> result =
          belay.callAsync(
              Call.DEFAULT,
              new AsyncOperation<>() {
                @Override
                public CompletionStage<String> start(Attempt<Endpoint> attempt) {
                  CompletableFuture<String> deaf =
                      new CompletableFuture<>() {
                        @Override
                        public boolean cancel(boolean mayInterrupt) {
                          return false;
                        }
                      };
                  stubborn.add(deaf);
                  return deaf;
                }

                @Override
                public void discard(String value) {
                  log.add("discard " + value);
                }
              });
      time.advance(ms(1100));
      stubborn.get(0).complete("late");
      stubborn.get(1).complete("in time");
      assertThat(result).isCompletedWithValue("in time");
      assertThat(log).containsExactly("discard late");
    }
  }

  @Nested
  class Hedging {
    private final RetryPolicy hedged =
        RetryPolicy.named("hedged").maxAttempts(3).hedge(Hedge.after(ms(100))).build();

    @Test
    void startsASecondAttemptElsewhereAndCancelsTheLoser() {
      Belay<Endpoint> belay = over(hedged, "a", "b");
      CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(900), ms(50)));
      time.run();
      assertThat(result).isCompletedWithValue("b2");
      assertThat(log).containsExactly("start a1 at 0", "start b2 at 100", "cancel a1 at 150");
      assertThat(belay.pool().endpoints()).allMatch(endpoint -> endpoint.stats().inFlight() == 0);
      assertThat(belay.pool().endpoints().getFirst().breaker().snapshot().failureCount()).isZero();
    }

    @Test
    void findsOutAnEndpointThatHangsAlthoughOthersAnswerInItsPlace() {
      Belay<Endpoint> belay = over(hedged, "hangs", "answers");
      for (int i = 0; i < 6; i++) {
        CompletableFuture<String> result =
            belay.callAsync(
                Call.DEFAULT,
                attempt ->
                    attempt.endpoint().name().equals("hangs")
                        ? new CompletableFuture<>()
                        : after(ms(50), ms(50)).start(attempt));
        time.advance(ms(200));
        assertThat(result).isCompleted();
      }
      Endpoint hanging = belay.pool().endpoints().getFirst();
      assertThat(hanging.breaker().state()).isEqualTo(BreakerState.OPEN);
      assertThat(hanging.stats().snapshot().meanNanos()).isEqualTo(150e6);
      assertThat(log).filteredOn(line -> line.startsWith("start")).hasSize(6);
    }

    @Test
    void leavesTheRecordAloneOfOneThatWasNotMuchSlower() {
      Belay<Endpoint> belay = over(hedged, "a", "b");
      for (int i = 0; i < 20; i++) {
        CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(400), ms(200)));
        time.advance(ms(500));
        assertThat(result).isCompletedWithValue("b2");
      }
      Endpoint slower = belay.pool().endpoints().getFirst();
      assertThat(slower.breaker().state()).isEqualTo(BreakerState.CLOSED);
      assertThat(slower.stats().snapshot().meanNanos()).isZero();
    }

    @Test
    void hedgesOneInTwentyHoweverLongTheTail() {
      RetryPolicy tail = RetryPolicy.named("tail").hedge(Hedge.percentile(0.95, ms(1))).build();
      Belay<Endpoint> belay =
          Belay.over(over(tail, "a", "b").pool())
              .policy(tail)
              .budget(RetryBudget.unlimited())
              .time(time)
              .build();
      SplittableRandom random = new SplittableRandom(3);
      int[] attempts = {0};
      int calls = 20_000;
      for (int i = 0; i < calls; i++) {
        CompletableFuture<String> result =
            belay.callAsync(() -> {
              attempts[0]++;
              CompletableFuture<String> answer = new CompletableFuture<>();
              double millis = 50 * Math.exp(1.5 * random.nextGaussian());
              time.after((long) (millis * 1e6), Runnable::run, () -> answer.complete("yes"));
              return answer;
            });
        time.run();
        assertThat(result).isCompleted();
      }
      assertThat((attempts[0] - calls) / (double) calls).isBetween(0.02, 0.07);
    }

    @Test
    void doesNotDisturbAQuickCall() {
      Belay<Endpoint> belay = over(hedged, "a", "b");
      CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(99), ms(1)));
      time.run();
      assertThat(result).isCompletedWithValue("a1");
      assertThat(log).containsExactly("start a1 at 0");
    }

    @Test
    void aFailureDoesNotWinWhileTheOtherStillRuns() {
      Belay<Endpoint> belay = over(hedged, "a", "b");
      CompletableFuture<String> result =
          belay.callAsync(Call.DEFAULT, after(ms(300), ms(-50), ms(-500)));
      time.run();
      assertThat(result).isCompletedWithValue("a1");
    }

    @Test
    void aHedgeThatFailsIsReplacedAtOnce() {
      Belay<Endpoint> belay = over(hedged, "a", "b", "c");
      CompletableFuture<String> result =
          belay.callAsync(Call.DEFAULT, after(ms(9_000), ms(-20), ms(30)));
      time.run();
      assertThat(result).isCompletedWithValue("c3");
      assertThat(log)
          .containsExactly(
              "start a1 at 0", "start b2 at 100", "start c3 at 120", "cancel a1 at 150");
    }

    @Test
    void aValueThatLosesIsDiscarded() {
      Classifier classifier =
          Classifier.builder()
              .value(
                  String.class,
                  value -> value.startsWith("b"),
                  value -> Verdict.retry(ErrorClass.STATUS, Blame.ENDPOINT))
              .build();
      Belay<Endpoint> belay =
          Belay.over(over(hedged, "a", "b").pool())
              .policy(hedged.toBuilder().maxAttempts(2).build())
              .time(time)
              .executor(Runnable::run)
              .classifier(classifier)
              .build();
      CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(300), ms(50)));
      time.run();
      assertThat(result).isCompletedWithValue("a1");
      assertThat(log).containsExactly("start a1 at 0", "start b2 at 100", "discard b2");
    }

    @Test
    void retriesWhenAllFailed() {
      Belay<Endpoint> belay = over(hedged, "a", "b", "c");
      CompletableFuture<String> result =
          belay.callAsync(Call.DEFAULT, after(ms(-300), ms(-50), ms(10)));
      time.run();
      assertThat(result).isCompletedWithValue("c3");
    }

    @Test
    void leavesCallsAloneThatMayNotBeRepeated() {
      Belay<Endpoint> belay = over(hedged, "a", "b");
      CompletableFuture<String> result =
          belay.callAsync(Call.DEFAULT.withIdempotent(false), after(ms(900), ms(1)));
      time.run();
      assertThat(result).isCompletedWithValue("a1");
    }

    @Test
    void doesNotDoTwiceAtOnceWhatMayOnlyBeRepeatedOnceItFailed() {
      RetryPolicy repeating = hedged.toBuilder().retryNonIdempotent(true).build();
      Belay<Endpoint> belay = over(repeating, "a", "b");
      CompletableFuture<String> result =
          belay.callAsync(Call.DEFAULT.withIdempotent(false), after(ms(900), ms(1)));
      time.run();
      assertThat(result).isCompletedWithValue("a1");
    }

    @Test
    void takesTokensOfTheBudget() {
      Belay<Endpoint> belay =
          Belay.over(over(hedged, "a", "b").pool())
              .policy(hedged)
              .time(time)
              .executor(Runnable::run)
              .budget(RetryBudget.of(0, 0, 1, time))
              .build();
      CompletableFuture<String> first = belay.callAsync(Call.DEFAULT, after(ms(900), ms(10)));
      time.run();
      CompletableFuture<String> second = belay.callAsync(Call.DEFAULT, after(ms(900), ms(10)));
      time.run();
      assertThat(first).isCompletedWithValue("b2");
      assertThat(second).isCompletedWithValue("a1");
      assertThat(belay.budget().refusals()).isEqualTo(1);
    }

    @Test
    void givesItsTokenBackWhereNoEndpointIsFree() {
      RetryBudget budget = RetryBudget.of(0, 0, 2, time);
      Belay<Endpoint> belay =
          Belay.over(over(hedged, "a").pool())
              .policy(hedged)
              .time(time)
              .executor(Runnable::run)
              .budget(budget)
              .build();
      CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(900)));
      belay.pool().endpoints().getFirst().breaker().trip();
      time.run();
      assertThat(result).isCompletedWithValue("a1");
      assertThat(budget.available()).isEqualTo(2);
    }

    /** As {@code hedged}; the first attempt fails with a hint of five seconds. */
    private Belay<Endpoint> asksForPatience(String number, Blame blame, String... names) {
      Classifier classifier =
          Classifier.builder()
              .failure(
                  IOException.class,
                  failure -> String.valueOf(failure.getMessage()).endsWith(number),
                  failure ->
                      Verdict.retry(ErrorClass.OTHER, blame)
                          .withHint(Hint.after(Duration.ofSeconds(5), "Retry-After")))
              .build();
      return Belay.over(over(hedged, names).pool())
          .policy(hedged)
          .classifier(classifier)
          .time(time)
          .executor(Runnable::run)
          .build();
    }

    @Test
    void theHintOfAnAttemptThatFailedBesideAnotherIsMindedByTheRetry() {
      Belay<Endpoint> belay = asksForPatience("1", Blame.TARGET, "a", "b", "c");

      var unused = belay.callAsync(Call.DEFAULT, after(ms(-150), ms(-100), ms(10)));
      time.run();

      assertThat(log).containsExactly("start a1 at 0", "start b2 at 100", "start c3 at 5150");
    }

    @Test
    void theHintOfAnEndpointDoesNotBindTheNextOne() {
      Belay<Endpoint> belay = asksForPatience("1", Blame.ENDPOINT, "a", "b", "c");

      var unused = belay.callAsync(Call.DEFAULT, after(ms(-150), ms(-100), ms(10)));
      time.run();

      assertThat(log.getLast()).isEqualTo("start c3 at 2200");
    }

    /** The first attempt fails with 5 s for all, the second with 30 s for its endpoint alone. */
    private Belay<Endpoint> asksTwice(RetryPolicy policy) {
      Classifier classifier =
          Classifier.builder()
              .failure(
                  IOException.class,
                  failure -> String.valueOf(failure.getMessage()).endsWith("1"),
                  failure ->
                      Verdict.retry(ErrorClass.OTHER, Blame.TARGET)
                          .withHint(Hint.after(Duration.ofSeconds(5), "Retry-After")))
              .failure(
                  IOException.class,
                  failure -> String.valueOf(failure.getMessage()).endsWith("2"),
                  failure ->
                      Verdict.retry(ErrorClass.OTHER, Blame.ENDPOINT)
                          .withHint(Hint.after(Duration.ofSeconds(30), "Retry-After")))
              .failure(
                  IOException.class, failure -> Verdict.retry(ErrorClass.OTHER, Blame.ENDPOINT))
              .build();
      return Belay.over(over(policy, "a", "b", "c", "d").pool())
          .policy(policy)
          .classifier(classifier)
          .time(time)
          .executor(Runnable::run)
          .build();
    }

    @Test
    void theNextEndpointWaitsAsLongAsTheTargetAsksForAndNoLonger() {
      var unused = asksTwice(hedged).callAsync(Call.DEFAULT, after(ms(-150), ms(-100), ms(10)));
      time.run();

      assertThat(log).containsExactly("start a1 at 0", "start b2 at 100", "start c3 at 5150");
    }

    @Test
    void theLongerHintOfAnEndpointDoesNotMakeThatOfTheTargetForgotten() {
      RetryPolicy twice = hedged.toBuilder().maxAttempts(4).hedge(new Hedge(2, ms(100), 0)).build();

      var unused =
          asksTwice(twice).callAsync(Call.DEFAULT, after(ms(-250), ms(-160), ms(-100), ms(10)));
      time.run();

      assertThat(log).endsWith("start c3 at 200", "start d4 at 5250");
    }

    @Test
    void noHedgeIsSentWhileTheTargetAsksForPatience() {
      Belay<Endpoint> belay = asksForPatience("2", Blame.TARGET, "a", "b", "c");

      var unused = belay.callAsync(Call.DEFAULT, after(ms(900), ms(-20), ms(10)));
      time.run();

      assertThat(log).containsExactly("start a1 at 0", "start b2 at 100");
    }

    @Test
    void learnsItsDelayForEachTargetByItself() {
      RetryPolicy slowest = RetryPolicy.named("p95").hedge(Hedge.percentile(0.95, ms(1))).build();
      Belay<Endpoint> belay = over(slowest, "a", "b");
      Call slow = Call.DEFAULT.withTarget("slow");
      Call fast = Call.DEFAULT.withTarget("fast");
      for (int i = 0; i < 100; i++) {
        var quick = belay.callAsync(fast, after(ms(2), ms(2)));
        var late = belay.callAsync(slow, after(ms(300), ms(300)));
        time.run();
        assertThat(List.of(quick, late)).allMatch(CompletableFuture::isDone);
      }
      log.clear();

      long start = time.passed().toMillis();
      var unused = belay.callAsync(slow, after(ms(900), ms(1)));
      time.run();

      assertThat(Long.parseLong(log.get(1).substring("start b2 at ".length())) - start)
          .isBetween(290L, 340L);
    }

    @Test
    void learnsItsDelayFromRecentCalls() {
      RetryPolicy slowest = RetryPolicy.named("p95").hedge(Hedge.percentile(0.95, ms(1))).build();
      Belay<Endpoint> belay = over(slowest, "a", "b");
      for (int i = 0; i < 100; i++) {
        var unused = belay.callAsync(Call.DEFAULT, after(ms(1)));
        time.run();
      }
      log.clear();
      for (int i = 0; i < 100; i++) {
        var unused =
            belay.callAsync(Call.DEFAULT.withPolicy(RetryPolicy.NONE), after(ms(i < 80 ? 20 : 40)));
        time.run();
      }
      log.clear();
      Duration start = time.passed();
      var unused = belay.callAsync(Call.DEFAULT, after(ms(500), ms(1)));
      time.run();
      String hedge = log.get(1);
      long hedgedAfter =
          Long.parseLong(hedge.substring("start b2 at ".length())) - start.toMillis();
      assertThat(hedgedAfter).isBetween(36L, 50L);
    }

    @Test
    void worksForBlockingCallsOnVirtualThreads() throws InterruptedException {
      CountDownLatch interrupted = new CountDownLatch(1);
      Belay<Endpoint> belay =
          Belay.over(over(hedged, "a", "b").pool())
              .policy(hedged.toBuilder().hedge(Hedge.after(ms(5))).build())
              .build();
      String value =
          belay.call(
              Call.DEFAULT,
              attempt -> {
                if (attempt.isHedge()) {
                  return "hedge";
                }
                try {
                  Time.system().sleep(Duration.ofMinutes(1).toNanos());
                } catch (InterruptedException stopped) {
                  interrupted.countDown();
                  throw stopped;
                }
                return "slow";
              });
      assertThat(value).isEqualTo("hedge");
      assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void blockingCallsWhoseOperationIsInterruptedEndAsWithoutHedges() {
      Belay<Endpoint> belay = Belay.over(over(hedged, "a").pool()).build();
      Operation<Endpoint, String> interrupted =
          attempt -> {
            throw new InterruptedException("by somebody");
          };
      assertThatThrownBy(() -> belay.call(Call.DEFAULT.withPolicy(RetryPolicy.NONE), interrupted))
          .isInstanceOf(InterruptedException.class);
      assertThatThrownBy(() -> belay.call(Call.DEFAULT.withPolicy(hedged), interrupted))
          .isInstanceOf(InterruptedException.class);
    }

    @Test
    void blockingCallsTellWhatASelectionThrows() {
      Selection broken =
          new Selection() {
            @Override
            public <E extends Endpoint> E select(List<E> candidates, Call call) {
              throw new IllegalStateException("selection");
            }
          };
      Pool<Endpoint> pool = over(hedged, "a").pool();
      pool.chooseBy(broken);
      assertThatThrownBy(() -> Belay.over(pool).policy(hedged).build().call(() -> "x"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("selection");
    }

    @Test
    void blockingCallsThatFailSayWhy() {
      Belay<Endpoint> belay = Belay.over(over(hedged, "a").pool()).build();
      assertThatThrownBy(() ->
              belay.call(
                  Call.DEFAULT.withPolicy(
                      RetryPolicy.named("one").maxAttempts(1).hedge(Hedge.after(ms(5))).build()),
                  attempt -> {
                    throw new IOException("no");
                  }))
          .isInstanceOf(CallFailed.class);
      assertThatThrownBy(() ->
              belay.call(
                  Call.DEFAULT.withPolicy(hedged),
                  attempt -> {
                    throw new AssertionError("bug");
                  }))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Nested
  class Cancelling {
    @Test
    void endsARunningAttempt() {
      Belay<Endpoint> belay = over(RetryPolicy.DEFAULT, "a");
      CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(500)));
      result.cancel(true);
      assertThat(log).containsExactly("start a1 at 0", "cancel a1 at 0");
      assertThat(belay.pool().endpoints().getFirst().stats().inFlight()).isZero();
    }

    @Test
    void endsAWait() {
      Belay<Endpoint> belay = over(RetryPolicy.DEFAULT, "a");
      CompletableFuture<String> result = belay.callAsync(Call.DEFAULT, after(ms(-1), ms(1)));
      time.advance(ms(500));
      result.cancel(true);
      time.run();
      assertThat(log).containsExactly("start a1 at 0");
      assertThat(time.passed()).isEqualTo(ms(500));
    }

    @Test
    void byInterruptEndsABlockingHedgedCall() throws InterruptedException {
      Belay<Endpoint> belay = Belay.over(over(RetryPolicy.DEFAULT, "a").pool()).build();
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch stopped = new CountDownLatch(2);
      RetryPolicy policy = RetryPolicy.named("x").hedge(Hedge.after(Duration.ofHours(1))).build();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  String unused =
                      belay.call(
                          Call.DEFAULT.withPolicy(policy),
                          attempt -> {
                            running.countDown();
                            try {
                              Time.system().sleep(Duration.ofMinutes(1).toNanos());
                              return "";
                            } finally {
                              stopped.countDown();
                            }
                          });
                } catch (InterruptedException expected) {
                  stopped.countDown();
                }
              });
      running.await();
      caller.interrupt();
      assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anOperationThatGivesUpByItselfCancelsTheCall() {
    Belay<Endpoint> belay = over(RetryPolicy.DEFAULT, "a");
    CompletableFuture<String> result =
        belay.callAsync(
            Call.DEFAULT, attempt -> CompletableFuture.failedFuture(new InterruptedException()));
    assertThat(result).isCancelled();
  }
}
