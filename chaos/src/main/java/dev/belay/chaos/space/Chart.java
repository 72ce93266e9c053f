package dev.belay.chaos.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A space in numbers, for those who search it. Coordinates hold one number for each dimension: the
 * number of its value, counted from 0, for a category; a number in 0 to 1, on the dimension's own
 * scale, for a number; and a mark outside of both for a dimension that is not active. Safe for any
 * number of threads.
 */
public final class Chart {
  private static final int DRAWS = 200;

  private final List<Axis> axes;
  private final Inactive inactive;

  /** Of each dimension; empty if it is always active. */
  private final List<Optional<Probe>> conditions;

  /** Dimensions, those that others ask for first. */
  private final List<Integer> order;

  private final List<Constraint> constraints;
  private final List<Probe> probes;

  Chart(List<Axis> axes, Inactive inactive, List<Constraint> constraints, List<Integer> order) {
    this.axes = axes;
    this.inactive = inactive;
    this.constraints = constraints;
    this.order = order;
    Map<String, Integer> indices = new LinkedHashMap<>();
    for (Axis axis : axes) {
      indices.put(axis.dimension.name(), indices.size());
    }
    conditions =
        axes.stream()
            .map(axis -> axis.dimension.traits().condition().map(it -> Probe.of(it, axes, indices)))
            .toList();
    probes = constraints.stream().map(each -> Probe.of(each.condition(), axes, indices)).toList();
  }

  /** How many dimensions there are. */
  public int dimensions() {
    return axes.size();
  }

  /** How many values a category has; 0 for a number. */
  public int levels(int dimension) {
    return axes.get(dimension).levels;
  }

  /** How many values a dimension has; infinity for a real number. */
  public double steps(int dimension) {
    return axes.get(dimension).steps();
  }

  /** The coordinate of a value by its number, counted from 0; for dimensions with few values. */
  public double coordinate(int dimension, int step) {
    return axes.get(dimension).at(step);
  }

  /** Whether a coordinate is the mark of a dimension that is not active. */
  public boolean isMark(int dimension, double coordinate) {
    return axes.get(dimension).isMark(coordinate);
  }

  /** A coordinate of one dimension, at random. */
  public double draw(int dimension, RandomGenerator random) {
    return axes.get(dimension).draw(random);
  }

  /** The nearest coordinate that stands for a value of the dimension. */
  public double snap(int dimension, double coordinate) {
    Axis axis = axes.get(dimension);
    return axis.snap(axis.isCategory() ? coordinate : Math.clamp(coordinate, 0, 1));
  }

  /**
   * Coordinates of a point at random that keeps to the constraints.
   *
   * @throws NoFeasiblePoint if none was found
   */
  public double[] draw(RandomGenerator random) {
    double[] x = new double[axes.size()];
    for (int tries = 0; tries < DRAWS; tries++) {
      for (int i = 0; i < x.length; i++) {
        x[i] = axes.get(i).draw(random);
      }
      settle(x, random);
      if (isFeasible(x)) {
        return x;
      }
    }
    if (repair(x, random)) {
      return x;
    }
    Optional<Constraint> violated = violated(x);
    throw new NoFeasiblePoint(
        violated
            .map(one -> Part.constraint(constraints.indexOf(one), one))
            .orElse(Part.CONSTRAINTS),
        "no point was found that keeps to '%s' and the other constraints; loosen one of them"
            .formatted(violated.map(Constraint::toString).orElse("")));
  }

  /**
   * Makes coordinates those of a point that keeps to the constraints, near to what they were.
   *
   * @return false if that was not found
   */
  public boolean settleFeasible(double[] x, RandomGenerator random) {
    settle(x, random);
    return isFeasible(x) || repair(x, random);
  }

  /** Puts marks where dimensions are not active, and values where they are. */
  public void settle(double[] x, RandomGenerator random) {
    for (int i : order) {
      Axis axis = axes.get(i);
      Optional<Probe> condition = conditions.get(i);
      boolean absent =
          inactive != Inactive.EXPAND
              && condition.isPresent()
              && condition.get().at(x) != Truth.TRUE;
      if (absent) {
        x[i] = axis.mark();
      } else {
        x[i] = axis.isMark(x[i]) ? axis.draw(random) : snap(i, x[i]);
      }
    }
  }

  /** Whether coordinates keep to all constraints. */
  public boolean isFeasible(double[] x) {
    for (Probe probe : probes) {
      if (probe.at(x) == Truth.FALSE) {
        return false;
      }
    }
    return true;
  }

  /** The first constraint that coordinates do not keep to. */
  Optional<Constraint> violated(double[] x) {
    for (int i = 0; i < probes.size(); i++) {
      if (probes.get(i).at(x) == Truth.FALSE) {
        return Optional.of(constraints.get(i));
      }
    }
    return Optional.empty();
  }

  private boolean repair(double[] x, RandomGenerator random) {
    return new Repair(this, probes).repair(x, random);
  }

  /**
   * What to learn from: the coordinates, with marks also where a condition says that a value is
   * without effect.
   */
  public double[] row(double[] x) {
    double[] row = x.clone();
    if (inactive == Inactive.EXPAND) {
      for (int i : order) {
        if (conditions.get(i).isPresent() && conditions.get(i).get().at(row) != Truth.TRUE) {
          row[i] = axes.get(i).mark();
        }
      }
    }
    return row;
  }

  /** How many levels a forest has to know of each dimension: those of its values, and the mark. */
  public int[] rowLevels() {
    int[] levels = new int[axes.size()];
    for (int i = 0; i < levels.length; i++) {
      int all = axes.get(i).isCategory() ? axes.get(i).levels + 1 : 0;
      levels[i] = all > 64 ? 0 : all; // so many have to do with an order
    }
    return levels;
  }

  /** The point at settled coordinates. */
  public Point point(double[] x) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (int i = 0; i < x.length; i++) {
      Axis axis = axes.get(i);
      if (!axis.isMark(x[i])) {
        values.put(axis.dimension.name(), axis.value(x[i]));
      } else if (inactive == Inactive.ENCODE) {
        values.put(axis.dimension.name(), Inactive.MARK);
      }
    }
    return new Point(values);
  }

  /**
   * The coordinates of a point.
   *
   * @throws OutsideSpace if it is none of this space
   */
  public double[] coordinates(Point point) {
    double[] x = new double[axes.size()];
    Arrays.fill(x, Double.NaN);
    List<String> known = new ArrayList<>();
    for (int i : order) {
      Axis axis = axes.get(i);
      String name = axis.dimension.name();
      known.add(name);
      Optional<Value> value = point.value(name).filter(it -> !isMark(axis, it));
      boolean active =
          inactive == Inactive.EXPAND
              || conditions.get(i).map(it -> it.at(x) == Truth.TRUE).orElse(true);
      if (active && value.isEmpty()) {
        throw new OutsideSpace(
            "%s is missing; it must be %s".formatted(name, axis.dimension.range()));
      }
      if (!active && value.isPresent()) {
        throw new OutsideSpace(
            "%s must not be there, for its condition is not met; was %s"
                .formatted(name, value.get()));
      }
      if (value.isPresent() && !axis.dimension.holds(value.get())) {
        throw new OutsideSpace(
            "%s must be %s, was %s".formatted(name, axis.dimension.range(), value.get()));
      }
      x[i] = value.map(axis::coordinate).orElse(axis.mark());
    }
    for (String name : point.values().keySet()) {
      if (!known.contains(name)) {
        throw new OutsideSpace("unknown dimension %s; known here: %s".formatted(name, known));
      }
    }
    return x;
  }

  private boolean isMark(Axis axis, Value value) {
    return inactive == Inactive.ENCODE
        && value.equals(Inactive.MARK)
        && !axis.dimension.holds(value);
  }

  List<Axis> axes() {
    return axes;
  }

  List<Optional<Probe>> conditions() {
    return conditions;
  }

  List<Integer> order() {
    return order;
  }
}
