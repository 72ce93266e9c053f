package dev.belay.server.live;

import static java.util.Objects.requireNonNull;

import dev.belay.http.ProxyAddress;
import dev.belay.proxy.PoolChanges;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.UpstreamPool.Entry;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Changes the pool while the server runs, and tells the feed. Changes are stored before they are in
 * force; see {@link PoolChanges}. Safe for any number of threads: changes come one after the other,
 * and each is in force whole.
 */
public final class PoolEditor {
  /** The most proxies that the pool may hold through additions. */
  public static final int MOST = PoolChanges.MOST;

  private final UpstreamPool pool;
  private final PoolChanges changes;
  private final EventFeed feed;
  private final ReentrantLock lock = new ReentrantLock();

  /** {@code changes} must be those of {@code pool}. */
  public PoolEditor(UpstreamPool pool, PoolChanges changes, EventFeed feed) {
    this.pool = requireNonNull(pool, "pool");
    this.changes = requireNonNull(changes, "changes");
    this.feed = requireNonNull(feed, "feed");
  }

  /**
   * What became of proxies that were to be added.
   *
   * @param added those that were not there, in order
   * @param known those that were, in order
   */
  public record Added(List<Entry> added, List<Entry> known) {}

  /** Takes over what the configuration says now. */
  public void configure(List<Entry> entries) {
    lock.lock();
    try {
      changes.configure(entries);
      tell("configured", List.of());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds those that are not there yet; each must differ from the others.
   *
   * @return empty if the pool would grow beyond {@link #MOST}; nothing is added then
   * @throws UncheckedIOException if they cannot be stored; nothing is added then
   */
  public Optional<Added> add(List<Entry> entries) {
    lock.lock();
    try {
      Set<String> ids = byId().keySet();
      List<Entry> added =
          entries.stream().filter(entry -> !ids.contains(entry.address().id())).toList();
      if (ids.size() + added.size() > MOST) {
        return Optional.empty();
      }
      if (!added.isEmpty()) {
        changes.add(added);
        tell("added", added.stream().map(Entry::address).toList());
      }
      List<Entry> known =
          entries.stream().filter(entry -> ids.contains(entry.address().id())).toList();
      return Optional.of(new Added(added, known));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes one.
   *
   * @param change what to make of it; the id must stay the same. What it throws is thrown
   * @return whether it is there
   * @throws UncheckedIOException if that cannot be stored; nothing changes then
   */
  public boolean change(String id, UnaryOperator<Entry> change) {
    lock.lock();
    try {
      Upstream before = byId().get(id);
      if (before == null) {
        return false;
      }
      Instant expiresAt = pool.expiries().getOrDefault(id, Entry.NEVER);
      Entry after = change.apply(new Entry(before.address(), before.traits(), expiresAt));
      changes.add(List.of(after));
      tell("changed", List.of(after.address()));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes one out; what is under way there finishes. Says whether it was there.
   *
   * @throws UncheckedIOException if that cannot be stored; nothing changes then
   */
  public boolean remove(String id) {
    lock.lock();
    try {
      Upstream before = byId().get(id);
      if (before == null || !changes.remove(id)) {
        return false;
      }
      tell("removed", List.of(before.address()));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void tell(String change, List<ProxyAddress> addresses) {
    JsonObject data =
        new JsonObject()
            .put("change", change)
            .put("count", addresses.size())
            .put("proxies", pool.upstreams().size());
    if (addresses.size() == 1) {
      data.put("proxy_id", addresses.getFirst().id()).put("proxy", addresses.getFirst().name());
    }
    feed.publish(EventFeed.POOL, data);
  }

  /** The pool that is edited. */
  public UpstreamPool pool() {
    return pool;
  }

  /** The proxies now, by their ids, in order. */
  public Map<String, Upstream> byId() {
    Map<String, Upstream> all = new LinkedHashMap<>();
    pool.upstreams().forEach(upstream -> all.put(upstream.id(), upstream));
    return all;
  }
}
