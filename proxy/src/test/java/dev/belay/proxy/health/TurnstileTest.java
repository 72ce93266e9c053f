package dev.belay.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnstileTest {
  private final Turnstile turnstile = new Turnstile(3);

  @Test
  void letsNoMoreRunThanItMay() {
    List<CompletableFuture<String>> works = new ArrayList<>();
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      results.add(
          turnstile.enter(() -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            works.add(work);
            return work;
          }));
    }
    assertThat(works).hasSize(3);

    works.get(1).complete("b");
    assertThat(works).hasSize(4);
    assertThat(results.get(1)).isCompletedWithValue("b");
    assertThat(results.get(3)).isNotDone();
  }

  @Test
  void goesOnAfterFailures() {
    for (int i = 0; i < 10; i++) {
      boolean thrown = i % 2 == 0;
      CompletableFuture<Object> result =
          turnstile.enter(() -> {
            if (thrown) {
              throw new IllegalStateException("thrown");
            }
            return CompletableFuture.failedFuture(new IllegalStateException("failed"));
          });
      assertThat(result).isCompletedExceptionally();
    }
    assertThat(turnstile.enter(() -> CompletableFuture.completedFuture("ok")))
        .isCompletedWithValue("ok");
  }

  @Test
  void needsNoStackForManyWorksThatAreOverAtOnce() {
    CompletableFuture<String> first = new CompletableFuture<>();
    Turnstile narrow = new Turnstile(1);
    AtomicInteger done = new AtomicInteger();
    var unused = narrow.enter(() -> first);
    CompletableFuture<Integer> last = new CompletableFuture<>();
    for (int i = 0; i < 100_000; i++) {
      last = narrow.enter(() -> CompletableFuture.completedFuture(done.incrementAndGet()));
    }

    first.complete("go");
    assertThat(last).isCompletedWithValue(100_000);
  }

  @Test
  void holdsUnderManyThreads() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      results.add(
          turnstile.enter(() ->
              CompletableFuture.supplyAsync(() -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                return inside.decrementAndGet();
              })));
    }
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    assertThat(most.get()).isBetween(1, 3);
  }
}
