package dev.belay.chaos.session;

import dev.belay.Time;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Makes the trials of a session: one alone in the thread of the session, several each in a thread
 * of its own. For the thread of the session.
 */
final class Lanes implements AutoCloseable {
  private final Target target;
  private final Time time;
  private final int lanes;
  private final BlockingQueue<FutureTask<Ended>> over = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private int running;

  /** A trial that begins. */
  record Trying(int number, Proposal proposal, Instant at) {}

  /**
   * A trial that came to its end.
   *
   * @param seen what was seen; nothing if the trial could not be made
   * @param why it could not be made; empty if it was
   */
  record Ended(Trying trying, Duration took, Optional<Observation> seen, String why) {}

  Lanes(Target target, Time time, int lanes) {
    this.target = target;
    this.time = time;
    this.lanes = lanes;
  }

  /** How many trials are under way. */
  int running() {
    return running;
  }

  boolean isIdle() {
    return running == 0;
  }

  boolean isFull() {
    return running >= lanes;
  }

  void begin(Trying trying) {
    FutureTask<Ended> trial = new FutureTask<>(() -> make(trying));
    running++;
    if (lanes == 1) {
      over.add(trial); // it is made by whoever takes it
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name("belay-trial-" + trying.number())
            .unstarted(() -> {
              trial.run();
              over.add(trial);
            });
    threads.removeIf(other -> !other.isAlive());
    threads.add(thread);
    thread.start();
  }

  private Ended make(Trying trying) throws InterruptedException {
    long from = time.nanos();
    try {
      Observation seen = target.run(trying.proposal().plan());
      return new Ended(trying, since(from), Optional.of(seen), "");
    } catch (TargetFailed failed) {
      return new Ended(trying, since(from), Optional.empty(), String.valueOf(failed.getMessage()));
    }
  }

  private Duration since(long from) {
    return Duration.ofNanos(time.nanos() - from);
  }

  /** The next trial that came to its end; one has to be under way. */
  Ended take() throws InterruptedException {
    FutureTask<Ended> trial = over.take();
    trial.run(); // does nothing if it was made already
    running--;
    try {
      return trial.get();
    } catch (ExecutionException broken) {
      switch (Objects.requireNonNull(broken.getCause())) {
        case InterruptedException stopped -> throw stopped;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(broken);
      }
    }
  }

  /** Breaks off what is under way, and waits until its faults are taken back. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= joined(thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a thread; whether it was interrupted meanwhile. */
  private static boolean joined(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
  }
}
