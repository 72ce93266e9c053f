package dev.belay.bench;

import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.CircuitBreaker;
import dev.belay.Hint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Bytes of heap that one breaker holds: fresh, after calls of one thread that worked, after as many
 * of a second thread, after some that failed.
 */
final class BreakerMemory {
  private static final int INSTANCES = 100_000;
  private static final int CALLS = 200;
  private static final int FAILURES = 2;

  private final PrintStream out;
  private final Path page;

  BreakerMemory(PrintStream out, Path page) {
    this.out = out;
    this.page = page;
  }

  /** One kind of breaker. */
  private record Kind<B>(String name, Supplier<B> make, Consumer<B> succeed, Consumer<B> fail) {

    /** A line of the table. */
    String measure() throws InterruptedException {
      long before = usedBytes();
      List<B> all = new ArrayList<>(INSTANCES);
      for (int i = 0; i < INSTANCES; i++) {
        all.add(make.get());
      }
      long fresh = usedBytes();
      succeed(all);
      long used = usedBytes();
      Thread.ofPlatform().start(() -> succeed(all)).join();
      long shared = usedBytes();
      for (int call = 0; call < FAILURES; call++) {
        all.forEach(fail);
      }
      long failed = usedBytes();
      if (all.size() != INSTANCES) {
        throw new IllegalStateException("they must live until here");
      }
      return "| %s | %d | %d | %d | %d |"
          .formatted(
              name,
              each(fresh - before),
              each(used - before),
              each(shared - before),
              each(failed - before));
    }

    private void succeed(List<B> all) {
      for (int call = 0; call < CALLS; call++) {
        all.forEach(succeed);
      }
    }

    private static long each(long bytes) {
      // the list's own reference is no part of a breaker
      return Math.round((double) bytes / INSTANCES) - 4;
    }
  }

  void run() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d breakers of each kind, heap after a full collection, bytes each.".formatted(INSTANCES));
    lines.add("");
    lines.add(
        "| breaker | fresh | after %d successes | after as many by a second thread | after %d failures besides |"
            .formatted(CALLS, FAILURES));
    lines.add("|---|---:|---:|---:|---:|");
    for (Kind<?> kind : kinds()) {
      lines.add(kind.measure());
    }
    String text = String.join("\n", lines);
    out.println(text);
    new MarkedPage(page).write("memory", text);
  }

  private static List<Kind<?>> kinds() {
    BreakerPolicy.Builder share =
        BreakerPolicy.builder().failureThreshold(0).failureRate(0.5).minimumCalls(100);
    return List.of(
        belay("belay (share in 10 s)", share.window(Duration.ofSeconds(10)).build()),
        belay("belay-count (default)", BreakerPolicy.DEFAULT),
        belay("belay-last (100 calls)", share.windowCalls(100).build()),
        resilience4j(),
        failsafe());
  }

  private static Kind<CircuitBreaker> belay(String name, BreakerPolicy policy) {
    return new Kind<>(
        name,
        () -> CircuitBreaker.of("bench", policy),
        breaker -> breaker.acquire().success(0),
        breaker -> breaker.acquire().failure(Blame.ENDPOINT, Hint.NONE, 0));
  }

  private static Kind<io.github.resilience4j.circuitbreaker.CircuitBreaker> resilience4j() {
    IllegalStateException failure = new IllegalStateException("stumbled");
    return new Kind<>(
        "r4j (100 calls)",
        Resilience4jGuards::breaker,
        breaker -> {
          breaker.acquirePermission();
          breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        },
        breaker -> {
          breaker.acquirePermission();
          breaker.onError(0, TimeUnit.NANOSECONDS, failure);
        });
  }

  private static Kind<dev.failsafe.CircuitBreaker<Object>> failsafe() {
    return new Kind<>(
        "failsafe (100 calls)",
        FailsafeGuards::breaker,
        dev.failsafe.CircuitBreaker::recordSuccess,
        dev.failsafe.CircuitBreaker::recordFailure);
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
