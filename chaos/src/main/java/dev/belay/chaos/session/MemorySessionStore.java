package dev.belay.chaos.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Remembers sessions as long as the process lives. */
public final class MemorySessionStore implements SessionStore {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Kept> sessions = new LinkedHashMap<>();

  /** An empty store. */
  public MemorySessionStore() {}

  private record Kept(SessionSpec spec, Instant created, List<Entry> entries) {}

  @Override
  public void create(String id, SessionSpec spec, Instant at) {
    lock.lock();
    try {
      Check.that(!sessions.containsKey(id), "session %s is there already", id);
      sessions.put(id, new Kept(spec, at, new ArrayList<>()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void append(String id, Entry entry) {
    lock.lock();
    try {
      @Nullable Kept kept = sessions.get(id);
      if (kept == null) {
        throw new IllegalArgumentException("session %s is not there".formatted(id));
      }
      kept.entries().add(entry);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<String> ids() {
    lock.lock();
    try {
      return List.copyOf(sessions.keySet());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Saved> load(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(sessions.get(id))
          .map(kept -> new Saved(id, kept.spec(), kept.created(), kept.entries()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void remove(String id) {
    lock.lock();
    try {
      sessions.remove(id);
    } finally {
      lock.unlock();
    }
  }
}
