package dev.belay.proxy;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.proxy.PoolStore.Added;
import dev.belay.proxy.PoolStore.Change;
import dev.belay.proxy.PoolStore.Removed;
import dev.belay.proxy.UpstreamPool.Entry;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pool as configured and as sources fill it, with what was added and removed at run time. A
 * change is stored first and then in force, so that what was acknowledged is there after a restart;
 * it holds over later configurations too, until the opposite is done. Safe for any number of
 * threads; methods may block as long as the store does.
 */
public final class PoolChanges {

  /** How many proxies may differ from the configuration. */
  public static final int MOST = 100_000;

  private final UpstreamPool pool;
  private final PoolStore store;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, as is all below. */
  private final Map<String, Change> changes = new LinkedHashMap<>();

  private boolean loaded;

  /** Fills a pool with what is configured; {@link #load} brings what is stored. */
  public PoolChanges(UpstreamPool pool, PoolStore store, List<Entry> configured) {
    this.pool = requireNonNull(pool, "pool");
    this.store = requireNonNull(store, "store");
    pool.replace(configured);
  }

  /**
   * Brings the stored changes into force, once: further calls do nothing.
   *
   * @throws UncheckedIOException if the store cannot be read; call it again later
   */
  public void load() {
    lock.lock();
    try {
      if (!loaded) {
        store.changes().forEach(change -> changes.put(change.id(), change));
        loaded = true;
        apply();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a new configuration; the changes stay.
   *
   * @throws IllegalArgumentException if a proxy stands in it twice
   */
  public void configure(List<Entry> entries) {
    pool.replace(entries);
  }

  /**
   * Adds proxies, or gives those that are there new traits and passwords.
   *
   * @throws IllegalArgumentException if there would be too many changes
   * @throws UncheckedIOException if they cannot be stored; the pool is as before then
   */
  public void add(List<Entry> entries) {
    List<Added> added = entries.stream().map(Added::new).toList();
    lock.lock();
    try {
      load();
      forgetExpired();
      checkRoom(added);
      store.save(added);
      added.forEach(this::put);
      apply();
    } finally {
      lock.unlock();
    }
  }

  /** What has left the pool by itself need not be remembered. */
  private void forgetExpired() {
    List<String> ids = changes.values().stream().filter(pool::hasExpired).map(Change::id).toList();
    if (!ids.isEmpty()) {
      store.forget(ids);
      ids.forEach(changes::remove);
    }
  }

  private void checkRoom(List<? extends Change> more) {
    long fresh = more.stream().map(Change::id).distinct().filter(this::isNew).count();
    Check.that(
        changes.size() + fresh <= MOST,
        "at most %d proxies may be changed at run time, would be %d",
        MOST,
        changes.size() + fresh);
  }

  private boolean isNew(String id) {
    return !changes.containsKey(id);
  }

  private void put(Change change) {
    // to the end, as in the store
    changes.remove(change.id());
    changes.put(change.id(), change);
  }

  /**
   * Removes a proxy.
   *
   * @return false if it is not there
   * @throws IllegalArgumentException if there would be too many changes
   * @throws UncheckedIOException if that cannot be stored; the pool is as before then
   */
  public boolean remove(String id) {
    lock.lock();
    try {
      load();
      if (pool.upstreams().stream().noneMatch(upstream -> upstream.id().equals(id))) {
        return false;
      }
      removeStored(id);
      apply();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void removeStored(String id) {
    if (pool.isBrought(id)) {
      Removed removed = new Removed(id);
      checkRoom(List.of(removed));
      store.save(List.of(removed));
      put(removed);
    } else {
      // nothing would bring it back, so nothing need be remembered
      store.forget(List.of(id));
      changes.remove(id);
    }
  }

  private void apply() {
    pool.overlay(changes.values());
  }
}
