package dev.belay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the steps of one call without holding a thread. The lock guards the machine and the
 * fields. Operations and classifiers never run under it; selections, backoffs and observers, which
 * have to be quick, do. What they throw ends the call.
 */
final class AsyncDriver<E extends Endpoint, T extends @Nullable Object> {
  private final CallMachine<E> machine;
  private final AsyncOperation<E, T> operation;
  private final Classifier classifier;
  private final Time time;
  private final Executor executor;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Attempt<E>, Run<T>> running = new HashMap<>(2);
  private @Nullable Outcome<T> last;
  private Time.@Nullable Timer pause;
  private Time.@Nullable Timer hedge;
  private boolean over;

  /** An attempt that has begun. */
  private record Run<T extends @Nullable Object>(
      CompletableFuture<T> future, Time.@Nullable Timer limit) {}

  AsyncDriver(
      CallMachine<E> machine,
      AsyncOperation<E, T> operation,
      Classifier classifier,
      Time time,
      Executor executor) {
    this.machine = machine;
    this.operation = operation;
    this.classifier = classifier;
    this.time = time;
    this.executor = task -> handOver(executor, task);
  }

  /** A call whose executor is full or has ended must come to its end all the same. */
  private static void handOver(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RuntimeException rejected) {
      Belay.VIRTUAL_THREADS.execute(task);
    }
  }

  CompletableFuture<T> start() {
    var unused =
        result.whenComplete((value, failure) -> {
          if (result.isCancelled()) {
            cancel();
          }
        });
    step(() -> machine.begin(time.nanos()));
    return result;
  }

  private void step(Supplier<Step<E>> next) {
    try {
      act(locked(next));
    } catch (Throwable broken) {
      giveUp();
      result.completeExceptionally(broken);
    }
  }

  private void act(Step<E> step) {
    switch (step) {
      case Attempt<E> attempt -> launch(attempt);
      case Step.Pause<E> waiting -> waitFor(waiting);
      case Step.Await<E> await -> {
        // the outcome of a running attempt comes back by itself
      }
      case Step.Stop<E> stop -> finish(stop);
    }
  }

  private void waitFor(Step.Pause<E> waiting) {
    locked(() -> {
      if (!over) {
        pause = time.after(waiting.nanos(), executor, this::resume);
      }
      return null;
    });
  }

  private void resume() {
    step(() -> over ? new Step.Await<E>() : machine.next(time.nanos()));
  }

  private void launch(Attempt<E> attempt) {
    Outcome<T> superseded = attempt.isHedge() ? null : takeLast();
    if (superseded != null && superseded.failure() == null) {
      discard(superseded.value());
    }
    CompletableFuture<T> future = begin(attempt);
    boolean wanted =
        locked(() -> {
          if (over) {
            return false;
          }
          boolean limited = attempt.limitNanos() != Nanos.FOREVER && !operation.endsInTime();
          running.put(
              attempt,
              new Run<>(
                  future,
                  limited
                      ? time.after(attempt.limitNanos(), executor, () -> timeOut(attempt))
                      : null));
          armHedge(machine.hedgeDelay());
          return true;
        });
    if (!wanted) {
      locked(() -> {
        machine.abandon(attempt, time.nanos());
        return null;
      });
      future.cancel(true);
    }
    var unused = future.whenComplete((value, failure) -> settled(attempt, value, failure));
  }

  private @Nullable Outcome<T> takeLast() {
    return locked(() -> {
      Outcome<T> taken = last;
      last = null;
      return taken;
    });
  }

  private CompletableFuture<T> begin(Attempt<E> attempt) {
    try {
      CompletionStage<T> stage = operation.start(attempt);
      return stage.toCompletableFuture();
    } catch (Throwable failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  /** To be called with the lock held. */
  private void armHedge(long delay) {
    if (hedge != null) {
      hedge.cancel();
      hedge = null;
    }
    if (delay >= 0) {
      hedge = time.after(delay, executor, this::startHedge);
    }
  }

  private void startHedge() {
    step(() -> over ? new Step.Await<E>() : machine.hedge(time.nanos()));
  }

  private void timeOut(Attempt<E> attempt) {
    Run<T> run = locked(() -> running.get(attempt));
    if (run != null) {
      settled(attempt, null, BlockingDriver.timedOut(attempt));
      run.future().cancel(true);
    }
  }

  @SuppressWarnings("NullAway") // a value of a nullable type may be null
  private void settled(Attempt<E> attempt, @Nullable T value, @Nullable Throwable failure) {
    Run<T> run = locked(() -> running.remove(attempt));
    if (run == null) {
      if (failure == null) {
        discard(value);
      }
      return;
    }
    if (run.limit() != null) {
      run.limit().cancel();
    }
    Outcome<T> outcome =
        failure == null
            ? Outcome.value(value, classifier)
            : Outcome.failure(Unwrap.cause(failure), classifier);
    Outcome<T> earlier = takeLast();
    if (earlier != null && earlier.failure() == null) {
      discard(earlier.value());
    }
    step(() -> afterwards(attempt, outcome));
  }

  /** To be called with the lock held. */
  private Step<E> afterwards(Attempt<E> attempt, Outcome<T> outcome) {
    if (over) {
      machine.abandon(attempt, time.nanos());
      return new Step.Await<>();
    }
    last = outcome;
    Step<E> step = machine.after(attempt, outcome.verdict(), time.nanos());
    if (step instanceof Step.Await<E>) {
      // the one that still runs is slow already: what joined it in vain is replaced at once
      armHedge(attempt.isHedge() ? 0 : machine.hedgeDelay());
    }
    return step;
  }

  private void finish(Step.Stop<E> stop) {
    Outcome<T> outcome = takeLast();
    endOthers();
    try {
      T value = Ending.of(stop, outcome);
      if (!result.complete(value)) {
        discard(value);
      }
    } catch (InterruptedException interrupted) {
      result.cancel(false);
    } catch (CallException | Error failure) {
      result.completeExceptionally(failure);
    }
  }

  private void cancel() {
    locked(() -> {
      if (!over) {
        machine.cancel(time.nanos());
      }
      return null;
    });
    giveUp();
  }

  private void giveUp() {
    endOthers();
    Outcome<T> unseen = takeLast();
    if (unseen != null && unseen.failure() == null) {
      discard(unseen.value());
    }
  }

  /** Nothing is waited for any more: losers are cancelled and counted out. */
  private void endOthers() {
    List<Run<T>> losers =
        locked(() -> {
          over = true;
          List<Run<T>> runs = new ArrayList<>(running.values());
          running.keySet().forEach(attempt -> machine.abandon(attempt, time.nanos()));
          running.clear();
          if (pause != null) {
            pause.cancel();
          }
          if (hedge != null) {
            hedge.cancel();
          }
          return runs;
        });
    for (Run<T> loser : losers) {
      if (loser.limit() != null) {
        loser.limit().cancel();
      }
      loser.future().cancel(true);
    }
  }

  @SuppressWarnings("NullAway") // a value of a nullable type may be null
  private void discard(@Nullable T value) {
    CalmObserver.calmly(() -> operation.discard(value));
  }

  private <X extends @Nullable Object> X locked(Supplier<X> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Finds what a stage really failed with. */
  private static final class Unwrap {
    private Unwrap() {}

    static Throwable cause(Throwable failure) {
      Throwable cause = failure.getCause();
      return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
    }
  }
}
