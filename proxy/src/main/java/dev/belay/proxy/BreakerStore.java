package dev.belay.proxy;

import dev.belay.BreakerState;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Where it is written down which breakers were not closed, so that a restart need neither trust
 * their proxies nor condemn them. Every method may block. Safe for any number of threads.
 */
public interface BreakerStore {

  /** One that forgets everything with the process. */
  static BreakerStore inMemory() {
    AtomicReference<Set<String>> kept = new AtomicReference<>(Set.of());
    return new BreakerStore() {
      @Override
      public Set<String> open() {
        return kept.get();
      }

      @Override
      public void save(Set<String> open) {
        kept.set(Set.copyOf(open));
      }
    };
  }

  /**
   * Ids of the proxies whose breakers were open or half-open at the last {@link #save}.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  Set<String> open();

  /**
   * Writes them down, in place of all that was there.
   *
   * @throws UncheckedIOException if that is not possible
   */
  void save(Set<String> open);

  /** Ids of the proxies in a pool whose breakers are open or half-open by their own count. */
  static Set<String> openIn(UpstreamPool pool) {
    return pool.upstreams().stream()
        .filter(upstream -> isOpen(upstream.breaker().state()))
        .map(Upstream::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isOpen(BreakerState state) {
    return switch (state) {
      case OPEN, HALF_OPEN -> true;
      // somebody's decision, which ends with the process
      case CLOSED, HELD_CLOSED, HELD_OPEN -> false;
    };
  }
}
