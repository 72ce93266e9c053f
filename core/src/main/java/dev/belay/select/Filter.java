package dev.belay.select;

import dev.belay.Call;
import dev.belay.Check;
import dev.belay.Endpoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which endpoints suit a call. Must be safe for any number of threads and must not block.
 *
 * @see Composite
 */
@FunctionalInterface
public interface Filter {

  /** Whether the endpoint suits the call. */
  boolean keeps(Endpoint endpoint, Call call);

  /** The candidates that suit the call, in order; all of them if none does. */
  default <E extends Endpoint> List<E> narrow(List<E> candidates, Call call) {
    int size = candidates.size();
    int kept = 0;
    while (kept < size && keeps(candidates.get(kept), call)) {
      kept++;
    }
    if (kept == size) {
      return candidates;
    }
    List<E> some = new ArrayList<>(candidates.subList(0, kept));
    for (int i = kept + 1; i < size; i++) {
      E candidate = candidates.get(i);
      if (keeps(candidate, call)) {
        some.add(candidate);
      }
    }
    return some.isEmpty() ? candidates : some;
  }

  /** Endpoints of the call's country, whatever the case; all if the call names none. */
  static Filter sameCountry() {
    return (endpoint, call) ->
        call.country().isEmpty() || call.country().equalsIgnoreCase(endpoint.traits().country());
  }

  /** Endpoints of the call's region, whatever the case; all if the call names none. */
  static Filter sameRegion() {
    return (endpoint, call) ->
        call.region().isEmpty() || call.region().equalsIgnoreCase(endpoint.traits().region());
  }

  /**
   * Endpoints that cost at most {@code maximum}, 0 or more, in the unit of {@link
   * dev.belay.Endpoint.Traits#cost}.
   */
  static Filter costAtMost(double maximum) {
    Check.that(maximum >= 0, "maximum cost must be 0 or more, was %s", maximum);
    return (endpoint, call) -> endpoint.traits().cost() <= maximum;
  }

  /** Endpoints that carry the tag. */
  static Filter tagged(String tag) {
    return (endpoint, call) -> endpoint.traits().tags().contains(tag);
  }
}
