package dev.belay.llm.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.llm.provider.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** A program that runs, with all that it has started; none of it is left when this is closed. */
final class CliProcess implements AutoCloseable {
  private static final int KEPT = 4 << 10;

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final Executor THREADS = Thread::startVirtualThread;

  private final Process process;
  private final Duration grace;
  private final Time time;
  private final Thread listener = Thread.ofVirtual().unstarted(this::listen);
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final StringBuilder complaints = new StringBuilder();

  private CliProcess(Process process, Duration grace, Time time) {
    this.process = process;
    this.grace = grace;
    this.time = time;
  }

  static CliProcess start(List<String> command, Backend.Cli cli, Time time) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    cli.environment().forEach((name, value) -> environment.put(name, value.reveal()));
    CliProcess started = new CliProcess(builder.start(), cli.grace(), time);
    started.listener.start();
    return started;
  }

  /** Keeps the end of what it complains of, and reads all of it, or it would stand still. */
  private void listen() {
    try (InputStream from = process.getErrorStream()) {
      byte[] buffer = new byte[KEPT];
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        lock.lock();
        try {
          complaints.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
          complaints.delete(0, Math.max(0, complaints.length() - KEPT));
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException gone) {
      // what was heard so far will do
    }
  }

  /**
   * Writes on its standard input, and closes that; on a thread of its own, since it may not read.
   */
  void write(String text) {
    THREADS.execute(() -> {
      try (OutputStream to = process.getOutputStream()) {
        to.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException notRead) {
        // a program that does not want to hear may still answer
      }
    });
  }

  InputStream output() {
    return process.getInputStream();
  }

  /** Waits for its end, and for a moment for what it said at last. */
  int exitCode() throws InterruptedException {
    int code = process.waitFor();
    var unused = listener.join(LAST_WORDS);
    return code;
  }

  /**
   * The end of what it complained of; what is there of it if a child of its still holds the pipe.
   */
  String complaints() {
    lock.lock();
    try {
      return complaints.toString();
    } finally {
      lock.unlock();
    }
  }

  /** Tells all of it to end, and kills what has not after a while. */
  @Override
  public void close() {
    List<ProcessHandle> tree = tree();
    if (tree.stream().noneMatch(ProcessHandle::isAlive)) {
      return;
    }
    tree.forEach(ProcessHandle::destroy);
    var unused =
        time.after(
            grace.toNanos(),
            THREADS,
            () ->
                Stream.concat(tree.stream(), tree().stream())
                    .forEach(ProcessHandle::destroyForcibly));
  }

  private List<ProcessHandle> tree() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }
}
