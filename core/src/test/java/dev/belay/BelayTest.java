package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BelayTest {
  private final VirtualTime time = new VirtualTime();
  private final List<Duration> starts = new ArrayList<>();

  private Belay.Builder<Endpoint> guard(RetryPolicy policy) {
    return guard(policy, BreakerPolicy.DEFAULT);
  }

  private Belay.Builder<Endpoint> guard(RetryPolicy policy, BreakerPolicy breaker) {
    return Belay.guard(endpoint("only", breaker)).policy(policy).time(time);
  }

  private Endpoint endpoint(String name, BreakerPolicy policy) {
    return new Endpoint(
        name,
        Endpoint.Traits.NONE,
        new CircuitBreaker(name, policy, time, SharedRandom.INSTANCE, event -> {}));
  }

  private static final class First implements Selection {
    @Override
    public <E extends Endpoint> E select(List<E> candidates, Call call) {
      return candidates.getFirst();
    }
  }

  private <T> Callable<T> failing(int times, T then) {
    return () -> {
      starts.add(time.passed());
      if (starts.size() <= times) {
        throw new IOException("no " + starts.size());
      }
      return then;
    };
  }

  private static List<Duration> seconds(long... seconds) {
    return java.util.Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
  }

  @Nested
  class Retries {
    @Test
    void waitOneSecondThenTwo() throws InterruptedException {
      String value = guard(RetryPolicy.DEFAULT).build().call(failing(2, "yes"));

      assertThat(value).isEqualTo("yes");
      assertThat(starts).isEqualTo(seconds(0, 1, 3));
    }

    @Test
    void stopAfterTheLastAttemptAndTellTheWholeStory() {
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();

      assertThatThrownBy(() -> belay.call(failing(9, "never")))
          .isInstanceOfSatisfying(
              CallFailed.class,
              failed -> {
                assertThat(failed).hasMessageStartingWith("failed after 3 attempts");
                assertThat(failed).hasCauseInstanceOf(IOException.class);
                CallReport report = failed.report();
                assertThat(report.reason()).isEqualTo(StopReason.ATTEMPTS_EXHAUSTED);
                assertThat(report.attempts())
                    .extracting(CallReport.Try::waited)
                    .isEqualTo(seconds(0, 1, 2));
                assertThat(report.took()).isEqualTo(Duration.ofSeconds(3));
                assertThat(report.toString()).contains("only", "RESET");
              });
      assertThat(starts).hasSize(3);
    }

    @Test
    void doNotFollowASuccess() throws InterruptedException {
      assertThat(guard(RetryPolicy.DEFAULT).build().call(failing(0, 7))).isEqualTo(7);
      assertThat(starts).hasSize(1);
    }

    @Test
    void doNotFollowABug() {
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();
      assertThatThrownBy(() ->
              belay.call(() -> {
                starts.add(time.passed());
                throw new IllegalArgumentException("mine");
              }))
          .hasCauseInstanceOf(IllegalArgumentException.class);
      assertThat(starts).hasSize(1);
      assertThat(belay.pool().endpoints().getFirst().breaker().snapshot().failureCount()).isZero();
    }

    @Test
    void letErrorsThroughAsTheyAre() {
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();
      assertThatThrownBy(() ->
              belay.call(() -> {
                throw new StackOverflowError("deep");
              }))
          .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void obeyTheHintWhenItIsLongerThanTheBackoff() throws InterruptedException {
      Classifier classifier =
          Classifier.builder()
              .value(
                  String.class,
                  "busy"::equals,
                  busy -> Verdict.throttled(Blame.TARGET, Hint.after(Duration.ofSeconds(9), "t")))
              .build();
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).classifier(classifier).build();
      List<String> answers = new ArrayList<>(List.of("busy", "fine"));

      String value =
          belay.call(() -> {
            starts.add(time.passed());
            return answers.removeFirst();
          });

      assertThat(value).isEqualTo("fine");
      assertThat(starts).isEqualTo(seconds(0, 9));
    }

    @Test
    void waitForTheBreakerThatTheirOwnHintOpened() throws InterruptedException {
      Classifier classifier =
          Classifier.builder()
              .value(
                  String.class,
                  "busy"::equals,
                  busy ->
                      Verdict.throttled(Blame.ENDPOINT, Hint.after(Duration.ofSeconds(40), "t")))
              .build();
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).classifier(classifier).build();
      List<String> answers = new ArrayList<>(List.of("busy", "fine"));

      assertThat(belay.call(answers::removeFirst)).isEqualTo("fine");
      assertThat(time.passed()).isBetween(Duration.ofSeconds(40), Duration.ofMillis(40_010));
    }

    @Test
    void doNotWaitForAHintThatIsTooLong() {
      Classifier classifier =
          Classifier.builder()
              .failure(
                  IOException.class,
                  busy -> Verdict.throttled(Blame.TARGET, Hint.after(Duration.ofHours(1), "t")))
              .build();
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).classifier(classifier).build();

      assertThatThrownBy(() -> belay.call(failing(1, "x")))
          .isInstanceOfSatisfying(
              CallFailed.class,
              failed -> {
                assertThat(failed.report().reason()).isEqualTo(StopReason.HINT_TOO_LONG);
                assertThat(failed.report().retryAfter()).isEqualTo(Duration.ofHours(1));
              });
      assertThat(time.passed()).isZero();
    }

    @Test
    void handBackTheLastValueWhenTheyAreUsedUp() throws InterruptedException {
      Classifier classifier =
          Classifier.builder()
              .value(
                  Integer.class, s -> s >= 500, s -> Verdict.retry(ErrorClass.STATUS, Blame.TARGET))
              .build();
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).classifier(classifier).build();

      assertThat(belay.call(() -> 503)).isEqualTo(503);
      assertThat(time.passed()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void areOnlyForTheClassesOfThePolicy() {
      RetryPolicy policy = RetryPolicy.named("x").retryClasses(Set.of(ErrorClass.CONNECT)).build();
      Belay<Endpoint> belay = guard(policy).build();
      assertThatThrownBy(() -> belay.call(failing(1, "x"))).isInstanceOf(CallFailed.class);
      assertThat(starts).hasSize(1);
    }

    @Test
    void areBoundedByTheBudget() {
      RetryBudget budget = RetryBudget.of(0, 0, 2, time);
      Belay<Endpoint> belay =
          guard(RetryPolicy.DEFAULT, BreakerPolicy.builder().failureThreshold(100).build())
              .budget(budget)
              .build();
      assertThatThrownBy(() -> belay.call(failing(9, "x"))).isInstanceOf(CallFailed.class);
      assertThatThrownBy(() -> belay.call(failing(9, "x")))
          .isInstanceOfSatisfying(
              CallFailed.class,
              failed ->
                  assertThat(failed.report().reason()).isEqualTo(StopReason.BUDGET_EXHAUSTED));
      assertThat(starts).hasSize(4);
      assertThat(budget.refusals()).isEqualTo(1);
    }

    @Test
    void giveTheirTokenBackWhenNoEndpointTakesThem() {
      RetryBudget budget = RetryBudget.of(0, 0, 2, time);
      Belay<Endpoint> belay =
          guard(RetryPolicy.DEFAULT, BreakerPolicy.builder().failureThreshold(1).build())
              .budget(budget)
              .build();
      assertThatThrownBy(() -> belay.call(failing(9, "x"))).isInstanceOf(CallFailed.class);
      assertThat(starts).hasSize(1);
      assertThat(budget.available()).isEqualTo(2);
    }
  }

  @Nested
  class Deadlines {
    @Test
    void endTheCallAtOnceIfTheNextWaitDoesNotFit() {
      RetryPolicy policy =
          RetryPolicy.named("x").maxAttempts(5).timeout(Duration.ofSeconds(6)).build();
      Belay<Endpoint> belay = guard(policy).build();

      assertThatThrownBy(() -> belay.call(failing(9, "x")))
          .isInstanceOfSatisfying(
              CallFailed.class,
              failed -> {
                assertThat(failed.report().reason()).isEqualTo(StopReason.DEADLINE);
                assertThat(failed.report().retryAfter()).isEqualTo(Duration.ofSeconds(4));
              });
      assertThat(starts).isEqualTo(seconds(0, 1, 3));
      assertThat(time.passed()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void areHandedToEachAttempt() throws InterruptedException {
      RetryPolicy policy =
          RetryPolicy.named("x")
              .timeout(Duration.ofSeconds(10))
              .attemptTimeout(Duration.ofSeconds(8))
              .build();
      List<Duration> left = new ArrayList<>();
      guard(policy)
          .build()
          .call(
              Call.DEFAULT,
              attempt -> {
                left.add(attempt.deadline().left());
                if (attempt.number() < 3) {
                  time.sleep(Duration.ofSeconds(3).toNanos());
                  throw new IOException("again");
                }
                return "done";
              });
      assertThat(left).isEqualTo(seconds(8, 6, 1));
    }

    @Test
    void interruptAnAttemptThatTakesTooLong() {
      RetryPolicy policy =
          RetryPolicy.named("x").maxAttempts(2).attemptTimeout(Duration.ofSeconds(5)).build();
      Belay<Endpoint> belay = guard(policy).build();

      assertThatThrownBy(() ->
              belay.call(() -> {
                starts.add(time.passed());
                time.sleep(Duration.ofHours(1).toNanos());
                return "late";
              }))
          .isInstanceOf(CallFailed.class)
          .hasCauseInstanceOf(TimeoutException.class)
          .cause()
          .hasMessage("attempt 2 at only took longer than PT5S");
      assertThat(starts).hasSize(2);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void thatHavePassedAllowNoAttempt() {
      Deadline deadline = Deadline.in(Duration.ofSeconds(1), time);
      time.advance(Duration.ofSeconds(1));
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();
      assertThatThrownBy(
              () -> belay.call(Call.DEFAULT.withDeadline(deadline), attempt -> starts.add(null)))
          .isInstanceOf(CallFailed.class)
          .hasCauseInstanceOf(TimeoutException.class);
      assertThat(starts).isEmpty();
    }

    @Test
    void boundNestedCalls() {
      Belay<Endpoint> outer =
          guard(RetryPolicy.named("outer").maxAttempts(1).timeout(Duration.ofSeconds(2)).build())
              .build();
      Belay<Endpoint> inner = guard(RetryPolicy.DEFAULT).build();
      assertThatThrownBy(() ->
              outer.call(
                  Call.DEFAULT,
                  attempt ->
                      inner.call(
                          Call.DEFAULT.withDeadline(attempt.deadline()),
                          nested -> {
                            starts.add(time.passed());
                            throw new IOException("no");
                          })))
          .hasRootCauseInstanceOf(IOException.class);
      assertThat(starts).isEqualTo(seconds(0, 1));
      assertThat(time.passed()).isEqualTo(Duration.ofSeconds(1));
    }
  }

  @Nested
  class Breakers {
    @Test
    void stopACallThatOpensThem() {
      Belay<Endpoint> belay =
          guard(
                  RetryPolicy.named("x").maxAttempts(10).build(),
                  BreakerPolicy.builder().failureThreshold(3).build())
              .build();
      assertThatThrownBy(() -> belay.call(failing(9, "x")))
          .isInstanceOfSatisfying(
              CallFailed.class,
              failed -> {
                assertThat(failed.report().reason()).isEqualTo(StopReason.REFUSED);
                assertThat(failed.report().retryAfter()).isEqualTo(Duration.ofSeconds(26));
              });
      assertThat(starts).hasSize(3);
    }

    @Test
    void refuseAtOnceWhenTheyAreOpen() {
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();
      belay.pool().endpoints().getFirst().breaker().trip();
      assertThatThrownBy(() -> belay.call(failing(0, "x")))
          .isInstanceOfSatisfying(
              CallRefused.class,
              refused -> assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(30)));
      assertThatThrownBy(() -> belay.call(Call.DEFAULT, attempt -> "x"))
          .isInstanceOf(CallRefused.class);
      assertThat(time.passed()).isZero();
      assertThat(starts).isEmpty();
    }

    @Test
    void areWaitedForIfThePolicySaysSo() throws InterruptedException {
      RetryPolicy patient = RetryPolicy.named("x").maxOpenWait(Duration.ofMinutes(1)).build();
      Belay<Endpoint> belay = guard(patient).build();
      belay.pool().endpoints().getFirst().breaker().trip();
      assertThat(belay.call(failing(0, "x"))).isEqualTo("x");
      assertThat(time.passed()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void areWaitedForNoLongerThanThePolicySaysWhileAProbeHangs() {
      List<Duration> pauses = new ArrayList<>();
      CallObserver observer =
          new CallObserver() {
            @Override
            public void paused(Call call, String policy, Step.Pause<?> pause) {
              pauses.add(Duration.ofNanos(pause.nanos()));
            }
          };
      RetryPolicy patient = RetryPolicy.named("x").maxOpenWait(Duration.ofSeconds(2)).build();
      Belay<Endpoint> belay = guard(patient).observer(observer).build();
      CircuitBreaker breaker = belay.pool().endpoints().getFirst().breaker();
      breaker.trip();
      time.advance(Duration.ofSeconds(31));
      Permit probe = breaker.tryAcquire();
      assertThat(probe.isGranted()).isTrue();

      assertThatThrownBy(() -> belay.call(failing(0, "x"))).isInstanceOf(CallRefused.class);

      assertThat(time.passed()).isBetween(Duration.ofSeconds(32), Duration.ofSeconds(33));
      assertThat(pauses).as("asked less and less often").hasSizeLessThan(30);
    }

    @Test
    void loseNoPermitWhenTheObserverThrows() throws InterruptedException {
      List<Throwable> told = new ArrayList<>();
      Thread.currentThread().setUncaughtExceptionHandler((thread, fault) -> told.add(fault));
      CallObserver broken =
          new CallObserver() {
            @Override
            public void attempting(Call call, String policy, Attempt<?> attempt) {
              throw new IllegalStateException("observer");
            }
          };
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).observer(broken).build();
      try {
        assertThat(belay.call(failing(0, "x"))).isEqualTo("x");
      } finally {
        Thread.currentThread().setUncaughtExceptionHandler(null);
      }

      assertThat(told).extracting(Throwable::getMessage).containsExactly("observer");
      assertThat(belay.pool().endpoints().getFirst().stats().inFlight()).isZero();
    }

    @Test
    void loseNoPermitWhenTheClassifierThrows() {
      Classifier broken =
          Classifier.builder()
              .value(
                  String.class,
                  value -> {
                    throw new IllegalStateException("rule");
                  },
                  value -> Verdict.SUCCESS)
              .failure(
                  IOException.class,
                  failure -> {
                    throw new IllegalStateException("rule");
                  })
              .build();
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).classifier(broken).build();
      CircuitBreaker breaker = belay.pool().endpoints().getFirst().breaker();
      breaker.trip();
      time.advance(Duration.ofSeconds(30));

      assertThatThrownBy(() -> belay.call(failing(0, "x")))
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> belay.call(failing(9, "x")))
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThat(breaker.snapshot().probesOut()).isZero();
      assertThat(breaker.snapshot().state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void loseNoPlaceWhenTheClassifierThrowsAnError() {
      Classifier broken =
          Classifier.builder()
              .failure(
                  IOException.class,
                  failure -> {
                    throw new StackOverflowError("rule");
                  })
              .build();
      Belay<Endpoint> belay =
          Belay.over(Pool.of("pool", new First(), List.of(endpoint("a", BreakerPolicy.DEFAULT))))
              .classifier(broken)
              .time(time)
              .build();

      assertThatThrownBy(() -> belay.call(failing(9, "x"))).isInstanceOf(StackOverflowError.class);
      assertThat(belay.pool().endpoints().getFirst().stats().inFlight()).isZero();
    }

    @Test
    void areNotOpenedByCallersThatAreInterrupted() {
      Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();
      CircuitBreaker breaker = belay.pool().endpoints().getFirst().breaker();
      RetryPolicy limited =
          RetryPolicy.named("limited").attemptTimeout(Duration.ofSeconds(9)).build();
      Operation<Endpoint, String> interrupted =
          attempt -> {
            Thread.currentThread().interrupt();
            throw new SocketException("Closed by interrupt");
          };
      for (Call call : List.of(Call.DEFAULT, Call.DEFAULT.withPolicy(limited))) {
        for (int i = 0; i < 5; i++) {
          assertThatThrownBy(() -> belay.call(call, interrupted))
              .isInstanceOf(InterruptedException.class)
              .hasCauseInstanceOf(SocketException.class);
          assertThatThrownBy(() ->
                  belay.call(() -> {
                    Thread.currentThread().interrupt();
                    throw new ClosedByInterruptException();
                  }))
              .isInstanceOf(InterruptedException.class);
        }
      }
      assertThat(breaker.snapshot().failureCount()).isZero();
      assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void countSlowCallsUnderRulesThatCameLater() throws InterruptedException {
      Belay<Endpoint> belay = guard(RetryPolicy.NONE).build();
      CircuitBreaker breaker = belay.pool().endpoints().getFirst().breaker();
      breaker.updatePolicy(
          BreakerPolicy.builder().minimumCalls(3).slowCalls(Duration.ofSeconds(1), 0.5).build());
      for (int i = 0; i < 3; i++) {
        belay.call(() -> {
          time.sleep(Duration.ofSeconds(1).toNanos());
          return "slow";
        });
      }
      assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void seeSlowCallsOnTheShortWay() throws InterruptedException {
      Belay<Endpoint> belay =
          guard(
                  RetryPolicy.NONE,
                  BreakerPolicy.builder()
                      .minimumCalls(3)
                      .slowCalls(Duration.ofSeconds(1), 0.5)
                      .build())
              .build();
      for (int i = 0; i < 3; i++) {
        belay.call(() -> {
          time.sleep(Duration.ofSeconds(1).toNanos());
          return "slow";
        });
      }
      assertThat(belay.pool().endpoints().getFirst().breaker().snapshot().state())
          .isEqualTo(BreakerState.OPEN);
    }
  }

  @Nested
  class Repeating {
    private final RetryPolicy quick =
        RetryPolicy.named("quick").backoff(Backoff.fixed(Duration.ofMillis(1))).build();

    @Test
    void isLeftUndoneIfAServerMayHaveActed() {
      Belay<Endpoint> belay = guard(quick).build();
      assertThatThrownBy(() ->
              belay.call(
                  Call.DEFAULT.withIdempotent(false),
                  attempt -> {
                    throw new IOException("reset");
                  }))
          .isInstanceOfSatisfying(
              CallFailed.class,
              failed -> {
                assertThat(failed.report().reason()).isEqualTo(StopReason.NOT_REPEATABLE);
                assertThat(failed.report().attempts()).hasSize(1);
              });
    }

    @Test
    void isSafeWhileNothingWasSent() {
      Belay<Endpoint> belay = guard(quick).build();
      assertThatThrownBy(() ->
              belay.call(
                  Call.DEFAULT.withIdempotent(false),
                  attempt -> {
                    throw new ConnectException("refused");
                  }))
          .isInstanceOfSatisfying(
              CallFailed.class, failed -> assertThat(failed.report().attempts()).hasSize(3));
    }

    @Test
    void isDoneIfThePolicyAllowsIt() {
      Belay<Endpoint> belay = guard(quick.toBuilder().retryNonIdempotent(true).build()).build();
      assertThatThrownBy(() ->
              belay.call(
                  Call.DEFAULT.withIdempotent(false),
                  attempt -> {
                    throw new IOException("reset");
                  }))
          .isInstanceOfSatisfying(
              CallFailed.class, failed -> assertThat(failed.report().attempts()).hasSize(3));
    }
  }

  @Test
  void aPolicyOfTheCallWins() {
    Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();
    assertThatThrownBy(() ->
            belay.call(
                Call.DEFAULT.withPolicy(RetryPolicy.NONE),
                attempt -> {
                  starts.add(time.passed());
                  throw new IOException("no");
                }))
        .isInstanceOf(CallFailed.class);
    assertThat(starts).hasSize(1);
  }

  @Test
  void theLimitOfAnEndpointHoldsOnTheShortWayToo() throws InterruptedException {
    Endpoint one =
        new Endpoint(
            "one",
            Endpoint.Traits.NONE.withMaxConcurrent(1),
            CircuitBreaker.of("one", BreakerPolicy.DEFAULT));
    Belay<Endpoint> belay = Belay.guard(one).policy(RetryPolicy.NONE).time(time).build();

    String value =
        belay.call(() -> {
          assertThatThrownBy(() -> belay.call(() -> "beside")).isInstanceOf(CallRefused.class);
          return "alone";
        });

    assertThat(value).isEqualTo("alone");
  }

  @Test
  void aHedgedCallThatBlocksIsRefusedInVirtualTime() {
    RetryPolicy hedged =
        RetryPolicy.named("hedged").hedge(Hedge.after(Duration.ofMillis(10))).build();
    Belay<Endpoint> belay = guard(hedged).build();

    assertThatThrownBy(() -> belay.call(failing(1, "x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use callAsync");
  }

  @Test
  void anInterruptedWaitEndsTheCall() {
    Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();
    assertThatThrownBy(() ->
            belay.call(() -> {
              Thread.currentThread().interrupt();
              throw new IOException("no");
            }))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void anInterruptedOperationCountsNeitherWay() {
    Belay<Endpoint> belay = guard(RetryPolicy.DEFAULT).build();
    assertThatThrownBy(() ->
            belay.call(() -> {
              throw new InterruptedException();
            }))
        .isInstanceOf(InterruptedException.class);
    assertThat(belay.pool().endpoints().getFirst().breaker().snapshot().failureCount()).isZero();
  }

  @Test
  void observersHearOfEveryAttemptPauseAndEnd() {
    List<String> heard = new ArrayList<>();
    CallObserver observer =
        new CallObserver() {
          @Override
          public void attempted(
              Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
            heard.add(attempt + " " + verdict.kind() + " " + policy);
          }

          @Override
          public void paused(Call call, String policy, Step.Pause<?> pause) {
            heard.add("pause " + Duration.ofNanos(pause.nanos()) + " " + pause.why());
          }

          @Override
          public void finished(Call call, CallReport report) {
            heard.add(report.reason().name());
          }
        };
    Belay<Endpoint> belay =
        guard(RetryPolicy.named("p").maxAttempts(2).build())
            .observer(CallObserver.all(CallObserver.NONE, observer))
            .build();
    assertThatThrownBy(() -> belay.call(failing(9, "x"))).isInstanceOf(CallFailed.class);
    assertThat(heard)
        .containsExactly(
            "attempt 1 at only RETRY p",
            "pause PT1S RESET",
            "attempt 2 at only RETRY p",
            "ATTEMPTS_EXHAUSTED");
  }

  @Test
  void worksOutOfTheBox() throws InterruptedException {
    Belay<Endpoint> belay = Belay.of("payments");
    assertThat(belay.call(() -> "paid")).isEqualTo("paid");
    assertThat(belay.policy()).isEqualTo(RetryPolicy.DEFAULT);
    assertThat(belay.budget().available()).isEqualTo(100);
    assertThat(belay.<String>call(() -> null)).isNull();
  }
}
