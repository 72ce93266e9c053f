package dev.belay.proxy.health;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets a bounded number of works run at once; the others wait in order. Safe for any number of
 * threads. Works that are over at once need no stack, however many there are.
 */
final class Turnstile {
  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private int inside;

  @GuardedBy("lock")
  private boolean admitting;

  Turnstile(int limit) {
    this.limit = limit;
  }

  /** Runs the work when its turn comes; a work that throws counts as failed. */
  <T> CompletableFuture<T> enter(Supplier<? extends CompletionStage<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    lock.lock();
    try {
      waiting.add(() -> begin(work, result));
    } finally {
      lock.unlock();
    }
    admit();
    return result;
  }

  private <T> void begin(Supplier<? extends CompletionStage<T>> work, CompletableFuture<T> result) {
    CompletionStage<T> running;
    try {
      running = work.get();
    } catch (RuntimeException fault) {
      running = CompletableFuture.failedFuture(fault);
    }
    var unused =
        running.whenComplete((value, failure) -> {
          leave();
          if (failure == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(failure);
          }
        });
  }

  private void leave() {
    lock.lock();
    try {
      inside--;
    } finally {
      lock.unlock();
    }
    admit();
  }

  /** One thread at a time admits; the others leave it to that one. */
  private void admit() {
    lock.lock();
    try {
      if (admitting) {
        return;
      }
      admitting = true;
      while (inside < limit && !waiting.isEmpty()) {
        Runnable next = waiting.remove();
        inside++;
        lock.unlock();
        try {
          next.run();
        } finally {
          lock.lock();
        }
      }
      admitting = false;
    } finally {
      lock.unlock();
    }
  }
}
