package dev.belay.chaos.inject;

import dev.belay.Check;
import dev.belay.chaos.Edge;
import java.util.List;
import java.util.Optional;

/**
 * Which requests a rule means; all that is given has to hold, and something has to be given.
 *
 * @param edge between which services
 * @param method the method
 * @param path the path as it is sent, with its query
 * @param headers headers that have to be there, any of them
 * @param baggage members of the W3C {@code baggage} header that have to be there
 */
public record RequestMatch(
    Optional<Edge> edge,
    Optional<TextMatch> method,
    Optional<TextMatch> path,
    List<NamedMatch> headers,
    List<NamedMatch> baggage) {
  public RequestMatch {
    headers = List.copyOf(headers);
    baggage = List.copyOf(baggage);
    Check.that(
        edge.isPresent()
            || method.isPresent()
            || path.isPresent()
            || !headers.isEmpty()
            || !baggage.isEmpty(),
        "match must have at least one condition; path.prefix / means every request");
  }

  /** Requests whose path begins so. */
  public static RequestMatch path(String prefix) {
    return new RequestMatch(
        Optional.empty(),
        Optional.empty(),
        Optional.of(TextMatch.prefix(prefix)),
        List.of(),
        List.of());
  }
}
