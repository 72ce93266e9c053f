package dev.belay.server.live;

import static java.util.Objects.requireNonNull;

import dev.belay.http.ProxyAddress;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.UpstreamPool.Entry;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The pool as it is configured, with what was changed while the server ran laid over it. A proxy
 * that was taken out stays out when the configuration is read again, until it is added again. Safe
 * for any number of threads: changes come one after the other, and each is in force whole.
 */
public final class PoolEditor {
  /** The most proxies that the pool may hold through additions. */
  public static final int MOST = 100_000;

  private final UpstreamPool pool;
  private final PoolMemory memory;
  private final EventFeed feed;
  private final ReentrantLock lock = new ReentrantLock();

  // all that follows is guarded by the lock
  private Map<String, Entry> configured = new LinkedHashMap<>();
  private final Map<String, Entry> set = new LinkedHashMap<>();
  private final Set<String> removed = new LinkedHashSet<>();

  /** Lays what is remembered over an empty configuration. */
  public PoolEditor(UpstreamPool pool, PoolMemory memory, EventFeed feed) {
    this.pool = requireNonNull(pool, "pool");
    this.memory = requireNonNull(memory, "memory");
    this.feed = requireNonNull(feed, "feed");
    PoolMemory.Edits edits = memory.load();
    edits.set().forEach(entry -> set.put(entry.address().id(), entry));
    removed.addAll(edits.removed());
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
      Map<String, Entry> next = new LinkedHashMap<>();
      entries.forEach(entry -> next.put(entry.address().id(), entry));
      configured = next;
      apply();
      tell("configured", List.of());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds those that are not there yet; each must differ from the others.
   *
   * @return empty if the pool would grow beyond {@link #MOST}; nothing is added then
   */
  public Optional<Added> add(List<Entry> entries) {
    lock.lock();
    try {
      Set<String> ids = effective().keySet();
      List<Entry> added =
          entries.stream().filter(entry -> !ids.contains(entry.address().id())).toList();
      if (ids.size() + added.size() > MOST) {
        return Optional.empty();
      }
      if (!added.isEmpty()) {
        put(added);
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
   */
  public boolean change(String id, UnaryOperator<Entry> change) {
    lock.lock();
    try {
      Entry before = effective().get(id);
      if (before == null) {
        return false;
      }
      Entry after = change.apply(before);
      put(List.of(after));
      tell("changed", List.of(after.address()));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes one out; what is under way there finishes. Says whether it was there. */
  public boolean remove(String id) {
    lock.lock();
    try {
      Entry before = effective().get(id);
      if (before == null) {
        return false;
      }
      set.remove(id);
      if (configured.containsKey(id)) {
        removed.add(id);
      }
      memory.remove(id);
      apply();
      tell("removed", List.of(before.address()));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ids of the proxies that the configuration names and that are in the pool. */
  public Set<String> configuredIds() {
    lock.lock();
    try {
      return Set.copyOf(configured.keySet());
    } finally {
      lock.unlock();
    }
  }

  private void put(List<Entry> entries) {
    for (Entry entry : entries) {
      set.put(entry.address().id(), entry);
      removed.remove(entry.address().id());
    }
    memory.set(entries);
    apply();
  }

  private Map<String, Entry> effective() {
    Map<String, Entry> all = new LinkedHashMap<>(configured);
    all.keySet().removeAll(removed);
    all.putAll(set);
    return all;
  }

  private void apply() {
    pool.replace(new ArrayList<>(effective().values()));
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
