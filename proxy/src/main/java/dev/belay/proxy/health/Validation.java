package dev.belay.proxy.health;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.http.ProxyAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks many proxies that are in no pool, some at once, and tells how far it has come. Safe for
 * any number of threads.
 */
public final class Validation {
  private final int total;
  private final Progress progress;
  private final CompletableFuture<List<HealthReport>> reports;
  private final Queue<HealthReport> untold = new ConcurrentLinkedQueue<>();
  private final AtomicInteger telling = new AtomicInteger();
  private volatile boolean cancelled;

  /** Only touched by the thread that tells. */
  private int done;

  /** Is told of each proxy when it has been checked, never twice at the same time. */
  @FunctionalInterface
  public interface Progress {

    /** Nobody wants to know. */
    Progress NONE = (done, total, report) -> {};

    /**
     * One more proxy has been checked.
     *
     * @param done how many have been, this one included
     * @param total how many there are
     */
    void checked(int done, int total, HealthReport report);
  }

  private Validation(
      List<ProxyAddress> proxies, ProxyCheck check, int parallel, Progress progress) {
    this.total = proxies.size();
    this.progress = requireNonNull(progress, "progress");
    Turnstile turnstile = new Turnstile(parallel);
    List<CompletableFuture<Optional<HealthReport>>> all = new ArrayList<>(total);
    for (ProxyAddress proxy : List.copyOf(proxies)) {
      all.add(turnstile.enter(() -> look(proxy, check)));
    }
    this.reports =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenApply(none -> all.stream().flatMap(one -> one.join().stream()).toList());
  }

  /**
   * Begins.
   *
   * @param parallel checks at once, 1 to 10,000
   * @param progress what it throws goes to the thread's uncaught exception handler
   */
  public static Validation start(
      List<ProxyAddress> proxies, ProxyCheck check, int parallel, Progress progress) {
    Check.that(
        parallel >= 1 && parallel <= 10_000, "parallel must be 1 to 10000, was %d", parallel);
    return new Validation(proxies, requireNonNull(check, "check"), parallel, progress);
  }

  /** The reports in the order of the proxies, without those that were not checked any more. */
  public CompletionStage<List<HealthReport>> reports() {
    return reports;
  }

  /** Begins no further check; those under way come to their end. */
  public void cancel() {
    cancelled = true;
  }

  private CompletionStage<Optional<HealthReport>> look(ProxyAddress proxy, ProxyCheck check) {
    return cancelled
        ? CompletableFuture.completedFuture(Optional.empty())
        : check
            .check(proxy)
            .thenApply(report -> {
              tell(report);
              return Optional.of(report);
            });
  }

  /** One thread tells, in order; the others leave it to that one. */
  private void tell(HealthReport report) {
    untold.add(report);
    if (telling.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    while (missed != 0) {
      for (HealthReport next = untold.poll(); next != null; next = untold.poll()) {
        tellNow(next);
      }
      missed = telling.addAndGet(-missed);
    }
  }

  private void tellNow(HealthReport report) {
    try {
      progress.checked(++done, total, report);
    } catch (RuntimeException fault) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
    }
  }
}
