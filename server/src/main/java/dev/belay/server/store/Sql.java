package dev.belay.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements on a database that may come and go, and keeps the alarm. Safe for any number of
 * threads.
 */
final class Sql {
  private final Place place;
  private final String instance;
  private final boolean shared;
  private final Alarm alarm;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock for writing. */
  private volatile @Nullable Database database;

  /** Guarded by the lock. */
  private boolean closed;

  Sql(Place place, String instance, Alarm alarm) {
    this(place, instance, false, alarm);
  }

  /**
   * A database that may come and go.
   *
   * @param shared whether only what many processes may write is to be written
   */
  Sql(Place place, String instance, boolean shared, Alarm alarm) {
    this.place = place;
    this.instance = instance;
    this.shared = shared;
    this.alarm = alarm;
  }

  /** The name under which rows are kept. */
  String instance() {
    return instance;
  }

  /**
   * Opens the database unless it is open and well.
   *
   * @throws StoreRefused if it must not be used as it is
   * @throws IOException if it cannot be opened now
   */
  void open() throws IOException {
    lock.lock();
    try {
      Database open = database;
      if (closed || (open != null && open.isThere())) {
        return;
      }
      closeDatabase();
      database = Database.open(place, shared ? Optional.empty() : Optional.of(instance));
    } finally {
      lock.unlock();
    }
  }

  private void closeDatabase() {
    Database open = database;
    database = null;
    if (open != null) {
      open.close();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      closeDatabase();
    } finally {
      lock.unlock();
    }
  }

  /** For tests, which take the disk away. */
  @Nullable Database database() {
    return database;
  }

  /**
   * Reads.
   *
   * @throws UncheckedIOException if that fails
   */
  <T> T read(Function<Handle, T> work) {
    return run(work);
  }

  /**
   * Writes, all or nothing. Only this proves that the store works again.
   *
   * @throws UncheckedIOException if that fails
   */
  void write(Consumer<Handle> work) {
    change(handle -> {
      work.accept(handle);
      return true;
    });
  }

  /**
   * Writes, all or nothing, and gives what came of it.
   *
   * @throws UncheckedIOException if that fails
   */
  <T> T change(Function<Handle, T> work) {
    T result = run(handle -> handle.inTransaction(work::apply));
    alarm.clear();
    return result;
  }

  private <T> T run(Function<Handle, T> work) {
    Database open = database;
    if (open == null) {
      // whoever could not open it has raised the alarm; before the first try there is no reason to
      throw new UncheckedIOException(
          new IOException(alarm.problem().orElse(place.name() + ": not open yet")));
    }
    try {
      return open.jdbi().withHandle(work::apply);
    } catch (JdbiException failure) {
      throw failed("%s: %s".formatted(place.name(), Reason.of(failure)), failure);
    } catch (RuntimeException unreadable) {
      String kind = unreadable.getClass().getSimpleName();
      throw failed("%s: a row cannot be read (%s)".formatted(place.name(), kind), unreadable);
    }
  }

  private UncheckedIOException failed(String reason, @Nullable Exception cause) {
    alarm.raise(reason);
    return new UncheckedIOException(new IOException(reason, cause));
  }
}
