package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.flow.Change;
import dev.belay.flow.journal.RunStore;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes changes down in the order in which they were made. Whoever has to know that a change cannot
 * be lost waits for it; what many wait for is written at once. Safe for any number of threads.
 */
final class Journal {
  private static final long LATEST = Duration.ofMillis(100).toNanos();
  private static final Executor THREADS = Thread::startVirtualThread;

  /** Nothing can be remembered, and so nothing must go on. */
  static final class JournalFailed extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    JournalFailed(Throwable cause) {
      super("the journal cannot be written: " + cause.getMessage(), cause);
    }
  }

  private final RunStore store;
  private final Time time;

  /** Held while the store is written. */
  private final ReentrantLock writing = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<Change> pending = new ArrayList<>();

  @GuardedBy("lock")
  private boolean timed;

  Journal(RunStore store, Time time) {
    this.store = store;
    this.time = time;
  }

  /** A change that may be lost if the process ends in the next tenth of a second. */
  void note(Change change) {
    boolean first;
    lock.lock();
    try {
      pending.add(change);
      first = !timed;
      timed = true;
    } finally {
      lock.unlock();
    }
    if (first) {
      var unused = time.after(LATEST, THREADS, this::flushLater);
    }
  }

  private void flushLater() {
    lock.lock();
    try {
      timed = false;
    } finally {
      lock.unlock();
    }
    try {
      flush();
    } catch (RuntimeException failing) {
      // whoever waits for something that must not be lost hears of it
    }
  }

  /**
   * Changes that cannot be lost any more when this returns; nor can any that came before. Is not
   * cut short by an interruption.
   */
  void commit(List<? extends Change> changes) {
    lock.lock();
    try {
      pending.addAll(changes);
    } finally {
      lock.unlock();
    }
    try {
      // elsewhere: a store may take the interruption of a task for one of its own
      CompletableFuture.runAsync(this::flush, THREADS).join();
    } catch (CompletionException failing) {
      throw new JournalFailed(failing.getCause() == null ? failing : failing.getCause());
    }
  }

  /** Writes all there is. Whoever waited meanwhile mostly finds that it is written already. */
  private void flush() {
    writing.lock();
    try {
      List<Change> batch = takeAll();
      if (!batch.isEmpty()) {
        write(batch);
      }
    } finally {
      writing.unlock();
    }
  }

  private List<Change> takeAll() {
    lock.lock();
    try {
      List<Change> batch = List.copyOf(pending);
      pending.clear();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Change> batch) {
    try {
      store.write(batch);
    } catch (RuntimeException failing) {
      lock.lock();
      try {
        pending.addAll(0, batch); // in order, for the next who tries
      } finally {
        lock.unlock();
      }
      throw failing;
    }
  }
}
