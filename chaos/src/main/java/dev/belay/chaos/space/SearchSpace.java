package dev.belay.chaos.space;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What can be tried: dimensions, and constraints between them. Holds a point at least: a space that
 * contradicts itself cannot be made. Safe for any number of threads.
 */
public final class SearchSpace {
  /** The most dimensions of a space. */
  public static final int MAX_DIMENSIONS = 20;

  private final String name;
  private final List<Dimension> dimensions;
  private final List<Constraint> constraints;
  private final Inactive inactive;
  private final Chart chart;

  /**
   * A space.
   *
   * @param name at most 128 characters
   * @param dimensions 1 to 20, no name twice
   * @param constraints that hold together for a point at least
   * @param inactive what becomes of a dimension whose condition is not true
   * @throws InvalidSpace if it contradicts itself; names the dimension or the constraint
   * @throws NoFeasiblePoint if no point keeps to the constraints
   */
  public SearchSpace(
      String name, List<Dimension> dimensions, List<Constraint> constraints, Inactive inactive) {
    this.name = name;
    this.dimensions = List.copyOf(dimensions);
    this.constraints = List.copyOf(constraints);
    this.inactive = inactive;
    check(
        name.length() <= 128,
        Part.NAME,
        "name must have at most 128 characters, had " + name.length());
    check(
        !dimensions.isEmpty() && dimensions.size() <= MAX_DIMENSIONS,
        Part.DIMENSIONS,
        "dimensions must be 1 to %d, were %d".formatted(MAX_DIMENSIONS, dimensions.size()));
    Map<String, Dimension> byName = new HashMap<>();
    for (int i = 0; i < dimensions.size(); i++) {
      Dimension dimension = dimensions.get(i);
      check(
          byName.put(dimension.name(), dimension) == null,
          Part.dimension(i, dimension),
          "dimension %s is there twice".formatted(dimension.name()));
    }
    for (int i = 0; i < dimensions.size(); i++) {
      Part part = Part.dimension(i, dimensions.get(i));
      dimensions.get(i).traits().condition().ifPresent(it -> Kinds.check(part, it, byName));
    }
    for (int i = 0; i < constraints.size(); i++) {
      Constraint constraint = constraints.get(i);
      Kinds.check(Part.constraint(i, constraint), constraint.condition(), byName);
    }
    chart =
        new Chart(
            this.dimensions.stream().map(Axis::new).toList(),
            inactive,
            this.constraints,
            order(this.dimensions));
    double[] any = chart.draw(new SplittableRandom(1)); // throws if there is none
    check(any.length == dimensions.size(), Part.DIMENSIONS, "a point must have all dimensions");
  }

  private static void check(boolean holds, Part part, String message) {
    if (!holds) {
      throw new InvalidSpace(part, message);
    }
  }

  /** Dimensions by number, each after those that its condition asks for. */
  private static List<Integer> order(List<Dimension> dimensions) {
    List<Integer> order = new ArrayList<>();
    Set<String> done = new HashSet<>();
    while (order.size() < dimensions.size()) {
      int before = order.size();
      for (int i = 0; i < dimensions.size(); i++) {
        Dimension dimension = dimensions.get(i);
        boolean ready =
            dimension.traits().condition().map(it -> done.containsAll(it.fields())).orElse(true);
        if (ready && done.add(dimension.name())) {
          order.add(i);
        }
      }
      check(
          order.size() > before,
          circular(dimensions, done),
          "conditions form a cycle: %s depend on each other"
              .formatted(
                  dimensions.stream()
                      .map(Dimension::name)
                      .filter(n -> !done.contains(n))
                      .toList()));
    }
    return List.copyOf(order);
  }

  /** The first of those that wait for each other. */
  private static Part circular(List<Dimension> dimensions, Set<String> done) {
    for (int i = 0; i < dimensions.size(); i++) {
      if (!done.contains(dimensions.get(i).name())) {
        return Part.dimension(i, dimensions.get(i));
      }
    }
    return Part.DIMENSIONS;
  }

  /** A space without constraints whose dimensions may be left out. */
  public static SearchSpace of(Dimension... dimensions) {
    return new SearchSpace("", List.of(dimensions), List.of(), Inactive.FILTER);
  }

  /** What people call it; may be empty. */
  public String name() {
    return name;
  }

  /** What its points differ in. */
  public List<Dimension> dimensions() {
    return dimensions;
  }

  /** What its points keep to. */
  public List<Constraint> constraints() {
    return constraints;
  }

  /** What becomes of a dimension whose condition is not true. */
  public Inactive inactive() {
    return inactive;
  }

  /** The space in numbers. */
  public Chart chart() {
    return chart;
  }

  /**
   * Complains about a point that is none of this space.
   *
   * @throws OutsideSpace names the dimension or the constraint
   */
  public void check(Point point) {
    double[] x = chart.coordinates(point);
    chart
        .violated(x)
        .ifPresent(constraint -> {
          throw new OutsideSpace("violates the constraint '%s'".formatted(constraint));
        });
  }

  /** Whether a point is one of this space. */
  public boolean contains(Point point) {
    try {
      check(point);
      return true;
    } catch (OutsideSpace outside) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "%s (%d dimensions, %d constraints)"
        .formatted(name.isEmpty() ? "space" : name, dimensions.size(), constraints.size());
  }
}
