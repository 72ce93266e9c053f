package dev.belay.server.store;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.ledger.History;
import dev.belay.proxy.BreakerStore;
import dev.belay.proxy.PoolChanges;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.server.live.DefaultPolicy;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings back at the start what the store holds, writes down every minute and at the end what has
 * changed, and goes on trying while the store fails. Safe for any number of threads.
 */
public final class Keeper {
  /** How much a crash may lose. */
  static final Duration EVERY = Duration.ofMinutes(1);

  static final Duration AGAIN = Duration.ofSeconds(10);

  private final Store store;
  private final Kept kept;
  private final Time time;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, as is all below. */
  private Time.@Nullable Timer next;

  private boolean recalled;
  private boolean stopped;

  /**
   * What is kept.
   *
   * @param history hours and days of attempts
   * @param changes what was done to the pool
   * @param pool whose breakers are open
   * @param policy what was set over the configured one
   */
  public record Kept(
      History history, PoolChanges changes, UpstreamPool pool, DefaultPolicy policy) {
    /** Rejects nulls. */
    public Kept {
      requireNonNull(history, "history");
      requireNonNull(changes, "changes");
      requireNonNull(pool, "pool");
      requireNonNull(policy, "policy");
    }
  }

  /** Does nothing before {@link #recall} and {@link #begin}. */
  public Keeper(Store store, Kept kept, Time time) {
    this(store, kept, time, task -> Thread.ofVirtual().name("belay-store").start(task));
  }

  Keeper(Store store, Kept kept, Time time, Executor executor) {
    this.store = store;
    this.kept = kept;
    this.time = time;
    this.executor = executor;
  }

  /**
   * Brings back what the store holds, once; nothing if the store fails or is not open in time, for
   * then a later round will.
   *
   * @param suspects whether breakers that were open become half-open rather than closed
   * @param longest how long to wait for the store
   * @throws StoreRefused if the store must not be used as it is
   */
  public void recall(boolean suspects, Duration longest) throws StoreRefused, InterruptedException {
    boolean isOpen = store.await(longest);
    lock.lock();
    try {
      if (isOpen && !recalled) {
        bringBack();
        if (suspects) {
          suspect(store.breakers().open());
        }
      }
    } catch (UncheckedIOException failed) {
      // the alarm has been raised, and the next round tries again
    } finally {
      lock.unlock();
    }
  }

  private void bringBack() {
    kept.history().restore();
    kept.changes().load();
    kept.policy().load();
    recalled = true;
  }

  private void suspect(Set<String> open) {
    for (Upstream upstream : kept.pool().upstreams()) {
      if (open.contains(upstream.id())) {
        upstream.breaker().suspect();
      }
    }
  }

  /** From now on writes down every minute. */
  public void begin() {
    lock.lock();
    try {
      schedule();
    } finally {
      lock.unlock();
    }
  }

  private void schedule() {
    if (!stopped) {
      Duration pause = store.alarm().isRaised() ? AGAIN : EVERY;
      next = time.after(pause.toNanos(), executor, this::round);
    }
  }

  private void round() {
    lock.lock();
    try {
      if (!stopped) {
        write();
      }
    } finally {
      schedule();
      lock.unlock();
    }
  }

  private void write() {
    try {
      store.reopen();
      if (!recalled) {
        bringBack();
      }
      kept.history().write();
      store.breakers().save(BreakerStore.openIn(kept.pool()));
      store.tidy();
    } catch (UncheckedIOException failed) {
      // the alarm has been raised; the next round writes what this one could not
    }
  }

  /** Closes the store; if it ever began, it writes for the last time before. */
  public void stop() {
    lock.lock();
    try {
      if (!stopped) {
        stopped = true;
        if (next != null) {
          next.cancel();
          write();
        }
        store.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
