package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Writes calls down as they happen, each into {@code <folder>/<yyyymmdd>/<HHMMSS>_<id>.jsonl}, so
 * that what a process has seen is there even if it is killed. Never blocks or fails a call: what
 * cannot be written is counted and left out. Safe for any number of threads.
 */
public final class Transcripts implements Recorder {
  private final TranscriptSettings settings;
  private final Executor executor;
  private final Time time;
  private final TranscriptFolder folder;
  private final Semaphore room;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final RandomGenerator random;

  @GuardedBy("lock")
  private TranscriptHealth health = TranscriptHealth.NEW;

  /**
   * Transcripts under a folder.
   *
   * @param folder is made when it is needed
   * @param executor does all that touches files: its threads block, so it must not be an event loop
   * @param time for the instants of lines
   * @param random for the names of files
   */
  public Transcripts(
      Path folder,
      TranscriptSettings settings,
      Executor executor,
      Time time,
      RandomGenerator random) {
    this.settings = requireNonNull(settings, "settings");
    this.executor = requireNonNull(executor, "executor");
    this.time = requireNonNull(time, "time");
    this.random = requireNonNull(random, "random");
    this.folder = new TranscriptFolder(requireNonNull(folder, "folder"), settings.mostFiles());
    this.room = new Semaphore(settings.mostQueued());
  }

  @Override
  public CallRecord begin(CallStart start) {
    Journal journal = new Journal(this, id());
    update(TranscriptHealth::withCall);
    journal.begin(start);
    return journal;
  }

  private String id() {
    lock.lock();
    try {
      return "%016x".formatted(random.nextLong());
    } finally {
      lock.unlock();
    }
  }

  /** How writing goes. */
  public TranscriptHealth health() {
    lock.lock();
    try {
      return health;
    } finally {
      lock.unlock();
    }
  }

  TranscriptSettings settings() {
    return settings;
  }

  Executor executor() {
    return executor;
  }

  Time time() {
    return time;
  }

  TranscriptFolder folder() {
    return folder;
  }

  /** One permit for each line that waits. */
  Semaphore room() {
    return room;
  }

  void update(UnaryOperator<TranscriptHealth> change) {
    lock.lock();
    try {
      health = change.apply(health);
    } finally {
      lock.unlock();
    }
  }
}
