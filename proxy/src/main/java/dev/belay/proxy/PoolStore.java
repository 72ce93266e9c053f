package dev.belay.proxy;

import static java.util.Objects.requireNonNull;

import dev.belay.proxy.UpstreamPool.Entry;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;

/**
 * Where changes of the pool that are made at run time outlive the process. What a method has
 * returned from is there after a restart. Every method may block, and does all of its work or none
 * of it. Safe for any number of threads.
 *
 * <p>Passwords are kept as they were given, so whoever can read the store can read them; nothing
 * else shows them.
 */
public interface PoolStore {

  /** One that forgets everything with the process. */
  static PoolStore inMemory() {
    return new MemoryPoolStore();
  }

  /** What was done to one proxy, whatever the configuration says of it. */
  sealed interface Change {
    /** The proxy's id; see {@link Upstream#id}. */
    String id();
  }

  /**
   * It is in the pool.
   *
   * @param entry where it is, and what selection may choose by
   */
  record Added(Entry entry) implements Change {
    /** Rejects null. */
    public Added {
      requireNonNull(entry, "entry");
    }

    @Override
    public String id() {
      return entry.address().id();
    }
  }

  /** It is not in the pool. */
  record Removed(String id) implements Change {
    /** Rejects null. */
    public Removed {
      requireNonNull(id, "id");
    }
  }

  /**
   * All changes, the oldest first.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  List<Change> changes();

  /**
   * Writes changes down, each in place of an earlier one of the same proxy.
   *
   * @throws UncheckedIOException if that is not possible
   */
  void save(List<? extends Change> changes);

  /**
   * Leaves these proxies to the configuration again.
   *
   * @throws UncheckedIOException if that is not possible
   */
  void forget(Collection<String> ids);
}
