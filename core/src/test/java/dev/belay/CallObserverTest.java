package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallObserverTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> heard = new ArrayList<>();
  private int calls;

  private Belay.Builder<Endpoint> guard(RetryPolicy policy, CallObserver observer) {
    CircuitBreaker breaker =
        new CircuitBreaker("only", BreakerPolicy.DEFAULT, time, SharedRandom.INSTANCE, event -> {});
    return Belay.guard(new Endpoint("only", Endpoint.Traits.NONE, breaker))
        .policy(policy)
        .time(time)
        .observer(observer);
  }

  /** Writes down what it hears, each line with the number of the call. */
  private final class PerCall implements CallObserver {
    private final int number;

    PerCall(int number) {
      this.number = number;
    }

    private void hear(String what) {
      heard.add(number + " " + what);
    }

    @Override
    public CallObserver begun(Call call, String policy) {
      PerCall own = new PerCall(++calls);
      own.hear("begun under " + policy);
      return own;
    }

    @Override
    public void attempting(Call call, String policy, Attempt<?> attempt) {
      hear("begins " + attempt);
    }

    @Override
    public void attempted(
        Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
      hear(verdict.kind() + " " + attempt.number());
    }

    @Override
    public void paused(Call call, String policy, Step.Pause<?> pause) {
      hear("waits " + Duration.ofNanos(pause.nanos()));
    }

    @Override
    public void finished(Call call, CallReport report) {
      hear(report.reason().name());
    }
  }

  @Test
  void hearsWhenACallItsAttemptsAndItsWaitsBegin() {
    RetryPolicy twice = RetryPolicy.named("twice").maxAttempts(2).build();
    Belay<Endpoint> belay = guard(twice, new PerCall(0)).build();

    assertThatThrownBy(() ->
            belay.call(() -> {
              throw new IOException("no");
            }))
        .isInstanceOf(CallFailed.class);

    assertThat(heard)
        .containsExactly(
            "1 begun under twice",
            "1 begins attempt 1 at only",
            "1 RETRY 1",
            "1 waits PT1S",
            "1 begins attempt 2 at only",
            "1 RETRY 2",
            "1 ATTEMPTS_EXHAUSTED");
  }

  @Test
  void tellsCallsOfTheSameWishesApart() {
    Belay<Endpoint> belay = guard(RetryPolicy.NONE, new PerCall(0)).build();
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletableFuture<String> one = belay.callAsync(() -> first);
    CompletableFuture<String> other = belay.callAsync(() -> second);

    second.complete("second");
    first.complete("first");

    assertThat(one).isCompletedWithValue("first");
    assertThat(other).isCompletedWithValue("second");
    assertThat(heard).endsWith("2 SUCCESS 1", "2 SUCCESS", "1 SUCCESS 1", "1 SUCCESS");
  }

  @Test
  void severalHearTheSameWithOrWithoutOneForEachCall() throws InterruptedException {
    List<String> shared = new ArrayList<>();
    CallObserver plain =
        new CallObserver() {
          @Override
          public void attempting(Call call, String policy, Attempt<?> attempt) {
            shared.add("begins " + attempt.number());
          }

          @Override
          public void finished(Call call, CallReport report) {
            shared.add(report.reason().name());
          }
        };
    CallObserver all = CallObserver.all(plain, new PerCall(0), CallObserver.NONE);

    guard(RetryPolicy.NONE, all).build().call(() -> "yes");

    assertThat(shared).containsExactly("begins 1", "SUCCESS");
    assertThat(heard)
        .containsExactly(
            "1 begun under none", "1 begins attempt 1 at only", "1 SUCCESS 1", "1 SUCCESS");
  }

  @Test
  void whatOneOfSeveralThrowsKeepsNothingFromTheOthers() throws InterruptedException {
    CallObserver neverBegins =
        new CallObserver() {
          @Override
          public CallObserver begun(Call call, String policy) {
            throw new IllegalStateException("begun");
          }
        };
    CallObserver broken =
        new CallObserver() {
          @Override
          public void attempted(
              Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
            throw new NoClassDefFoundError("attempted");
          }
        };
    List<Throwable> told = new ArrayList<>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, fault) -> told.add(fault));
    try {
      guard(RetryPolicy.NONE, CallObserver.all(neverBegins, broken, new PerCall(0)))
          .build()
          .call(() -> "yes");
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(null);
    }

    assertThat(told).extracting(Throwable::getMessage).containsExactly("begun", "attempted");
    assertThat(heard)
        .containsExactly(
            "1 begun under none", "1 begins attempt 1 at only", "1 SUCCESS 1", "1 SUCCESS");
  }

  @Test
  void oneObserverForAllCallsIsNotCopied() {
    CallObserver all = CallObserver.all(CallObserver.NONE, CallObserver.NONE);

    assertThat(all.begun(Call.DEFAULT, "p")).isSameAs(all);
  }

  @Test
  void aHedgeThatLosesEndsAfterItsCall() {
    RetryPolicy hedged =
        RetryPolicy.named("hedged").hedge(Hedge.after(Duration.ofMillis(10))).build();
    Belay<Endpoint> belay =
        guard(hedged, new PerCall(0))
            .budget(RetryBudget.unlimited())
            .executor(Runnable::run)
            .build();
    List<CompletableFuture<String>> attempts = new ArrayList<>();
    CompletableFuture<String> result =
        belay.callAsync(() -> {
          CompletableFuture<String> attempt = new CompletableFuture<>();
          attempts.add(attempt);
          return attempt;
        });

    time.advance(Duration.ofMillis(11));
    attempts.getLast().complete("quick");

    assertThat(result).isCompletedWithValue("quick");
    assertThat(heard)
        .containsSubsequence(
            "1 begins attempt 2 at only", "1 SUCCESS 2", "1 SUCCESS", "1 CANCELLED 1");
  }
}
