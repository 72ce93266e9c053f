package dev.belay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Until when a call leaves alone what asked for it: everything, or one endpoint. It is remembered
 * as long as the call lasts, because it may come back to the endpoint that asked. For one thread at
 * a time.
 */
final class Holds<E extends Endpoint> {
  private long all;

  /** A shared empty map while there are none, as there mostly are. */
  private Map<E, Long> byEndpoint = Map.of();

  Holds(long now) {
    all = now;
  }

  /** Minds a hint that binds whoever is asked next. */
  void everywhere(Hint hint, long now) {
    all = later(all, until(hint, now));
  }

  /** Minds a hint that binds only the endpoint that gave it. */
  void at(E endpoint, Hint hint, long now) {
    Map<E, Long> more = new HashMap<>(byEndpoint);
    more.merge(endpoint, until(hint, now), Holds::later);
    byEndpoint = more;
  }

  private static long until(Hint hint, long now) {
    return now + Math.min(Nanos.of(hint.after()), Long.MAX_VALUE / 2);
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  /** How long nobody is to be asked; 0 if somebody may be. */
  long leftEverywhere(long now) {
    return Math.max(0, all - now);
  }

  /** How long one endpoint is not to be asked; 0 if it may be. */
  private long leftAt(E endpoint, long now) {
    return Math.max(0, byEndpoint.getOrDefault(endpoint, now) - now);
  }

  /** Who is not to be asked now. */
  List<E> held(long now) {
    return byEndpoint.isEmpty()
        ? List.of()
        : byEndpoint.keySet().stream().filter(endpoint -> leftAt(endpoint, now) > 0).toList();
  }

  /**
   * How long until the first may be asked: of those that would take an attempt, or, if none would,
   * of those that are held.
   */
  long leftAmong(List<E> endpoints, long now) {
    if (byEndpoint.isEmpty()) {
      return 0;
    }
    List<E> free = endpoints.stream().filter(Endpoint::isSelectable).toList();
    return (free.isEmpty() ? byEndpoint.keySet() : free)
        .stream().mapToLong(endpoint -> leftAt(endpoint, now)).min().orElse(0);
  }
}
