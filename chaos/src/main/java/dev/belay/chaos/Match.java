package dev.belay.chaos;

import dev.belay.Check;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which requests of an edge a fault means; all that is given has to hold.
 *
 * @param method the method, in capitals, if one is asked for
 * @param pathPrefix what the path begins with, if that is asked for
 * @param headers headers that have to be there with exactly these values; an empty value asks for
 *     the header alone; names count without case
 */
public record Match(
    Optional<String> method, Optional<String> pathPrefix, Map<String, String> headers) {
  /** Every request. */
  public static final Match ALL = new Match(Optional.empty(), Optional.empty(), Map.of());

  public Match {
    TreeMap<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    named.putAll(headers);
    Check.that(named.size() == headers.size(), "header names must be unique, were %s", headers);
    headers = Collections.unmodifiableMap(named);
  }
}
