package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The runs that this process carries out. Safe for any number of threads. */
final class Roster {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, ActiveRun> active = new HashMap<>();

  @GuardedBy("lock")
  private boolean closed;

  /** Takes a run; false once the roster is closed. */
  boolean add(ActiveRun run) {
    lock.lock();
    try {
      if (!closed) {
        active.put(run.id(), run);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  void remove(String run) {
    lock.lock();
    try {
      active.remove(run);
    } finally {
      lock.unlock();
    }
  }

  Optional<ActiveRun> find(String run) {
    lock.lock();
    try {
      return Optional.ofNullable(active.get(run));
    } finally {
      lock.unlock();
    }
  }

  List<ActiveRun> all() {
    lock.lock();
    try {
      return List.copyOf(active.values());
    } finally {
      lock.unlock();
    }
  }

  /** Takes no further run; gives those that are there. */
  List<ActiveRun> close() {
    lock.lock();
    try {
      closed = true;
      return List.copyOf(active.values());
    } finally {
      lock.unlock();
    }
  }
}
