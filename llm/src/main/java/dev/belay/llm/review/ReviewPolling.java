package dev.belay.llm.review;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Time;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Waits for decisions by looking again and again: for queues that others write to, such as a table
 * that several processes share. Safe for any number of threads.
 */
public final class ReviewPolling {
  private final ReviewQueue queue;
  private final Duration interval;
  private final Time time;
  private final Executor executor;

  /**
   * Looks every {@code interval}, more than 0.
   *
   * @param executor on which it looks; what looks may block
   */
  public ReviewPolling(ReviewQueue queue, Duration interval, Time time, Executor executor) {
    this.queue = requireNonNull(queue, "queue");
    this.interval = requireNonNull(interval, "interval");
    this.time = requireNonNull(time, "time");
    this.executor = requireNonNull(executor, "executor");
    Check.that(interval.isPositive(), "interval must be more than 0, was %s", interval);
  }

  /**
   * As {@link ReviewQueue#settled}. Looking stops when the stage is cancelled; while the queue
   * cannot be read, it goes on.
   */
  public CompletionStage<ReviewItem> settled(String ticket) {
    CompletableFuture<ReviewItem> result = new CompletableFuture<>();
    executor.execute(() -> look(ticket, result));
    return result;
  }

  private void look(String ticket, CompletableFuture<ReviewItem> result) {
    if (result.isDone()) {
      return;
    }
    try {
      if (queue.state(ticket).filter(state -> state == ReviewState.OPEN).isPresent()) {
        lookAgain(ticket, result);
      } else {
        result.complete(queue.find(ticket).orElseThrow(() -> ReviewException.unknown(ticket)));
      }
    } catch (UncheckedIOException unreachable) {
      // A database that restarts must not end what waits for a person.
      lookAgain(ticket, result);
    } catch (RuntimeException failure) {
      result.completeExceptionally(failure);
    }
  }

  /**
   * Its timer is not taken back when the stage ends early: it then finds that there is no more to
   * do.
   */
  private void lookAgain(String ticket, CompletableFuture<ReviewItem> result) {
    time.after(interval.toNanos(), executor, () -> look(ticket, result));
  }
}
