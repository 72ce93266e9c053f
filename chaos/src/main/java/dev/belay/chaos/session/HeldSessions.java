package dev.belay.chaos.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The sessions that are known, and who works at each. What another process works at is read again
 * from time to time. Safe for any number of threads.
 */
final class HeldSessions {
  private static final Duration REREAD = Duration.ofSeconds(1);

  private final SessionStore store;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Held> sessions = new LinkedHashMap<>();

  @GuardedBy("lock")
  private boolean closed;

  /** None yet. */
  HeldSessions(SessionStore store, Time time) {
    this.store = store;
    this.time = time;
  }

  /**
   * A session, and who works at it.
   *
   * @param session at work, or done with it; nothing if this process does not work at it
   * @param read when it was read, if another process works at it
   */
  record Held(SessionLog log, Optional<Session> session, OptionalLong read) {
    /** This process works at it. */
    static Held ours(Session session) {
      return new Held(session.log(), Optional.of(session), OptionalLong.empty());
    }

    /** It was over before this process began. */
    static Held over(SessionLog log) {
      return new Held(log, Optional.empty(), OptionalLong.empty());
    }

    boolean isBusy() {
      return session.isPresent() && !log.state().isOver();
    }

    SessionView view() {
      return session.map(Session::view).orElseGet(() -> log.view(Duration.ZERO));
    }
  }

  void hold(Held held) {
    lock.lock();
    try {
      sessions.put(held.log().id(), held);
    } finally {
      lock.unlock();
    }
  }

  /** Another process works at it; as it was read just now. */
  void holdOthers(SessionLog log) {
    hold(new Held(log, Optional.empty(), OptionalLong.of(time.nanos())));
  }

  /**
   * Takes one more to work at.
   *
   * @param most how many may be at work together
   * @param beginning makes it
   * @throws BusyException if there are as many already, or none is taken any more
   */
  Session add(int most, Supplier<Session> beginning) {
    lock.lock();
    try {
      long busy = sessions.values().stream().filter(Held::isBusy).count();
      if (closed || busy >= most) {
        throw new BusyException(most);
      }
      Session session = beginning.get();
      hold(Held.ours(session));
      return session;
    } finally {
      lock.unlock();
    }
  }

  Optional<Held> find(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(sessions.get(id)).map(this::fresh);
    } finally {
      lock.unlock();
    }
  }

  /** All of them, in the order in which they were taken. */
  List<Held> all() {
    lock.lock();
    try {
      List<Held> all = new ArrayList<>();
      for (Held held : List.copyOf(sessions.values())) {
        all.add(fresh(held));
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Held fresh(Held held) {
    long now = time.nanos();
    if (held.read().isEmpty() || now - held.read().getAsLong() < REREAD.toNanos()) {
      return held;
    }
    SessionLog log =
        store.load(held.log().id()).map(saved -> SessionLog.of(saved, store)).orElse(held.log());
    Held next =
        log.state().isOver()
            ? Held.over(log)
            : new Held(log, Optional.empty(), OptionalLong.of(now));
    sessions.put(log.id(), next);
    return next;
  }

  /** Those that this process works at, or did. */
  List<Session> ours() {
    lock.lock();
    try {
      return sessions.values().stream().flatMap(held -> held.session().stream()).toList();
    } finally {
      lock.unlock();
    }
  }

  void drop(String id) {
    lock.lock();
    try {
      sessions.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /** Takes none any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
