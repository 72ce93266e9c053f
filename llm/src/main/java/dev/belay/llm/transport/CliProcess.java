package dev.belay.llm.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.llm.provider.Backend;
import dev.belay.process.ProcessTree;
import dev.belay.process.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** A program that answers by what it writes; none of it is left when this is closed. */
final class CliProcess implements AutoCloseable {
  private static final int KEPT = 4 << 10;

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final Executor THREADS = Thread::startVirtualThread;

  private final ProcessTree process;
  private final Thread listener = Thread.ofVirtual().unstarted(this::listen);
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final StringBuilder complaints = new StringBuilder();

  private CliProcess(ProcessTree process) {
    this.process = process;
  }

  static CliProcess start(List<String> command, Backend.Cli cli, Time time) throws IOException {
    Map<String, String> environment =
        cli.environment().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().reveal()));
    Program program = Program.of(command).with(environment).endingWithin(cli.grace());
    CliProcess started = new CliProcess(program.start(time));
    started.listener.start();
    return started;
  }

  /** Keeps the end of what it complains of, and reads all of it, or it would stand still. */
  private void listen() {
    try (InputStream from = process.complaints()) {
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
      try (OutputStream to = process.input()) {
        to.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException notRead) {
        // a program that does not want to hear may still answer
      }
    });
  }

  InputStream output() {
    return process.output();
  }

  /** Waits for its end, and for a moment for what it said at last. */
  int exitCode() throws InterruptedException {
    int code = process.exitCode();
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
    process.close();
  }
}
