package dev.belay.flow.parity;

import static dev.belay.flow.parity.GobreakerV1.State.CLOSED;
import static dev.belay.flow.parity.GobreakerV1.State.HALF_OPEN;
import static dev.belay.flow.parity.GobreakerV1.State.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.VirtualTime;
import dev.belay.flow.ParityRules;
import dev.belay.flow.parity.GobreakerV1.Admission;
import dev.belay.flow.parity.SendWithRetry.BreakerRefused;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ParityTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> edges = new ArrayList<>();

  /** Always draws the same. */
  private static RandomGenerator drawing(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 0;
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  private static ParityRules rules(Duration elapsed, double factor) {
    ParityRules usual = ParityRules.DEFAULT;
    return new ParityRules(
        usual.initial(),
        usual.multiplier(),
        factor,
        usual.maxInterval(),
        elapsed,
        usual.maxRequests(),
        usual.interval(),
        usual.timeout(),
        usual.failures());
  }

  private static ParityRules breaker(int maxRequests, Duration interval) {
    ParityRules usual = ParityRules.DEFAULT;
    return new ParityRules(
        usual.initial(),
        usual.multiplier(),
        usual.factor(),
        usual.maxInterval(),
        usual.maxElapsed(),
        maxRequests,
        interval,
        usual.timeout(),
        usual.failures());
  }

  private GobreakerV1 newBreaker(ParityRules rules) {
    return new GobreakerV1(rules, time, (from, to) -> edges.add(from + " > " + to));
  }

  private static List<Long> millis(BackoffV4 backoff, int count) {
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      waits.add(backoff.next() / 1_000_000);
    }
    return waits;
  }

  @Test
  void theBaseSequenceDoublesUpToItsCap() {
    BackoffV4 backoff = new BackoffV4(rules(Duration.ZERO, 0), time, drawing(0.7));

    assertThat(millis(backoff, 10))
        .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 10_000L, 10_000L, 10_000L);
  }

  @Test
  void theCapLimitsTheBaseAndNotTheWait() {
    BackoffV4 low = new BackoffV4(rules(Duration.ZERO, 0.5), time, drawing(0));
    BackoffV4 high = new BackoffV4(rules(Duration.ZERO, 0.5), time, drawing(Math.nextDown(1.0)));

    assertThat(millis(low, 8)).containsExactly(50L, 100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L);
    assertThat(millis(high, 8))
        .containsExactly(150L, 300L, 600L, 1_200L, 2_400L, 4_800L, 9_600L, 15_000L);
  }

  @Test
  void aWaitIsDrawnAsTheOriginalDrawsIt() {
    BackoffV4 backoff = new BackoffV4(rules(Duration.ZERO, 0.5), time, drawing(0.5));

    // (100 ms - 50 ms) + 0.5 * (100 ms + 1 ns), cut to whole nanoseconds
    assertThat(backoff.next()).isEqualTo(100_000_000L);
    assertThat(new BackoffV4(rules(Duration.ZERO, 0.5), time, drawing(0.25)).next())
        .isEqualTo(75_000_000L);
  }

  @Test
  void aWaitThatWouldEndTooLateIsNotBegunButOneThatEndsInTimeIs() {
    BackoffV4 backoff = new BackoffV4(rules(Duration.ofMillis(300), 0), time, drawing(0));
    assertThat(backoff.next()).isEqualTo(100_000_000L);
    time.advance(Duration.ofMillis(100));
    assertThat(backoff.next()).isEqualTo(200_000_000L); // exactly at the end is in time
    time.advance(Duration.ofMillis(1));
    assertThat(backoff.next()).isEqualTo(BackoffV4.STOP);
    time.advance(Duration.ofNanos(1));
    backoff.reset();
    assertThat(backoff.next()).isEqualTo(100_000_000L);
  }

  @Test
  void waitsStayWithinHalfOfTheBaseWhateverIsDrawn() {
    Cases.check(
        200,
        RandomGenerator::nextLong,
        seed -> {
          RandomGenerator random = new java.util.SplittableRandom(seed);
          BackoffV4 backoff = new BackoffV4(rules(Duration.ZERO, 0.5), time, random);
          long base = 100_000_000L;
          for (int i = 0; i < 12; i++) {
            assertThat(backoff.next()).isBetween(base / 2, base * 3 / 2 + 1);
            base = Math.min(10_000_000_000L, base >= 5_000_000_000L ? 10_000_000_000L : base * 2);
          }
        });
  }

  private static Admission.Granted granted(GobreakerV1 breaker) {
    Admission admission = breaker.before();
    assertThat(admission).isInstanceOf(Admission.Granted.class);
    return (Admission.Granted) admission;
  }

  private static GobreakerV1.Refusal refusal(GobreakerV1 breaker) {
    Admission admission = breaker.before();
    assertThat(admission).isInstanceOf(Admission.Refused.class);
    return ((Admission.Refused) admission).why();
  }

  private GobreakerV1 opened() {
    GobreakerV1 breaker = newBreaker(ParityRules.DEFAULT);
    for (int i = 0; i < 5; i++) {
      breaker.after(granted(breaker), false);
    }
    return breaker;
  }

  @Test
  void fiveFailuresInARowOpenItAndASuccessBetweenStartsAfresh() {
    GobreakerV1 breaker = newBreaker(ParityRules.DEFAULT);
    for (int i = 0; i < 4; i++) {
      breaker.after(granted(breaker), false);
    }
    breaker.after(granted(breaker), true);
    for (int i = 0; i < 4; i++) {
      breaker.after(granted(breaker), false);
    }
    assertThat(breaker.state()).isEqualTo(CLOSED);
    assertThat(breaker.counts()).isEqualTo(new GobreakerV1.Counts(9, 1, 8, 0, 4));

    breaker.after(granted(breaker), false);

    assertThat(breaker.state()).isEqualTo(OPEN);
    assertThat(refusal(breaker).message()).isEqualTo("circuit breaker is open");
    assertThat(edges).containsExactly("closed > open");
  }

  @Test
  void exactlyAtTheEndOfItsTimeItIsStillOpen() {
    GobreakerV1 breaker = opened();
    time.advance(Duration.ofSeconds(30));
    assertThat(breaker.state()).isEqualTo(OPEN);
    time.advance(Duration.ofNanos(1));
    assertThat(breaker.state()).isEqualTo(HALF_OPEN);
    assertThat(edges).containsExactly("closed > open", "open > half-open");
  }

  @Test
  void halfOpenAdmitsSoManyInAllAndGivesNoPlaceBack() {
    GobreakerV1 breaker = opened();
    time.advance(Duration.ofSeconds(31));
    Admission.Granted first = granted(breaker);
    Admission.Granted second = granted(breaker);
    Admission.Granted third = granted(breaker);
    breaker.after(first, true);
    assertThat(refusal(breaker).message()).isEqualTo("too many requests");
    breaker.after(second, true);
    time.advance(Duration.ofDays(1));
    assertThat(breaker.state()).isEqualTo(HALF_OPEN); // one that never returns keeps it so
    breaker.after(third, true);
    assertThat(breaker.state()).isEqualTo(CLOSED);
  }

  @Test
  void oneFailureOpensAHalfOpenBreakerAgain() {
    GobreakerV1 breaker = opened();
    time.advance(Duration.ofSeconds(31));
    Admission.Granted first = granted(breaker);
    breaker.after(granted(breaker), false);
    assertThat(breaker.state()).isEqualTo(OPEN);
    breaker.after(first, true); // of a generation that is gone
    assertThat(breaker.state()).isEqualTo(OPEN);
    assertThat(breaker.counts()).isEqualTo(GobreakerV1.Counts.ZERO);
  }

  @Test
  void aResultOfAnOlderGenerationIsForgotten() {
    GobreakerV1 breaker = newBreaker(ParityRules.DEFAULT);
    Admission.Granted old = granted(breaker);
    for (int i = 0; i < 5; i++) {
      breaker.after(granted(breaker), false);
    }
    time.advance(Duration.ofSeconds(31));
    assertThat(breaker.state()).isEqualTo(HALF_OPEN);
    breaker.after(old, false);
    assertThat(breaker.state()).isEqualTo(HALF_OPEN);
  }

  @Test
  void theIntervalOfAClosedBreakerForgetsAndOrphansWhatRuns() {
    GobreakerV1 breaker = newBreaker(breaker(3, Duration.ofSeconds(10)));
    Admission.Granted old = granted(breaker);
    breaker.after(granted(breaker), false);
    time.advance(Duration.ofSeconds(10));
    assertThat(breaker.counts().requests()).isEqualTo(2);
    time.advance(Duration.ofNanos(1));
    breaker.after(old, false);
    assertThat(breaker.counts()).isEqualTo(GobreakerV1.Counts.ZERO);
    assertThat(edges).isEmpty();
  }

  @Test
  void noRequestsMeansOne() {
    GobreakerV1 breaker = newBreaker(breaker(0, Duration.ZERO));
    for (int i = 0; i < 5; i++) {
      breaker.after(granted(breaker), false);
    }
    time.advance(Duration.ofSeconds(31));
    breaker.after(granted(breaker), true);
    assertThat(breaker.state()).isEqualTo(CLOSED);
  }

  @Test
  void aListenerMayAskForTheState() {
    List<GobreakerV1.State> seen = new ArrayList<>();
    GobreakerV1[] self = new GobreakerV1[1];
    self[0] = new GobreakerV1(ParityRules.DEFAULT, time, (from, to) -> seen.add(self[0].state()));
    for (int i = 0; i < 5; i++) {
      self[0].after(granted(self[0]), false);
    }
    assertThat(seen).containsExactly(OPEN);
  }

  @Test
  void neverAdmitsWhileOpen() {
    Cases.check(
        200,
        RandomGenerator::nextLong,
        seed -> {
          RandomGenerator random = new java.util.SplittableRandom(seed);
          GobreakerV1 breaker = newBreaker(ParityRules.DEFAULT);
          List<Admission.Granted> out = new ArrayList<>();
          for (int i = 0; i < 300; i++) {
            time.advance(Duration.ofMillis(random.nextInt(8_000)));
            GobreakerV1.State before = breaker.state();
            if (random.nextInt(3) > 0) {
              Admission admission = breaker.before();
              if (before == OPEN) {
                assertThat(admission).isInstanceOf(Admission.Refused.class);
              }
              if (admission instanceof Admission.Granted leave) {
                out.add(leave);
              }
            }
            if (!out.isEmpty() && random.nextBoolean()) {
              breaker.after(out.remove(random.nextInt(out.size())), random.nextInt(4) == 0);
            }
          }
        });
  }

  private <T> T send(Callable<T> operation, GobreakerV1 breaker, double factor) throws Exception {
    return SendWithRetry.send(
        operation,
        breaker,
        new BackoffV4(rules(Duration.ofMinutes(2), factor), time, drawing(0.5)),
        time);
  }

  @Test
  void twoFailuresAndASuccessAreThreeCalls() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    String answer =
        send(
            () -> {
              if (calls.incrementAndGet() < 3) {
                throw new IOException("down");
              }
              return "up";
            },
            newBreaker(ParityRules.DEFAULT),
            0);
    assertThat(answer).isEqualTo("up");
    assertThat(calls).hasValue(3);
    assertThat(time.passed()).isEqualTo(Duration.ofMillis(300));
  }

  @Test
  void aFailingBackendEndsATaskAfterThreeSecondsAndNotTwoMinutes() {
    List<Duration> at = new ArrayList<>();
    GobreakerV1 breaker = newBreaker(ParityRules.DEFAULT);

    assertThatThrownBy(() ->
            send(
                () -> {
                  at.add(time.passed());
                  throw new IOException("down");
                },
                breaker,
                0))
        .isInstanceOf(BreakerRefused.class)
        .hasMessage("circuit breaker is open");

    assertThat(at).extracting(Duration::toMillis).containsExactly(0L, 100L, 300L, 700L, 1_500L);
    assertThat(time.passed()).isEqualTo(Duration.ofMillis(3_100));
  }

  @Test
  void aCallThatTakesLongerThanAllWaitsMayIsNeverRepeated() {
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(() ->
            send(
                () -> {
                  calls.incrementAndGet();
                  time.advance(Duration.ofMinutes(2));
                  throw new IOException("slow");
                },
                newBreaker(ParityRules.DEFAULT),
                0))
        .isInstanceOf(IOException.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void timeoutsAndCancellationsCountAsSuccesses() {
    GobreakerV1 breaker = newBreaker(ParityRules.DEFAULT);
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() ->
              send(
                  () -> {
                    time.advance(Duration.ofMinutes(3));
                    throw new TimeoutException("late");
                  },
                  breaker,
                  0))
          .isInstanceOf(TimeoutException.class);
    }
    assertThat(breaker.state()).isEqualTo(CLOSED);
    assertThat(breaker.counts().totalSuccesses()).isEqualTo(20);
  }

  @Test
  void whoHasGivenUpIsNotServed() {
    GobreakerV1 breaker = newBreaker(ParityRules.DEFAULT);
    AtomicInteger calls = new AtomicInteger();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> send(calls::incrementAndGet, breaker, 0))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(calls).hasValue(0);
  }
}
