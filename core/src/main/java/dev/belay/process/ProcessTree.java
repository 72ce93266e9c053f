package dev.belay.process;

import dev.belay.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that runs, with all that it has started, even what it has let go of. None of it is left
 * once this is closed, nor when our own program ends in good order. Safe for any number of threads,
 * one for each stream.
 */
public final class ProcessTree implements AutoCloseable {
  private static final Duration AFTER_KILL = Duration.ofSeconds(2);
  private static final Duration FIRST_LOOK = Duration.ofMillis(2);
  private static final Duration LATER_LOOKS = Duration.ofMillis(50);

  private final Process process;
  private final Pipe output;
  private final Pipe complaints;
  private final ProcessGroup group;
  private final Duration grace;
  private final Time time;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread atExit = new Thread(this::end, "belay-end");

  private ProcessTree(Process process, boolean leads, Duration grace, Time time) {
    this.process = process;
    this.output = Pipe.from(process.getInputStream());
    this.complaints = Pipe.from(process.getErrorStream());
    this.group = new ProcessGroup(process, leads);
    this.grace = grace;
    this.time = time;
  }

  static ProcessTree of(Process process, boolean leads, Duration grace, Time time)
      throws IOException {
    ProcessTree tree = new ProcessTree(process, leads, grace, time);
    try {
      // in a group of its own, it does not hear what a terminal tells ours
      Runtime.getRuntime().addShutdownHook(tree.atExit);
    } catch (IllegalStateException ending) {
      tree.close();
      throw new IOException("nothing is started any more", ending);
    }
    return tree;
  }

  /** What it writes on its standard output; ends at the latest when the tree has ended. */
  public InputStream output() {
    return output;
  }

  /** What it writes on its standard error; ends at the latest when the tree has ended. */
  public InputStream complaints() {
    return complaints;
  }

  /** What it reads on its standard input. A write waits until the program reads. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** Its number. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits for the end of the program itself, which what it has started may outlive.
   *
   * @return its exit code; 128 and the number of the signal if it was killed
   */
  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** Does something, on another thread, when the program itself has ended. */
  public void onExit(Runnable task) {
    var unused = process.onExit().thenRunAsync(task, Thread::startVirtualThread);
  }

  /** Tells all of it to end, and kills what has not after the grace. Returns at once. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Thread.startVirtualThread(this::endAll);
    }
  }

  /**
   * Closes it, and waits until all of it has ended: at most the grace and 3 s. An interrupt does
   * not shorten that; it is kept for the caller.
   *
   * @return false if something of it could not be killed
   */
  public boolean end() {
    close();
    boolean interrupted = Thread.interrupted();
    try {
      long last = most().toNanos();
      while (true) {
        long before = time.nanos();
        try {
          ended.get(Math.max(1, last), TimeUnit.NANOSECONDS);
          return group.living().isEmpty();
        } catch (InterruptedException again) {
          interrupted = true;
          last -= time.nanos() - before;
        } catch (ExecutionException | TimeoutException stuck) {
          return false;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Duration most() {
    return grace.plus(AFTER_KILL).plusSeconds(1);
  }

  private void endAll() {
    try {
      Set<ProcessHandle> known = new HashSet<>();
      look(known);
      if (!known.isEmpty()) {
        group.signal("TERM");
        known.forEach(ProcessHandle::destroy);
        if (!awaitNone(known, grace)) {
          kill(known);
        }
      }
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    } finally {
      // whatever has got away may hold the other ends for ever
      output.close();
      complaints.close();
      forgetExit();
      ended.complete(null);
    }
  }

  private void kill(Set<ProcessHandle> known) throws InterruptedException {
    known.addAll(known.stream().flatMap(ProcessHandle::descendants).collect(Collectors.toSet()));
    group.signal("KILL");
    known.forEach(ProcessHandle::destroyForcibly);
    if (!awaitNone(known, FIRST_LOOK.multipliedBy(10))) {
      // born between the look and the kill
      known.forEach(ProcessHandle::destroyForcibly);
      var unused = awaitNone(known, AFTER_KILL);
    }
  }

  private boolean awaitNone(Set<ProcessHandle> known, Duration most) throws InterruptedException {
    long end = time.nanos() + most.toNanos();
    Duration pause = FIRST_LOOK;
    look(known);
    while (!known.isEmpty()) {
      if (time.nanos() - end >= 0) {
        return false;
      }
      time.sleep(pause.toNanos());
      pause = pause.compareTo(LATER_LOOKS) < 0 ? pause.multipliedBy(2) : LATER_LOOKS;
      look(known);
    }
    return true;
  }

  /** Forgets what has ended, and adds what is new. */
  private void look(Set<ProcessHandle> known) {
    List<ProcessHandle> more =
        Stream.concat(group.living().stream(), process.descendants()).toList();
    known.addAll(more);
    known.removeIf(one -> !ListedProcess.lives(one));
  }

  private void forgetExit() {
    try {
      var unused = Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      // then it is what we do
    }
  }
}
