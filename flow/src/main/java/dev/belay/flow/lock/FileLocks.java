package dev.belay.flow.lock;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CheckReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Which owner may use which files below a root. Safe for any number of threads of one process.
 *
 * <p>Paths are relative to the root, or absolute and inside it; {@code a}, {@code ./a} and {@code
 * b/../a} are one. A directory covers all that is in it. {@code *} and {@code ?} stay within one
 * name, {@code **} crosses directories; brackets and braces stand for themselves. Links are not
 * followed.
 *
 * <p>An owner gets all that it asks for at once or waits without holding anything, and may ask only
 * once at a time, so that no two can wait for each other. Among those who want the same, first come
 * is first served: nobody is overtaken by a later one that it conflicts with.
 */
public final class FileLocks {
  private final Path root;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<Claim> holders = new LinkedHashSet<>();

  /** In the order of coming. */
  @GuardedBy("lock")
  private final Set<Claim> queue = new LinkedHashSet<>();

  /**
   * Locks on files below {@code root}.
   *
   * @param root need not exist; made absolute
   */
  public FileLocks(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Waits until {@code owner} alone may read and write all of {@code patterns}. */
  @CheckReturnValue
  public Held acquire(String owner, Set<String> patterns) throws InterruptedException {
    return acquire(owner, Set.of(), patterns);
  }

  /**
   * Waits until nobody else writes what {@code owner} reads, nor uses what it writes.
   *
   * @param reads may be shared with other readers
   * @param writes shared with nobody
   * @throws IllegalArgumentException if a path is blank or outside of the root
   * @throws IllegalStateException if the owner already holds or waits for files: to wait while
   *     holding could go on for ever
   * @throws InterruptedException if the thread was interrupted; nothing is held then
   */
  @CheckReturnValue
  public Held acquire(String owner, Set<String> reads, Set<String> writes)
      throws InterruptedException {
    requireNonNull(owner, "owner");
    Claim claim = new Claim(owner, globs(reads), globs(writes), lock.newCondition());
    lock.lockInterruptibly();
    try {
      refuseSecond(owner);
      everybody().filter(claim::conflicts).forEach(claim.behind()::add);
      queue.add(claim);
      grant();
      await(claim);
      return new Held(this, claim);
    } finally {
      lock.unlock();
    }
  }

  private Set<PathGlob> globs(Set<String> patterns) {
    Set<PathGlob> globs = new LinkedHashSet<>();
    patterns.forEach(pattern -> globs.add(PathGlob.of(root, pattern)));
    return globs;
  }

  @GuardedBy("lock")
  private void refuseSecond(String owner) {
    if (everybody().anyMatch(claim -> claim.owner().equals(owner))) {
      throw new IllegalStateException(
          "'%s' already holds or waits for files; ask for all of them at once".formatted(owner));
    }
  }

  @GuardedBy("lock")
  private Stream<Claim> everybody() {
    return Stream.concat(holders.stream(), queue.stream());
  }

  @GuardedBy("lock")
  private void await(Claim claim) throws InterruptedException {
    try {
      while (queue.contains(claim)) {
        claim.granted().await();
      }
    } catch (InterruptedException interrupted) {
      forget(claim);
      throw interrupted;
    }
  }

  /** Gives back what {@code owner} holds, whoever has its {@link Held}; harmless for nothing. */
  public void release(String owner) {
    lock.lock();
    try {
      holders.stream().filter(claim -> claim.owner().equals(owner)).toList().forEach(this::forget);
    } finally {
      lock.unlock();
    }
  }

  void release(Claim claim) {
    lock.lock();
    try {
      forget(claim);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Claim claim) {
    lock.lock();
    try {
      if (holders.remove(claim) || queue.remove(claim)) {
        queue.forEach(waiter -> waiter.behind().remove(claim));
        grant();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets go all who conflict with no holder, and with nobody who came before them. */
  @GuardedBy("lock")
  private void grant() {
    for (Claim claim : List.copyOf(queue)) {
      if (claim.behind().isEmpty()) {
        queue.remove(claim);
        holders.add(claim);
        claim.granted().signal();
      }
    }
  }

  /** Who waits for whom, first come first. */
  public List<Waiting> waiting() {
    lock.lock();
    try {
      List<Waiting> views = new ArrayList<>();
      for (Claim claim : queue) {
        List<String> reads = Claim.names(claim.reads());
        List<String> writes = Claim.names(claim.writes());
        List<String> behind = claim.behind().stream().map(Claim::owner).toList();
        views.add(new Waiting(claim.owner(), reads, writes, behind));
      }
      return views;
    } finally {
      lock.unlock();
    }
  }
}
