package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Reads {@code models.yaml} again when it changes. What cannot be used leaves the last good one in
 * force and says why; what can is swapped in whole. Safe for any number of threads.
 */
public final class SettingsWatch implements Supplier<ModelsFile>, AutoCloseable {
  private final Path file;
  private final Duration interval;
  private final Time time;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile ModelsFile current;
  private volatile String problem = "";

  @GuardedBy("lock")
  private Stamp last;

  @GuardedBy("lock")
  private Time.Timer timer;

  @GuardedBy("lock")
  private boolean closed;

  /** By what a change is noticed. */
  private record Stamp(long modifiedMillis, long size) {
    static final Stamp GONE = new Stamp(-1, -1);
  }

  /**
   * Reads the file and begins to watch it.
   *
   * @param interval how often to look, above 0
   * @param executor on which the file is read
   * @throws SettingsException if the file cannot be used at the start
   * @throws IOException if it cannot be read
   */
  public SettingsWatch(Path file, Duration interval, Time time, Executor executor)
      throws IOException {
    Check.that(interval.isPositive(), "interval must be above 0, was %s", interval);
    this.file = requireNonNull(file, "file");
    this.interval = interval;
    this.time = requireNonNull(time, "time");
    this.executor = requireNonNull(executor, "executor");
    this.last = stamp();
    this.current = ModelsFile.parse(file.toString(), Files.readString(file));
    this.timer = time.after(interval.toNanos(), executor, this::tick);
  }

  /** What is in force. */
  @Override
  public ModelsFile get() {
    return current;
  }

  /** Why the file as it is now is not in force; empty if it is. */
  public Optional<String> problem() {
    return Optional.of(problem).filter(text -> !text.isEmpty());
  }

  /** Looks now; whether there was something new that could be used. */
  public boolean refresh() {
    lock.lock();
    try {
      Stamp now = stamp();
      if (now.equals(last)) {
        return false;
      }
      current = ModelsFile.parse(file.toString(), Files.readString(file));
      last = now;
      problem = "";
      return true;
    } catch (SettingsException unusable) {
      problem = String.valueOf(unusable.getMessage());
      return false;
    } catch (IOException unreadable) {
      problem = "%s cannot be read: %s".formatted(file, unreadable);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void tick() {
    refresh();
    lock.lock();
    try {
      if (!closed) {
        timer = time.after(interval.toNanos(), executor, this::tick);
      }
    } finally {
      lock.unlock();
    }
  }

  private Stamp stamp() {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(found.lastModifiedTime().toMillis(), found.size());
    } catch (IOException gone) {
      return Stamp.GONE;
    }
  }

  /** Looks no more; what is in force stays. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      timer.cancel();
    } finally {
      lock.unlock();
    }
  }
}
