package dev.belay.llm.cache;

/**
 * How often a cache was of use. Immutable.
 *
 * @param hits requests that were answered from it
 * @param misses requests that were not
 * @param shared requests that took the answer of an equal one that was under way
 * @param stores answers that were put in
 * @param stale answers that today's checks do not let pass
 * @param failures of the store behind it
 */
public record CacheCounts(
    long hits, long misses, long shared, long stores, long stale, long failures) {

  /** The share of requests that asked no provider, 0 to 1; 0 without requests. */
  public double hitRate() {
    long all = hits + misses + shared;
    return all == 0 ? 0 : (double) (hits + shared) / all;
  }
}
