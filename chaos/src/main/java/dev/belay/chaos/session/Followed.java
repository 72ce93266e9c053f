package dev.belay.chaos.session;

import java.util.List;
import java.util.function.Consumer;

/**
 * A session as somebody follows it to its end, whoever works at it. Reads no file and waits for
 * nobody. Safe for any number of threads.
 */
public final class Followed implements AutoCloseable {
  private final SessionLog log;
  private final Consumer<Followed> reading;
  private volatile boolean closed;
  private volatile Runnable end = () -> {};

  /**
   * Tells nobody yet.
   *
   * @param log what happens in the session
   * @param reading sees to it that it is read again if another process works at it
   */
  Followed(SessionLog log, Consumer<Followed> reading) {
    this.log = log;
    this.reading = reading;
  }

  String id() {
    return log.id();
  }

  boolean isClosed() {
    return closed;
  }

  /** The journal from an index on, counted from 0; empty if there is nothing. */
  public List<Entry> entries(int from) {
    return log.entries(from);
  }

  /** Whether it has ended; nothing happens in it any more then. */
  public boolean isOver() {
    return log.state().isOver();
  }

  /**
   * Tells what happens from now on, until this is closed; to be called once.
   *
   * @param watcher must not block; what it is told may be in {@link #entries} already
   */
  public void watch(Consumer<Entry> watcher) {
    end = log.watch(watcher);
    reading.accept(this);
  }

  /** Tells nothing any more. */
  @Override
  public void close() {
    closed = true;
    end.run();
  }
}
