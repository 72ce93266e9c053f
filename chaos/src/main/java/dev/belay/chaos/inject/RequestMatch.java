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
 * @param spared paths that are never meant, with all below them, however they are written; needs a
 *     {@code path}
 * @param headers headers that have to be there, any of them
 * @param baggage members of the W3C {@code baggage} header that have to be there
 */
public record RequestMatch(
    Optional<Edge> edge,
    Optional<TextMatch> method,
    Optional<TextMatch> path,
    List<String> spared,
    List<NamedMatch> headers,
    List<NamedMatch> baggage) {
  public RequestMatch {
    spared = List.copyOf(spared);
    headers = List.copyOf(headers);
    baggage = List.copyOf(baggage);
    Check.that(
        edge.isPresent()
            || method.isPresent()
            || path.isPresent()
            || !headers.isEmpty()
            || !baggage.isEmpty(),
        "match must have at least one condition; path.prefix / means every request");
    Check.that(
        spared.isEmpty() || path.isPresent(),
        "path.not needs a path.exact, path.prefix or path.regex beside it");
    SparedPaths unused = SparedPaths.of(spared);
  }

  /** Requests whose path begins so. */
  public static RequestMatch path(String prefix) {
    return new RequestMatch(
        Optional.empty(),
        Optional.empty(),
        Optional.of(TextMatch.prefix(prefix)),
        List.of(),
        List.of(),
        List.of());
  }
}
