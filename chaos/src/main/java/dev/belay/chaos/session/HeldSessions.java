package dev.belay.chaos.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that are known, and who works at each. What another process works at is read again
 * from time to time, and what happened in one that is over when somebody asks; both by whoever
 * asks, while nobody else waits. Safe for any number of threads.
 */
final class HeldSessions {
  /** How old may be what is told of a session that another process works at. */
  static final Duration REREAD = Duration.ofSeconds(1);

  /**
   * Of how many sessions that are over all that happened is kept at hand: the twenty that a new one
   * of their service begins with, and a few that people look at. Each may have megabytes of traces.
   */
  static final int MOST_OPEN = 32;

  private final SessionStore store;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Held> sessions = new LinkedHashMap<>();

  /** Of sessions that are over; what was not asked for longest is the first. */
  @GuardedBy("lock")
  private final Map<String, SessionLog> open = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("lock")
  private boolean closed;

  /** None yet. */
  HeldSessions(SessionStore store, Time time) {
    this.store = store;
    this.time = time;
  }

  /** A session, and who works at it. */
  sealed interface Held {
    /** How it stands, as far as is known here. */
    SessionView view();

    /** This process works at it. */
    record Ours(Session session) implements Held {
      @Override
      public SessionView view() {
        return session.view();
      }
    }

    /**
     * Another process works at it.
     *
     * @param read when it was read
     */
    record Others(SessionLog log, long read) implements Held {
      @Override
      public SessionView view() {
        return log.view(Duration.ZERO);
      }
    }

    /** It is over. */
    record Over(SessionView view) implements Held {}
  }

  private void hold(String id, Held held) {
    lock.lock();
    try {
      sessions.put(id, held);
    } finally {
      lock.unlock();
    }
  }

  /** This process works at it. */
  void hold(Session session) {
    hold(session.log().id(), new Held.Ours(session));
  }

  /** Another process works at it; as it was read just now. */
  void holdOthers(SessionLog log) {
    hold(log.id(), new Held.Others(log, time.nanos()));
  }

  /** It is over, or nothing is done if it is not. */
  void holdOver(SessionLog log) {
    if (!log.state().isOver()) {
      return;
    }
    lock.lock();
    try {
      sessions.put(log.id(), new Held.Over(log.view(Duration.ZERO)));
      keepOpen(log);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void keepOpen(SessionLog log) {
    open.put(log.id(), log);
    if (open.size() > MOST_OPEN) {
      open.remove(open.keySet().iterator().next());
    }
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
      long busy = working().stream().filter(session -> !session.log().state().isOver()).count();
      if (closed || busy >= most) {
        throw new BusyException(most);
      }
      Session session = beginning.get();
      hold(session);
      return session;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A session as it stands.
   *
   * @param age how long ago it may have been read if another process works at it
   */
  Optional<Held> find(String id, Duration age) {
    SessionLog log;
    lock.lock();
    try {
      @Nullable Held held = sessions.get(id);
      if (!(held instanceof Held.Others others) || time.nanos() - others.read() < age.toNanos()) {
        return Optional.ofNullable(held);
      }
      log = others.log();
      holdOthers(log); // whoever asks meanwhile is told what is known
    } finally {
      lock.unlock();
    }
    log.catchUp();
    holdOver(log);
    return known(id);
  }

  private Optional<Held> known(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(sessions.get(id));
    } finally {
      lock.unlock();
    }
  }

  /** How a session stands. */
  Optional<SessionView> view(String id) {
    return find(id, REREAD).map(Held::view);
  }

  /** How all of them stand, in the order in which they were taken. */
  List<SessionView> views() {
    List<String> ids;
    lock.lock();
    try {
      ids = List.copyOf(sessions.keySet());
    } finally {
      lock.unlock();
    }
    List<SessionView> views = new ArrayList<>();
    for (String id : ids) {
      view(id).ifPresent(views::add);
    }
    return views;
  }

  /** What happened in a session; nothing if there is none, or it cannot be read any more. */
  Optional<SessionLog> log(String id) {
    return find(id, REREAD)
        .flatMap(held ->
            switch (held) {
              case Held.Ours ours -> Optional.of(ours.session().log());
              case Held.Others others -> Optional.of(others.log());
              case Held.Over over -> opened(over.view());
            });
  }

  private Optional<SessionLog> opened(SessionView view) {
    lock.lock();
    try {
      @Nullable SessionLog log = open.get(view.id());
      if (log != null) {
        return Optional.of(log);
      }
    } finally {
      lock.unlock();
    }
    Optional<SessionLog> read = store.load(view.id()).map(saved -> SessionLog.of(saved, store));
    read.ifPresent(log -> {
      log.endUnwritten(view);
      lock.lock();
      try {
        keepOpen(log);
      } finally {
        lock.unlock();
      }
    });
    return read;
  }

  /** Those that this process works at. */
  List<Session> working() {
    lock.lock();
    try {
      List<Session> working = new ArrayList<>();
      for (Held held : sessions.values()) {
        if (held instanceof Held.Ours ours) {
          working.add(ours.session());
        }
      }
      return working;
    } finally {
      lock.unlock();
    }
  }

  void drop(String id) {
    lock.lock();
    try {
      sessions.remove(id);
      open.remove(id);
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
