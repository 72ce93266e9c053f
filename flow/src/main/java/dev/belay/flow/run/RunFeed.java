package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.flow.Change;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunEvent.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one run, in order, to all who listen. Nobody waits for a listener: one that is too
 * slow misses lines of output, and is told how many, but no change. Safe for any number of threads.
 */
final class RunFeed {
  private static final int REMEMBERED = 2_000;
  private static final int MOST_WAITING = 1_000;

  private final String run;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Deque<RunEvent> last = new ArrayDeque<>();

  @GuardedBy("lock")
  private final List<Listening> listeners = new ArrayList<>();

  @GuardedBy("lock")
  private long sequence;

  RunFeed(String run, Time time) {
    this.run = run;
    this.time = time;
    // beyond whatever was told of the run before, in this process or another
    this.sequence = ChronoUnit.MICROS.between(Instant.EPOCH, time.instant());
  }

  long sequence() {
    lock.lock();
    try {
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  void changed(Change change) {
    publish(Kind.CHANGE, change.task(), "", Optional.of(change));
  }

  void publish(Kind kind, String task, String text) {
    publish(kind, task, text, Optional.empty());
  }

  private void publish(Kind kind, String task, String text, Optional<Change> change) {
    lock.lock();
    try {
      RunEvent event = new RunEvent(++sequence, time.instant(), kind, run, task, text, change);
      last.add(event);
      if (last.size() > REMEMBERED) {
        last.remove();
      }
      listeners.forEach(listener -> listener.offer(event));
    } finally {
      lock.unlock();
    }
  }

  RunEngine.Watch watch(long after, Consumer<RunEvent> listener) {
    lock.lock();
    try {
      boolean gap = after < sequence && (last.isEmpty() || last.element().sequence() > after + 1);
      Listening listening = new Listening(listener, gap);
      last.stream().filter(event -> event.sequence() > after).forEach(listening::offer);
      listeners.add(listening);
      listening.thread.start();
      return listening;
    } finally {
      lock.unlock();
    }
  }

  private final class Listening implements RunEngine.Watch {
    private final Consumer<RunEvent> listener;
    private final boolean gap;
    private final Thread thread = Thread.ofVirtual().name("watch " + run).unstarted(this::tell);
    private final ReentrantLock queueLock = new ReentrantLock();
    private final Condition filled = queueLock.newCondition();

    @GuardedBy("queueLock")
    private final Deque<RunEvent> queue = new ArrayDeque<>();

    @GuardedBy("queueLock")
    private int dropped;

    /** Signalled when there is nothing more to tell. */
    private final Condition idle = queueLock.newCondition();

    @GuardedBy("queueLock")
    private boolean telling;

    Listening(Consumer<RunEvent> listener, boolean gap) {
      this.listener = listener;
      this.gap = gap;
    }

    void offer(RunEvent event) {
      queueLock.lock();
      try {
        if (event.kind() == Kind.OUTPUT && queue.size() >= MOST_WAITING) {
          dropped++;
          return;
        }
        if (dropped > 0) {
          queue.add(
              new RunEvent(
                  event.sequence(),
                  event.at(),
                  Kind.DROPPED,
                  run,
                  "",
                  dropped + " lines of output are left out",
                  Optional.empty()));
          dropped = 0;
        }
        queue.add(event);
        filled.signal();
      } finally {
        queueLock.unlock();
      }
    }

    private void tell() {
      try {
        while (true) {
          listener.accept(next());
        }
      } catch (InterruptedException closed) {
        // the end
      } catch (RuntimeException broken) {
        close(); // one that fails hears no more
      }
    }

    private RunEvent next() throws InterruptedException {
      queueLock.lockInterruptibly();
      try {
        telling = false;
        @Nullable RunEvent next = queue.poll();
        while (next == null) {
          idle.signalAll();
          filled.await();
          next = queue.poll();
        }
        telling = true;
        return next;
      } finally {
        queueLock.unlock();
      }
    }

    @Override
    public void drain() throws InterruptedException {
      queueLock.lockInterruptibly();
      try {
        while ((!queue.isEmpty() || telling) && thread.isAlive()) {
          idle.await();
        }
      } finally {
        queueLock.unlock();
      }
    }

    @Override
    public boolean hasGap() {
      return gap;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        listeners.remove(this);
      } finally {
        lock.unlock();
      }
      thread.interrupt();
    }
  }
}
