package dev.belay.chaos.session;

import dev.belay.Check;
import dev.belay.chaos.FaultPlan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to try next.
 *
 * @param plan the faults
 * @param arm which part of the search wants it, such as {@code sweep} or {@code minimise}
 * @param point the values of the dimensions that it was made of, if it was found in a space of
 *     dimensions; texts, numbers and truth values
 */
public record Proposal(FaultPlan plan, String arm, Map<String, Object> point) {
  public Proposal {
    Check.that(!arm.isBlank(), "arm must not be blank");
    point = Collections.unmodifiableMap(new LinkedHashMap<>(point));
  }
}
