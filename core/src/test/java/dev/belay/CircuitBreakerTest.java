package dev.belay;

import static dev.belay.BreakerState.CLOSED;
import static dev.belay.BreakerState.HALF_OPEN;
import static dev.belay.BreakerState.HELD_CLOSED;
import static dev.belay.BreakerState.HELD_OPEN;
import static dev.belay.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final VirtualTime time = new VirtualTime();
  private final List<BreakerEvent> events = new ArrayList<>();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
  private CircuitBreaker breaker = breaker(BreakerPolicy.builder());

  private CircuitBreaker breaker(BreakerPolicy.Builder policy) {
    return new CircuitBreaker("proxy-1", policy.build(), time, random, events::add);
  }

  private void fail() {
    breaker.acquire().failure(Blame.ENDPOINT, Hint.NONE, 0);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      fail();
    }
  }

  private void succeed() {
    breaker.acquire().success(0);
  }

  private void open() {
    fail(5);
    assertThat(state()).isEqualTo(OPEN);
  }

  private void halfOpen() {
    open();
    time.advance(Duration.ofSeconds(30));
  }

  private BreakerState state() {
    return breaker.snapshot().state();
  }

  @Test
  void aCoarseClockThatLagsKeepsNobodyOutWhoseTimeHasCome() {
    LaggingTime lagging = new LaggingTime(Duration.ofMillis(40));
    breaker = new CircuitBreaker("proxy-1", BreakerPolicy.DEFAULT, lagging, random, events::add);
    open();

    time.advance(Duration.ofSeconds(30).minusNanos(1));
    assertThat(breaker.isSelectable()).isFalse();
    time.advance(Duration.ofNanos(1));
    assertThat(breaker.isSelectable()).isTrue();
    assertThat(breaker.tryAcquire().isGranted()).isTrue();
  }

  @Test
  void aCoarseClockThatLagsDoesNotEndWhatIsOpenForGood() {
    LaggingTime lagging = new LaggingTime(Duration.ofMillis(40));
    Duration forGood = RetryPolicy.FOREVER;
    BreakerPolicy policy =
        BreakerPolicy.builder().openFor(Duration.ofDays(1)).openGrowth(10, forGood).build();
    breaker = new CircuitBreaker("proxy-1", policy, lagging, random, events::add);
    for (int i = 0; i < 30; i++) {
      breaker.trip();
      assertThat(breaker.isSelectable()).isFalse();
      assertThat(breaker.tryAcquire().isGranted()).isFalse();
    }
  }

  /** The test's clock, with a coarse reading that is late. */
  private final class LaggingTime implements Time {
    private final long lagNanos;

    LaggingTime(Duration lag) {
      lagNanos = lag.toNanos();
    }

    @Override
    public long nanos() {
      return time.nanos();
    }

    @Override
    public long coarseNanos() {
      return time.nanos() - lagNanos;
    }

    @Override
    public Instant instant() {
      return time.instant();
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
      time.sleep(nanos);
    }

    @Override
    public Timer after(long nanos, Executor executor, Runnable task) {
      return time.after(nanos, executor, task);
    }
  }

  private List<String> edges() {
    return events.stream().map(event -> event.from() + ">" + event.to()).toList();
  }

  @Nested
  class WhenClosed {
    @Test
    void opensOnTheFifthFailureWithinTheWindow() {
      fail(4);
      assertThat(state()).isEqualTo(CLOSED);
      fail();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void countsAFailureThatIsExactlyAsOldAsTheWindow() {
      fail();
      time.advance(Duration.ofSeconds(60));
      fail(4);
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void forgetsAFailureThatIsOlderThanTheWindow() {
      fail();
      time.advance(Duration.ofSeconds(60).plusNanos(1));
      fail(4);
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(breaker.snapshot().failureCount()).isEqualTo(4);
    }

    @Test
    void isNotResetByASuccessUnlessFailuresInARowCount() {
      fail(4);
      succeed();
      fail();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void opensOnFailuresInARowOnly() {
      breaker = breaker(BreakerPolicy.builder().failureThreshold(0).consecutiveFailures(3));
      fail(2);
      succeed();
      fail(2);
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(breaker.snapshot().failureCount()).isEqualTo(2);
      fail();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void opensAtOnceWithAThresholdOfOne() {
      breaker = breaker(BreakerPolicy.builder().failureThreshold(1));
      fail();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void opensOnAShareOfFailuresOnceThereAreEnoughCalls() {
      breaker =
          breaker(BreakerPolicy.builder().failureThreshold(0).failureRate(0.5).minimumCalls(10));
      for (int i = 0; i < 4; i++) {
        succeed();
        fail();
      }
      fail();
      assertThat(state()).isEqualTo(CLOSED);
      fail();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void staysClosedWhileTheShareIsBelowTheLimit() {
      breaker =
          breaker(BreakerPolicy.builder().failureThreshold(0).failureRate(0.5).minimumCalls(10));
      for (int i = 0; i < 100; i++) {
        succeed();
        succeed();
        fail();
      }
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(breaker.snapshot().failureRate()).isBetween(0.33, 0.34);
      assertThat(breaker.snapshot().calls()).isEqualTo(300);
    }

    @Test
    void opensOnTheShareOfTheLastCalls() {
      breaker =
          breaker(
              BreakerPolicy.builder()
                  .failureThreshold(0)
                  .windowCalls(10)
                  .minimumCalls(10)
                  .failureRate(0.3));
      for (int i = 0; i < 50; i++) {
        succeed();
      }
      fail(2);
      assertThat(state()).isEqualTo(CLOSED);
      fail();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void opensOnTheNumberOfFailuresAmongTheLastCalls() {
      breaker = breaker(BreakerPolicy.builder().failureThreshold(3).windowCalls(4));
      fail(2);
      succeed();
      succeed();
      fail();
      succeed();
      assertThat(state()).isEqualTo(CLOSED);
      fail();
      fail();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void opensOnSlowCallsEvenIfTheyWork() {
      breaker =
          breaker(BreakerPolicy.builder().minimumCalls(4).slowCalls(Duration.ofMillis(100), 0.5));
      long slow = Duration.ofMillis(100).toNanos();
      breaker.acquire().success(slow - 1);
      breaker.acquire().success(slow - 1);
      breaker.acquire().success(slow);
      assertThat(state()).isEqualTo(CLOSED);
      breaker.acquire().success(slow);
      assertThat(state()).isEqualTo(OPEN);
      assertThat(events.getFirst().reason()).isEqualTo("slow calls");
    }

    @Test
    void toleratesAFewSlowCalls() {
      breaker =
          breaker(BreakerPolicy.builder().minimumCalls(4).slowCalls(Duration.ofMillis(100), 0.5));
      for (int i = 0; i < 10; i++) {
        succeed();
        succeed();
        breaker.acquire().success(Duration.ofSeconds(1).toNanos());
      }
      fail();
      assertThat(state()).isEqualTo(CLOSED);
    }

    @Test
    void countsAFailureThatWasSlowAsBoth() {
      breaker =
          breaker(
              BreakerPolicy.builder()
                  .failureThreshold(0)
                  .minimumCalls(2)
                  .slowCalls(Duration.ofMillis(100), 0.9));
      breaker.acquire().failure(Blame.ENDPOINT, Hint.NONE, Duration.ofSeconds(1).toNanos());
      breaker.acquire().failure(Blame.ENDPOINT, Hint.NONE, Duration.ofSeconds(1).toNanos());
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void ignoresLateSlowSuccesses() {
      breaker =
          breaker(BreakerPolicy.builder().minimumCalls(1).slowCalls(Duration.ofMillis(1), 0.1));
      Permit early = breaker.acquire();
      breaker.trip();
      early.success(Duration.ofSeconds(1).toNanos());
      assertThat(edges()).containsExactly("CLOSED>OPEN");
    }

    @Test
    void weighsTwoFailuresOfUnknownFaultAsOne() {
      for (int i = 0; i < 9; i++) {
        breaker.acquire().failure(Blame.UNKNOWN, Hint.NONE, 0);
      }
      assertThat(state()).isEqualTo(CLOSED);
      breaker.acquire().failure(Blame.UNKNOWN, Hint.NONE, 0);
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void weighsThemSoAmongTheLastCallsToo() {
      breaker = breaker(BreakerPolicy.builder().failureThreshold(5).windowCalls(100));
      for (int i = 0; i < 9; i++) {
        breaker.acquire().failure(Blame.UNKNOWN, Hint.NONE, 0);
      }
      assertThat(state()).isEqualTo(CLOSED);
      breaker.acquire().failure(Blame.UNKNOWN, Hint.NONE, 0);
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void weighsThemSoInShares() {
      breaker = breaker(BreakerPolicy.builder().failureThreshold(0).failureRate(0.5));
      for (int i = 0; i < 100; i++) {
        succeed();
        breaker.acquire().failure(Blame.UNKNOWN, Hint.NONE, 0);
      }
      assertThat(state()).isEqualTo(CLOSED);
      for (int i = 0; i < 400 && state() == CLOSED; i++) {
        breaker.acquire().failure(Blame.UNKNOWN, Hint.NONE, 0);
      }
      assertThat(breaker.snapshot().failureCount()).isGreaterThanOrEqualTo(100);
    }

    @Test
    void opensAfterAsManyOvertakenInARowAsFailuresWouldOpenIt() {
      for (int i = 0; i < 4; i++) {
        breaker.acquire().overtaken(1);
      }
      succeed();
      for (int i = 0; i < 4; i++) {
        breaker.acquire().overtaken(1);
      }
      assertThat(state()).isEqualTo(CLOSED);
      breaker.acquire().overtaken(1);
      assertThat(state()).isEqualTo(OPEN);
      assertThat(events.getLast().reason()).isEqualTo("overtaken");
    }

    @Test
    void countsWhatWasOvertakenAsSlowIfItWas() {
      breaker =
          breaker(BreakerPolicy.builder().minimumCalls(2).slowCalls(Duration.ofMillis(100), 0.5));
      succeed();
      breaker.acquire().overtaken(Duration.ofMillis(99).toNanos());
      assertThat(state()).isEqualTo(CLOSED);
      breaker.acquire().overtaken(Duration.ofMillis(100).toNanos());
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void onlyCountsWhatIsOvertakenAfterItHasOpened() {
      Permit early = breaker.acquire();
      breaker.trip();

      early.overtaken(1);
      assertThat(state()).isEqualTo(OPEN);
      assertThat(breaker.snapshot().lateFailures()).isEqualTo(1);
    }

    @Test
    void isNotMovedByFaultsOfTheTargetOrTheCaller() {
      for (int i = 0; i < 100; i++) {
        breaker.acquire().failure(Blame.TARGET, Hint.NONE, 0);
        breaker.acquire().failure(Blame.CALLER, Hint.NONE, 0);
        breaker.acquire().release();
      }
      assertThat(breaker.snapshot().failureCount()).isZero();
      assertThat(state()).isEqualTo(CLOSED);
    }

    @Test
    void refusesNothing() {
      assertThatThrownBy(() -> breaker.acquire().refusal())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class WhenOpen {
    @Test
    void refusesUntilTheTimeIsOver() {
      open();

      time.advance(Duration.ofSeconds(30).minusNanos(1));
      assertThat(breaker.isSelectable()).isFalse();
      assertThat(breaker.tryAcquire().isGranted()).isFalse();
      time.advance(Duration.ofNanos(1));
      assertThat(breaker.isSelectable()).isTrue();
      assertThat(breaker.tryAcquire().isGranted()).isTrue();
    }

    @Test
    void saysHowLongItRefusesAndSharesOneRefusal() {
      open();
      time.advance(Duration.ofSeconds(10));

      assertThatThrownBy(() -> breaker.acquire())
          .isInstanceOfSatisfying(
              CallRefused.class,
              refused -> {
                assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(20));
                assertThat(refused.gate()).isEqualTo("proxy-1");
                assertThat(refused).hasMessage("proxy-1 refuses calls for another PT20S");
                assertThat(refused.getStackTrace()).isEmpty();
                assertThat(breaker.tryAcquire().refusal()).isSameAs(refused);
              });
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void settlingARefusedPermitChangesNothing() {
      open();
      Permit refused = breaker.tryAcquire();

      refused.success(0);
      refused.failure(Blame.ENDPOINT, Hint.NONE, 0);
      refused.throttled(Hint.after(Duration.ofHours(1), "test"));
      refused.release();

      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(30));
      assertThat(edges()).containsExactly("CLOSED>OPEN");
    }

    @Test
    void isShownHalfOpenOnceItsTimeIsOverAlthoughNobodyAsked() {
      halfOpen();
      assertThat(state()).isEqualTo(HALF_OPEN);
      assertThat(breaker.snapshot().untilTest()).isZero();
      assertThat(breaker.snapshot().nextTest()).isEmpty();
      assertThat(edges()).containsExactly("CLOSED>OPEN");
    }

    @Test
    void snapshotSaysWhenItTests() {
      open();
      BreakerSnapshot snapshot = breaker.snapshot();
      assertThat(snapshot.nextTest()).contains(time.instant().plusSeconds(30));
      assertThat(snapshot.failureCount()).isEqualTo(5);
      assertThat(snapshot.openings()).isEqualTo(1);
      assertThat(snapshot.lastChange()).isEqualTo(time.instant());
    }

    @Test
    void obeysTheLongerOfItsOwnTimeAndTheHint() {
      fail(4);
      breaker.acquire().failure(Blame.ENDPOINT, Hint.after(Duration.ofMinutes(2), "test"), 0);
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void ignoresAHintAboveItsLimit() {
      fail(4);
      breaker.acquire().failure(Blame.ENDPOINT, Hint.after(Duration.ofHours(2), "test"), 0);
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void opensAtOnceWhenTheServerAsksToBeLeftAlone() {
      breaker.acquire().throttled(Hint.after(Duration.ofSeconds(90), "test"));
      assertThat(state()).isEqualTo(OPEN);
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(90));
      assertThat(events.getFirst().reason()).isEqualTo("hint");
    }

    @Test
    void growsItsTimeUpToALimitAndForgetsTheRowAfterAStableWhile() {
      breaker =
          breaker(
              BreakerPolicy.builder()
                  .failureThreshold(1)
                  .openFor(Duration.ofSeconds(10))
                  .openGrowth(2, Duration.ofSeconds(35)));
      fail();
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(10));
      time.advance(Duration.ofSeconds(10));
      fail();
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(20));
      time.advance(Duration.ofSeconds(20));
      fail();
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(35));
      time.advance(Duration.ofSeconds(35));
      succeed();
      fail();
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(35));
      time.advance(Duration.ofSeconds(35));
      succeed();
      time.advance(Duration.ofSeconds(36));
      fail();
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void spreadsItsTimeByTheJitter() {
      breaker = breaker(BreakerPolicy.builder().failureThreshold(1).openJitter(0.2));
      List<Long> times = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        fail();
        times.add(breaker.untilTest().toMillis());
        breaker.reset();
      }
      assertThat(times).allMatch(millis -> millis >= 24_000 && millis <= 36_000);
      assertThat(times.stream().distinct().count()).isGreaterThan(90);
    }

    @Test
    void spreadsItsTimeAtTheLimitAsWell() {
      breaker =
          breaker(
              BreakerPolicy.builder()
                  .failureThreshold(1)
                  .openFor(Duration.ofSeconds(30))
                  .openGrowth(10, Duration.ofMinutes(5))
                  .openJitter(0.2));
      List<Long> times = new ArrayList<>();
      for (int i = 0; i < 102; i++) {
        fail();
        times.add(breaker.untilTest().toMillis());
        time.advance(breaker.untilTest());
      }
      List<Long> atTheLimit = times.subList(2, 102);
      assertThat(atTheLimit).allMatch(millis -> millis >= 240_000 && millis <= 300_000);
      assertThat(atTheLimit.stream().distinct().count()).isGreaterThan(90);
    }
  }

  @Nested
  class WhenHalfOpen {
    @Test
    void letsOneProbeOutAtATime() {
      halfOpen();
      Permit probe = breaker.acquire();

      assertThat(probe.isGranted()).isTrue();
      assertThat(breaker.isSelectable()).isFalse();
      assertThatThrownBy(() -> breaker.acquire()).isInstanceOf(CallRefused.class);
      assertThat(breaker.snapshot().probesOut()).isEqualTo(1);
    }

    @Test
    void closesWhenTheProbeSucceedsAndForgetsTheFailures() {
      halfOpen();
      succeed();

      assertThat(state()).isEqualTo(CLOSED);
      assertThat(breaker.snapshot().failureCount()).isZero();
      assertThat(edges()).containsExactly("CLOSED>OPEN", "OPEN>HALF_OPEN", "HALF_OPEN>CLOSED");
      assertThat(events).extracting(BreakerEvent::failureCount).containsExactly(5, 5, 5);
    }

    @Test
    void opensAgainWhenTheProbeFailsAndItsTimeBeginsAnew() {
      halfOpen();
      fail();

      assertThat(state()).isEqualTo(OPEN);
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(30));
      assertThat(edges()).containsExactly("CLOSED>OPEN", "OPEN>HALF_OPEN", "HALF_OPEN>OPEN");
    }

    @Test
    void opensAgainForAsLongAsTheProbesHintSays() {
      halfOpen();
      breaker.acquire().throttled(Hint.after(Duration.ofSeconds(45), "test"));
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    void keepsTheTwoNumbersApart() {
      breaker = breaker(BreakerPolicy.builder().probesAtOnce(2).probeSuccesses(3));
      halfOpen();
      Permit first = breaker.acquire();
      Permit second = breaker.acquire();
      assertThat(breaker.tryAcquire().isGranted()).isFalse();

      first.success(0);
      second.success(0);
      assertThat(state()).isEqualTo(HALF_OPEN);
      succeed();
      assertThat(state()).isEqualTo(CLOSED);
    }

    @Test
    void takesBackThePermitOfAProbeThatCountsNeitherWay() {
      halfOpen();
      breaker.acquire().release();
      assertThat(breaker.isSelectable()).isTrue();
      breaker.acquire().failure(Blame.CALLER, Hint.NONE, 0);
      assertThat(state()).isEqualTo(HALF_OPEN);
      assertThat(breaker.isSelectable()).isTrue();
    }

    @Test
    void takesAFaultOfTheTargetAsProofThatTheEndpointWorks() {
      halfOpen();
      breaker.acquire().failure(Blame.TARGET, Hint.NONE, 0);
      assertThat(state()).isEqualTo(CLOSED);
    }

    @Test
    void takesAProbeThatWasOvertakenAsAFailure() {
      halfOpen();
      breaker.acquire().overtaken(1);
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void takesASlowProbeAsAFailure() {
      breaker = breaker(BreakerPolicy.builder().slowCalls(Duration.ofMillis(10), 1));
      halfOpen();
      breaker.acquire().success(Duration.ofMillis(10).toNanos());
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void givesUpAProbeThatNeverReports() {
      halfOpen();
      Permit lost = breaker.acquire();
      time.advance(Duration.ofSeconds(60).minusNanos(1));
      assertThat(breaker.isSelectable()).isFalse();
      time.advance(Duration.ofNanos(1));
      assertThat(breaker.isSelectable()).isTrue();

      Permit next = breaker.acquire();
      lost.success(0);
      assertThat(state()).isEqualTo(HALF_OPEN);
      lost.failure(Blame.ENDPOINT, Hint.NONE, 0);
      assertThat(state()).isEqualTo(HALF_OPEN);
      next.success(0);
      assertThat(state()).isEqualTo(CLOSED);
    }

    @Test
    void ignoresAProbeThatComesBackAfterADecision() {
      breaker = breaker(BreakerPolicy.builder().probesAtOnce(2));
      halfOpen();
      Permit first = breaker.acquire();
      Permit second = breaker.acquire();
      first.success(0);
      second.failure(Blame.ENDPOINT, Hint.NONE, 0);

      assertThat(state()).isEqualTo(CLOSED);
      assertThat(breaker.snapshot().failureCount()).isZero();
    }

    @Test
    void settlingAPermitTwiceCountsOnce() {
      breaker = breaker(BreakerPolicy.builder().probeSuccesses(2));
      halfOpen();
      Permit probe = breaker.acquire();
      probe.success(0);
      probe.success(0);
      assertThat(state()).isEqualTo(HALF_OPEN);
    }

    @Test
    void settlingARefusedPermitChangesNothing() {
      halfOpen();
      Permit probe = breaker.acquire();
      Permit refused = breaker.tryAcquire();
      refused.success(0);
      refused.failure(Blame.ENDPOINT, Hint.NONE, 0);
      refused.throttled(Hint.NONE);
      refused.release();
      assertThat(state()).isEqualTo(HALF_OPEN);
      assertThat(probe.refusal().retryAfter()).isZero();
      assertThat(breaker.untilTest()).isZero();
    }
  }

  @Nested
  class LateResults {
    @Test
    void aSuccessFromBeforeTheOpeningDoesNotCloseAHalfOpenBreaker() {
      Permit early = breaker.acquire();
      halfOpen();
      Permit probe = breaker.acquire();

      early.success(0);
      assertThat(state()).isEqualTo(HALF_OPEN);
      assertThat(breaker.isSelectable()).isFalse();
      probe.success(0);
      assertThat(state()).isEqualTo(CLOSED);
    }

    @Test
    void aFailureFromBeforeTheOpeningDoesNotReopenAHalfOpenBreakerAndIsTold() {
      Permit early = breaker.acquire();
      halfOpen();
      Permit probe = breaker.acquire();

      early.failure(Blame.ENDPOINT, Hint.NONE, 0);
      assertThat(state()).isEqualTo(HALF_OPEN);
      probe.success(0);
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(breaker.snapshot().lateFailures()).isEqualTo(1);
    }

    @Test
    void aProbeThatSucceedsAfterAnotherHadClosedTheBreakerIsNoLateFailure() {
      breaker = breaker(BreakerPolicy.builder().probesAtOnce(2));
      halfOpen();
      Permit first = breaker.acquire();
      Permit second = breaker.acquire();

      first.success(0);
      second.success(0);
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(breaker.snapshot().lateFailures()).isZero();
    }

    @Test
    void aProbeThatFailsAfterAnotherHadClosedTheBreakerIsALateFailure() {
      breaker = breaker(BreakerPolicy.builder().probesAtOnce(2));
      halfOpen();
      Permit first = breaker.acquire();
      Permit second = breaker.acquire();

      first.success(0);
      second.failure(Blame.ENDPOINT, Hint.NONE, 0);
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(breaker.snapshot().lateFailures()).isEqualTo(1);
    }

    @Test
    void aFailureFromBeforeTheOpeningIsLateWhereOnlySharesCountToo() {
      breaker = breaker(BreakerPolicy.builder().failureThreshold(0).failureRate(0.5));
      Permit early = breaker.acquire();
      breaker.trip();

      early.failure(Blame.ENDPOINT, Hint.NONE, 0);
      assertThat(state()).isEqualTo(OPEN);
      assertThat(breaker.snapshot().lateFailures()).isEqualTo(1);
    }

    @Test
    void ignoredResultsFromBeforeTheOpeningAddNoProbes() {
      List<Permit> early = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        early.add(breaker.acquire());
      }
      halfOpen();
      Permit probe = breaker.acquire();
      early.forEach(Permit::release);

      assertThat(probe.isGranted()).isTrue();
      assertThat(breaker.tryAcquire().isGranted()).isFalse();
    }

    @Test
    void aHintFromBeforeTheOpeningChangesNothing() {
      Permit early = breaker.acquire();
      open();
      early.throttled(Hint.after(Duration.ofMinutes(4), "test"));
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aCallerThatStillHoldsAnOldStateMovesNothing() {
      open();
      Generation open = (Generation) breaker.tryAcquire();
      time.advance(Duration.ofSeconds(30));
      Permit probe = breaker.acquire();
      Generation halfOpen = (Generation) breaker.tryAcquire();
      probe.success(0);

      assertThat(open.admit()).isNull();
      assertThat(halfOpen.admit()).isNull();
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(edges()).hasSize(3);
    }

    @Test
    void failuresOfManyThreadsAtOnceMakeOneEdge() {
      List<Permit> early = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        early.add(breaker.acquire());
      }
      early.forEach(permit -> permit.failure(Blame.ENDPOINT, Hint.NONE, 0));
      assertThat(edges()).containsExactly("CLOSED>OPEN");
    }
  }

  @Nested
  class ByHand {
    @Test
    void resetClosesFromEveryState() {
      open();
      breaker.reset();
      assertThat(state()).isEqualTo(CLOSED);
      halfOpen();
      breaker.acquire().release();
      breaker.reset();
      assertThat(state()).isEqualTo(CLOSED);
      breaker.holdOpen();
      breaker.reset();
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(edges()).contains("OPEN>CLOSED", "HALF_OPEN>CLOSED", "HELD_OPEN>CLOSED");
    }

    @Test
    void resettingAClosedBreakerForgetsWithoutAnEdge() {
      fail(4);
      breaker.reset();
      fail(4);
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(events).isEmpty();
    }

    @Test
    void tripOpensForTheOpenTime() {
      breaker.trip();
      assertThat(state()).isEqualTo(OPEN);
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(30));
      assertThat(events.getFirst().reason()).isEqualTo("tripped");
    }

    @Test
    void aSuspectedOneHasToProveItself() {
      breaker.suspect();
      assertThat(state()).isEqualTo(HALF_OPEN);
      assertThat(events.getFirst().reason()).isEqualTo("suspected");

      Permit probe = breaker.acquire();
      assertThat(breaker.isSelectable()).isFalse();
      probe.success(0);
      assertThat(state()).isEqualTo(CLOSED);
      assertThat(edges()).containsExactly("CLOSED>HALF_OPEN", "HALF_OPEN>CLOSED");
    }

    @Test
    void aSuspectedOneOpensOnTheFirstFailure() {
      breaker.suspect();
      fail();
      assertThat(state()).isEqualTo(OPEN);
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void onlyAClosedOneCanBeSuspected() {
      breaker.trip();
      breaker.suspect();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void heldOpenRefusesUntilReset() {
      breaker.holdOpen();
      time.advance(Duration.ofDays(400));

      assertThat(state()).isEqualTo(HELD_OPEN);
      assertThat(breaker.isSelectable()).isFalse();
      assertThatThrownBy(() -> breaker.acquire())
          .hasMessage("proxy-1 refuses calls until it is reset");
      assertThat(breaker.snapshot().nextTest()).isEmpty();
      Permit refused = breaker.tryAcquire();
      refused.success(0);
      refused.release();
      refused.throttled(Hint.NONE);
      refused.failure(Blame.ENDPOINT, Hint.NONE, 0);
      assertThat(state()).isEqualTo(HELD_OPEN);
    }

    @Test
    void heldClosedAdmitsWhateverComesBack() {
      breaker.holdClosed();
      fail(100);
      succeed();
      assertThat(state()).isEqualTo(HELD_CLOSED);
      assertThat(breaker.isSelectable()).isTrue();
      assertThat(breaker.untilTest()).isZero();
    }

    @Test
    void newRulesHoldAtOnceForAClosedBreaker() {
      fail(2);
      breaker.updatePolicy(BreakerPolicy.builder().failureThreshold(3).build());
      fail(2);
      assertThat(state()).isEqualTo(CLOSED);
      fail();
      assertThat(state()).isEqualTo(OPEN);
    }

    @Test
    void newRulesLeaveAnOpenBreakerOpen() {
      open();
      breaker.updatePolicy(BreakerPolicy.builder().openFor(Duration.ofSeconds(1)).build());
      assertThat(breaker.untilTest()).isEqualTo(Duration.ofSeconds(30));
      assertThat(breaker.policy().open().base()).isEqualTo(Duration.ofSeconds(1));
    }
  }

  @Nested
  class Asking {
    @Test
    void whetherItIsSelectableChangesNothing() {
      halfOpen();
      for (int i = 0; i < 100; i++) {
        assertThat(breaker.isSelectable()).isTrue();
        breaker.snapshot();
      }
      assertThat(edges()).containsExactly("CLOSED>OPEN");
      assertThat(breaker.tryAcquire().isGranted()).isTrue();
    }
  }

  @Nested
  class Listeners {
    @Test
    void mayAskTheBreakerAndEvenChangeIt() {
      List<BreakerState> seen = new ArrayList<>();
      CircuitBreaker[] self = new CircuitBreaker[1];
      self[0] =
          new CircuitBreaker(
              "x",
              BreakerPolicy.DEFAULT,
              time,
              random,
              event -> {
                seen.add(event.to());
                if (event.to() == OPEN) {
                  self[0].reset();
                }
              });
      self[0].trip();
      assertThat(seen).containsExactly(OPEN, CLOSED);
    }

    @Test
    void thatThrowLoseNeitherPermitsNorEdges() {
      List<Throwable> uncaught = new ArrayList<>();
      Thread.currentThread().setUncaughtExceptionHandler((thread, fault) -> uncaught.add(fault));
      breaker =
          new CircuitBreaker(
              "x",
              BreakerPolicy.DEFAULT,
              time,
              random,
              event -> {
                events.add(event);
                throw new IllegalStateException("listener");
              });
      halfOpen();
      succeed();

      Thread.currentThread().setUncaughtExceptionHandler(null);
      assertThat(edges()).containsExactly("CLOSED>OPEN", "OPEN>HALF_OPEN", "HALF_OPEN>CLOSED");
      assertThat(uncaught).hasSize(3);
      assertThat(state()).isEqualTo(CLOSED);
    }
  }

  @Test
  void aListenerThatThrowsAnErrorHearsOfTheNextEdgeAllTheSame() {
    Thread.currentThread()
        .setUncaughtExceptionHandler((thread, fault) -> {
          throw new IllegalStateException("the handler throws, too");
        });
    breaker =
        new CircuitBreaker(
            "x",
            BreakerPolicy.DEFAULT,
            time,
            random,
            event -> {
              events.add(event);
              throw new NoClassDefFoundError("listener");
            });
    try {
      breaker.trip();
      breaker.reset();
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(null);
    }
    assertThat(edges()).containsExactly("CLOSED>OPEN", "OPEN>CLOSED");
  }

  @Test
  void tellsItsNameAndNeedsNoListener() {
    CircuitBreaker plain = CircuitBreaker.of("plain", BreakerPolicy.DEFAULT);
    plain.trip();
    assertThat(plain.name()).isEqualTo("plain");
    assertThat(plain.snapshot().state()).isEqualTo(OPEN);
  }
}
