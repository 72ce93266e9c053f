package dev.belay.llm.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.provider.CliOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/** Reads the standard output of a program, on a virtual thread of its own. */
final class CliReading {
  private static final int BUFFER = 8 << 10;

  /** How long the pipe may stay open after the program has gone, because a child holds it. */
  private static final Duration STRAGGLERS = Duration.ofSeconds(1);

  /** Takes what was read. */
  @FunctionalInterface
  interface Pieces {
    void take(List<StreamEvent> events) throws InterruptedException, ExecutionException;
  }

  private final InputStream from;
  private final CliOutput output;
  private final Pieces pieces;
  private final int most;
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean given;

  @GuardedBy("lock")
  private boolean waitsForMore;

  CliReading(InputStream from, CliOutput output, Pieces pieces, int most) {
    this.from = from;
    this.output = output;
    this.pieces = pieces;
    this.most = most;
  }

  void start() {
    thread.start();
  }

  /** Complete if it came to nothing. */
  CompletionStage<Throwable> failed() {
    return failed;
  }

  /** Waits for the end of the output once the program has gone; nothing is read after that. */
  void await(Time time) throws InterruptedException {
    giveUpLater(time);
    try {
      done.get();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    } finally {
      thread.interrupt(); // it may wait for a sink that nobody serves any more
    }
  }

  private void giveUpLater(Time time) {
    var unused = time.after(STRAGGLERS.toNanos(), Thread::startVirtualThread, () -> giveUp(time));
  }

  private void giveUp(Time time) {
    lock.lock();
    try {
      given = waitsForMore;
    } finally {
      lock.unlock();
    }
    if (isGiven()) {
      done.complete(null);
    } else if (!done.isDone()) {
      giveUpLater(time);
    }
  }

  private boolean isGiven() {
    lock.lock();
    try {
      return given;
    } finally {
      lock.unlock();
    }
  }

  private void waitsForMore(boolean waits) {
    lock.lock();
    try {
      waitsForMore = waits;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try (Reader text = new InputStreamReader(from, StandardCharsets.UTF_8)) {
      read(text);
      done.complete(null);
    } catch (IOException gone) {
      done.complete(null); // the end of a program that was killed
    } catch (InterruptedException enough) {
      done.complete(null);
    } catch (ExecutionException refused) {
      failed.complete(refused.getCause() == null ? refused : refused.getCause());
    } catch (RuntimeException | Error broken) {
      failed.complete(broken);
    }
  }

  private void read(Reader text) throws IOException, InterruptedException, ExecutionException {
    char[] buffer = new char[BUFFER];
    List<StreamEvent> events = new ArrayList<>();
    long size = 0;
    while (true) {
      waitsForMore(true);
      int count = text.read(buffer);
      waitsForMore(false);
      if (count < 0 || isGiven()) {
        return;
      }
      size += count;
      if (size > most) {
        throw new ProviderException(
            ProviderError.of(
                ErrorKind.GARBAGE, "the program wrote more than %d characters".formatted(most)));
      }
      output.feed(new String(buffer, 0, count), events::add);
      pieces.take(events);
      events.clear();
    }
  }
}
