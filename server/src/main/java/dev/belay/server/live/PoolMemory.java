package dev.belay.server.live;

import dev.belay.proxy.UpstreamPool;
import java.util.List;
import java.util.Set;

/**
 * Remembers what was changed in the pool while the server ran. Called by one thread at a time. What
 * it is given holds passwords.
 */
public interface PoolMemory {

  /**
   * What was changed so far, to be laid over the configured pool.
   *
   * @param set proxies that were added or changed, in the order in which they were added
   * @param removed ids of configured proxies that were taken out
   */
  record Edits(List<UpstreamPool.Entry> set, Set<String> removed) {
    /** Nothing was changed. */
    public static final Edits NONE = new Edits(List.of(), Set.of());

    /** Keeps copies. */
    public Edits {
      set = List.copyOf(set);
      removed = Set.copyOf(removed);
    }
  }

  /** What is remembered. */
  Edits load();

  /** Proxies were added or changed; a removed one that is among them is removed no longer. */
  void set(List<UpstreamPool.Entry> entries);

  /** A proxy was taken out. */
  void remove(String id);

  /** Forgets everything when the server stops. */
  static PoolMemory none() {
    return new PoolMemory() {
      @Override
      public Edits load() {
        return Edits.NONE;
      }

      @Override
      public void set(List<UpstreamPool.Entry> entries) {}

      @Override
      public void remove(String id) {}
    };
  }
}
