package dev.belay.chaos.inject;

import dev.belay.Check;
import java.util.List;
import java.util.Optional;

/**
 * Whose requests a plan means: with it, faults hit only what was sent to be hit.
 *
 * @param headers headers that have to be there besides
 * @param baggage members of W3C baggage that have to be there besides
 * @param spared paths that are never meant, with all below them
 */
public record Aim(List<NamedMatch> headers, List<NamedMatch> baggage, List<String> spared) {
  /** Everybody's. */
  public static final Aim EVERYBODY = new Aim(List.of(), List.of(), List.of());

  public Aim {
    headers = List.copyOf(headers);
    baggage = List.copyOf(baggage);
    spared = List.copyOf(spared);
    SparedPaths unused = SparedPaths.of(spared);
  }

  /** Requests that carry this in their W3C baggage. */
  public static Aim baggage(String name, String value) {
    return new Aim(
        List.of(), List.of(new NamedMatch(name, Optional.of(TextMatch.exact(value)))), List.of());
  }

  /**
   * Requests of one trace, by W3C {@code traceparent}.
   *
   * @param traceId 32 hexadecimal digits in lower case
   */
  public static Aim trace(String traceId) {
    Check.that(
        traceId.matches("[0-9a-f]{32}"), "trace id must be 32 hex digits, was '%s'", traceId);
    TextMatch match = TextMatch.regex("^[0-9a-f]{2}-" + traceId + "-");
    return new Aim(
        List.of(new NamedMatch("traceparent", Optional.of(match))), List.of(), List.of());
  }

  /** The same, but for some paths, each beginning with a slash, and all below them. */
  public Aim sparing(List<String> paths) {
    return new Aim(headers, baggage, paths);
  }
}
