package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SmallPartsTest {
  @Nested
  class Budgets {
    private final VirtualTime time = new VirtualTime();

    @Test
    void saveUpAShareOfEachCall() {
      RetryBudget budget = RetryBudget.of(0.2, 0, 10, time);
      for (int i = 0; i < 10; i++) {
        assertThat(budget.withdraw()).isTrue();
      }
      assertThat(budget.withdraw()).isFalse();
      for (int i = 0; i < 5; i++) {
        budget.deposit();
      }
      assertThat(budget.available()).isEqualTo(1);
      assertThat(budget.withdraw()).isTrue();
      assertThat(budget.refusals()).isEqualTo(1);
    }

    @Test
    void trickleInWithTimeAndNeverOverflow() {
      RetryBudget budget = RetryBudget.of(0, 10, 5, time);
      for (int i = 0; i < 5; i++) {
        assertThat(budget.withdraw()).isTrue();
      }
      time.advance(Duration.ofMillis(250));
      assertThat(budget.available()).isEqualTo(2);
      time.advance(Duration.ofDays(3));
      assertThat(budget.available()).isEqualTo(5);
    }

    @Test
    void refillEvenIfSomebodyAsksAllTheTime() {
      RetryBudget budget = RetryBudget.of(0, 1, 1, time);
      assertThat(budget.withdraw()).isTrue();
      int granted = 0;
      for (int i = 0; i < 100_000; i++) {
        time.advance(Duration.ofNanos(100_000));
        granted += budget.withdraw() ? 1 : 0;
      }
      assertThat(granted).isBetween(9, 10);
    }

    @Test
    void boundTheShareOfRetriesWhateverHappens() {
      Cases.check(
          100,
          RandomGenerator::nextDouble,
          share -> {
            RetryBudget budget = RetryBudget.of(share, 0, 10, time);
            int granted = 0;
            for (int i = 0; i < 1_000; i++) {
              budget.deposit();
              granted += budget.withdraw() ? 1 : 0;
            }
            assertThat(granted).isLessThanOrEqualTo((int) Math.ceil(1_001 * share) + 11);
          });
    }

    @Test
    void withoutLimitNeverRefuse() {
      RetryBudget budget = RetryBudget.unlimited();
      for (int i = 0; i < 2_000_000; i++) {
        assertThat(budget.withdraw()).isTrue();
      }
    }

    @Test
    void loseNoTokenAmongThreads() {
      RetryBudget budget = RetryBudget.of(0, 0, 1_000, time);
      AtomicInteger granted = new AtomicInteger();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 5_000; i++) {
          threads.execute(() -> granted.addAndGet(budget.withdraw() ? 1 : 0));
        }
      }
      assertThat(granted).hasValue(1_000);
    }

    @Test
    void areChecked() {
      assertThatThrownBy(() -> RetryBudget.of(-1, 0, 1, time)).hasMessageContaining("share");
      assertThatThrownBy(() -> RetryBudget.of(0, -1, 1, time)).hasMessageContaining("reserve");
      assertThatThrownBy(() -> RetryBudget.of(0, 0, 0, time)).hasMessageContaining("capacity");
    }
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new UnknownHostException(), ErrorClass.DNS),
        Arguments.of(new ConnectException(), ErrorClass.CONNECT),
        Arguments.of(new NoRouteToHostException(), ErrorClass.CONNECT),
        Arguments.of(new SSLException("x"), ErrorClass.TLS),
        Arguments.of(new SocketTimeoutException(), ErrorClass.TIMEOUT),
        Arguments.of(new java.util.concurrent.TimeoutException(), ErrorClass.TIMEOUT),
        Arguments.of(new ProtocolException(), ErrorClass.PROTOCOL),
        Arguments.of(new SocketException(), ErrorClass.RESET),
        Arguments.of(new IOException(), ErrorClass.RESET),
        Arguments.of(new IllegalStateException(), ErrorClass.OTHER),
        Arguments.of(new CompletionException(new ConnectException()), ErrorClass.CONNECT),
        Arguments.of(new ExecutionException(new ConnectException()), ErrorClass.CONNECT));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failuresOfTheEndpointAreWorthAnotherAttempt(Throwable failure, ErrorClass errorClass) {
    assertThat(Classifier.STANDARD.failure(failure))
        .isEqualTo(Verdict.retry(errorClass, Blame.ENDPOINT));
  }

  static Stream<Throwable> bugs() {
    return Stream.of(
        new NullPointerException(),
        new IllegalArgumentException(),
        new ClassCastException(),
        new IndexOutOfBoundsException(),
        new UnsupportedOperationException("x"),
        new AssertionError());
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void bugsArePermanentAndTheCallers(Throwable bug) {
    assertThat(Classifier.STANDARD.failure(bug))
        .isEqualTo(Verdict.permanent(ErrorClass.OTHER, Blame.CALLER));
  }

  @Test
  void givingUpIsNobodysFailure() {
    assertThat(Classifier.STANDARD.failure(new InterruptedException()))
        .isEqualTo(Verdict.CANCELLED);
    assertThat(Classifier.STANDARD.failure(new CancellationException()))
        .isEqualTo(Verdict.CANCELLED);
  }

  @Test
  void aRefusalFurtherInsideCarriesItsTimeAsAHint() {
    VirtualTime time = new VirtualTime();
    CircuitBreaker inner =
        new CircuitBreaker(
            "inner", BreakerPolicy.DEFAULT, time, SharedRandom.INSTANCE, event -> {});
    inner.trip();
    Verdict verdict = Classifier.STANDARD.failure(inner.tryAcquire().refusal());
    assertThat(verdict.hint()).isEqualTo(Hint.after(Duration.ofSeconds(30), "inner"));
    assertThat(verdict.blame()).isEqualTo(Blame.TARGET);
  }

  @Test
  void theFirstRuleThatFitsDecides() {
    Classifier classifier =
        Classifier.builder()
            .value(Integer.class, n -> n > 9, n -> Verdict.IGNORED)
            .value(Integer.class, n -> n > 5, n -> Verdict.retry(ErrorClass.STATUS, Blame.TARGET))
            .failure(IOException.class, e -> "x".equals(e.getMessage()), e -> Verdict.IGNORED)
            .build();
    assertThat(classifier.value(10)).isEqualTo(Verdict.IGNORED);
    assertThat(classifier.value(7).errorClass()).isEqualTo(ErrorClass.STATUS);
    assertThat(classifier.value(1)).isEqualTo(Verdict.SUCCESS);
    assertThat(classifier.value("text")).isEqualTo(Verdict.SUCCESS);
    assertThat(classifier.value(null)).isEqualTo(Verdict.SUCCESS);
    assertThat(classifier.failure(new IOException("x"))).isEqualTo(Verdict.IGNORED);
    assertThat(classifier.failure(new IOException("y")).kind()).isEqualTo(Verdict.Kind.RETRY);
    assertThat(Classifier.STANDARD.value("anything")).isEqualTo(Verdict.SUCCESS);
  }

  @Test
  void verdictsAreChecked() {
    assertThatThrownBy(() -> Verdict.retry(ErrorClass.NONE, Blame.ENDPOINT))
        .hasMessage("errorClass must be NONE for SUCCESS and for nothing else, was NONE for RETRY");
    assertThatThrownBy(() -> Hint.after(Duration.ofSeconds(-1), "x"))
        .hasMessage("after must not be negative, was PT-1S");
    assertThat(Hint.NONE.isPresent()).isFalse();
    Verdict verdict =
        Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN)
            .withHint(Hint.after(Duration.ofSeconds(1), "x"))
            .withBlame(Blame.TARGET);
    assertThat(verdict.hint().isPresent()).isTrue();
    assertThat(verdict.blame()).isEqualTo(Blame.TARGET);
  }

  @Test
  void onlyWhatComesBeforeSendingIsSafeToRepeat() {
    assertThat(Stream.of(ErrorClass.values()).filter(ErrorClass::isBeforeSending).toList())
        .isEqualTo(
            List.of(
                ErrorClass.DNS,
                ErrorClass.CONNECT,
                ErrorClass.TLS,
                ErrorClass.AUTH,
                ErrorClass.REJECTED));
  }

  @Test
  void percentilesAreRightToNinePercent() {
    Cases.check(
        200,
        random -> random.nextLong(1, Duration.ofMinutes(1).toNanos()),
        slow -> {
          Latencies latencies = new Latencies();
          assertThat(latencies.percentile(0.5, 7)).isEqualTo(7);
          for (int i = 0; i < 90; i++) {
            latencies.add(slow / 10);
          }
          for (int i = 0; i < 10; i++) {
            latencies.add(slow);
          }
          assertThat((double) latencies.percentile(0.95, 0)).isBetween(slow * 0.99, slow * 1.6);
        });
  }

  @Test
  void latenciesFade() {
    Latencies latencies = new Latencies();
    for (int i = 0; i < 5_000; i++) {
      latencies.add(1_000_000_000);
    }
    for (int i = 0; i < 20_000; i++) {
      latencies.add(1_000_000);
    }
    assertThat(latencies.percentile(0.95, 0)).isLessThan(2_000_000);
  }

  @Test
  void callsCarryTheirWishes() {
    Call call =
        Call.DEFAULT
            .withTarget("host")
            .withSession("s")
            .withRegion("r")
            .withCountry("DE")
            .withIdempotent(false)
            .withDeadline(Deadline.NEVER)
            .withPolicy(RetryPolicy.NONE);
    assertThat(call.target()).isEqualTo("host");
    assertThat(call.session()).isEqualTo("s");
    assertThat(call.region()).isEqualTo("r");
    assertThat(call.country()).isEqualTo("DE");
    assertThat(call.isIdempotent()).isFalse();
    assertThat(call.deadline()).isSameAs(Deadline.NEVER);
    assertThat(call.policy()).contains(RetryPolicy.NONE);
    assertThat(Call.DEFAULT.policy()).isEmpty();
  }

  @Test
  void aWatchdogThatIsCalledOffInTimeLeavesNoInterrupt() {
    Watchdog early = new Watchdog();
    assertThat(early.stop()).isFalse();
    early.run();
    assertThat(Thread.interrupted()).isFalse();

    Watchdog late = new Watchdog();
    late.run();
    assertThat(late.stop()).isTrue();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aShortNameIsTheBeginningOfTheHashOfItsText() {
    assertThat(Sha256.hex("abc", 4)).isEqualTo("ba7816bf");
    assertThat(Sha256.hex("", 32)).startsWith("e3b0c442").hasSize(64);
    assertThat(Sha256.of("abc")).hasSize(32);
    assertThatThrownBy(() -> Sha256.hex("abc", 33)).hasMessageContaining("1 to 32");
  }
}
