package dev.belay.chaos.space;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A value for each dimension that is active. Two points with the same values are equal.
 *
 * @param values by the name of the dimension
 */
public record Point(Map<String, Value> values) {
  public Point {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The value of a dimension; none if it is not active. */
  public Optional<Value> value(String dimension) {
    return Optional.ofNullable(values.get(dimension));
  }

  /** Such as {@code fault_type=delay, delay_ms=250}. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
