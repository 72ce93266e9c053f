package dev.belay.llm.cache;

import java.time.Instant;
import java.util.Optional;

/**
 * Where cached answers outlive the process. May block; whoever implements it may lose entries, but
 * never gives one to another key. Safe for any number of threads.
 */
public interface CacheStore {

  /** Keeps nothing. */
  CacheStore NONE =
      new CacheStore() {
        @Override
        public Optional<Entry> find(String key) {
          return Optional.empty();
        }

        @Override
        public void put(String key, Entry entry) {}
      };

  /**
   * A cached answer.
   *
   * @param answer JSON
   * @param expires from when on it counts no more
   */
  record Entry(String answer, Instant expires) {}

  /** The answer, if it is there; it may have expired. */
  Optional<Entry> find(String key);

  /** Keeps it, instead of what was there. */
  void put(String key, Entry entry);
}
