package dev.belay.chaos.space;

import java.util.Map;
import java.util.Optional;

/** Sees to it that conditions ask for dimensions that are there, for values that they can have. */
final class Kinds {
  private Kinds() {}

  static void check(Part where, Condition condition, Map<String, Dimension> dimensions) {
    switch (condition) {
      case Condition.Compare compare -> check(where, compare, dimensions);
      case Condition.On on -> {
        var unused = known(where, on.field(), dimensions);
      }
      case Condition.Not not -> check(where, not.condition(), dimensions);
      case Condition.All all -> all.conditions().forEach(each -> check(where, each, dimensions));
      case Condition.Any any -> any.conditions().forEach(each -> check(where, each, dimensions));
    }
  }

  private static Dimension known(Part where, String field, Map<String, Dimension> dimensions) {
    return Optional.ofNullable(dimensions.get(field))
        .orElseThrow(() ->
            new InvalidSpace(
                where,
                "%s: unknown dimension %s; known here: %s"
                    .formatted(where, field, dimensions.keySet().stream().sorted().toList())));
  }

  private static void check(
      Part where, Condition.Compare compare, Map<String, Dimension> dimensions) {
    Dimension dimension = known(where, compare.field(), dimensions);
    for (Value value : compare.values()) {
      boolean named =
          dimension instanceof Dimension.Categorical && !compare.operator().asksForOrder();
      boolean fits =
          named ? dimension.holds(value) : value instanceof Value.Numeric && hasNumbers(dimension);
      if (!fits) {
        throw new InvalidSpace(
            where,
            "%s: %s cannot be compared with %s; it is %s"
                .formatted(where, compare.field(), value, dimension.range()));
      }
    }
  }

  private static boolean hasNumbers(Dimension dimension) {
    return !(dimension instanceof Dimension.Categorical category)
        || category.values().getFirst() instanceof Value.Numeric;
  }
}
