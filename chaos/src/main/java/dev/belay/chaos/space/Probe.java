package dev.belay.chaos.space;

import dev.belay.chaos.space.Condition.Operator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A condition that is bound to the axes of a space, so that it can be asked for coordinates. */
sealed interface Probe {

  /** What it is at some coordinates. */
  Truth at(double[] x);

  /** Changes coordinates so that it becomes true or false by itself, if that can be. */
  void bend(double[] x, boolean wanted, RandomGenerator random);

  /** Binds a condition. */
  static Probe of(Condition condition, List<Axis> axes, Map<String, Integer> indices) {
    return switch (condition) {
      case Condition.Compare compare -> {
        int index = index(compare.field(), indices);
        Axis axis = axes.get(index);
        yield axis.isCategory()
            ? new Levels(index, axis, Levels.where(axis, value -> holds(compare, value)))
            : new Threshold(index, axis, compare);
      }
      case Condition.On on -> {
        int index = index(on.field(), indices);
        Axis axis = axes.get(index);
        yield axis.isCategory()
            ? new Levels(index, axis, Levels.where(axis, Condition.On::isOn))
            : new Threshold(
                index, axis, Condition.Compare.of(on.field(), Operator.IS_NOT, Value.of(0)));
      }
      case Condition.Not not -> new Not(of(not.condition(), axes, indices));
      case Condition.All all -> new Group(true, all(all.conditions(), axes, indices));
      case Condition.Any any -> new Group(false, all(any.conditions(), axes, indices));
    };
  }

  private static List<Probe> all(
      List<Condition> conditions, List<Axis> axes, Map<String, Integer> indices) {
    return conditions.stream().map(each -> of(each, axes, indices)).toList();
  }

  private static int index(String field, Map<String, Integer> indices) {
    Integer index = indices.get(field);
    if (index == null) {
      throw new InvalidSpace(
          "unknown dimension %s; known here: %s".formatted(field, indices.keySet()));
    }
    return index;
  }

  private static boolean holds(Condition.Compare compare, Value value) {
    Value first = compare.values().getFirst();
    return switch (compare.operator()) {
      case IS -> value.equals(first);
      case IS_NOT -> !value.equals(first);
      case IN -> compare.values().contains(value);
      case NOT_IN -> !compare.values().contains(value);
      case ABOVE, AT_LEAST, BELOW, AT_MOST ->
          value instanceof Value.Numeric number && Threshold.holds(compare, number.number());
    };
  }

  /** A category is one of some levels. */
  record Levels(int index, Axis axis, List<Boolean> holding) implements Probe {
    static List<Boolean> where(Axis axis, java.util.function.Predicate<Value> holds) {
      return axis.values().stream().map(holds::test).toList();
    }

    @Override
    public Truth at(double[] x) {
      return axis.isMark(x[index]) ? Truth.UNKNOWN : Truth.of(holding.get((int) x[index]));
    }

    @Override
    public void bend(double[] x, boolean wanted, RandomGenerator random) {
      int start = random.nextInt(axis.levels);
      for (int i = 0; i < axis.levels; i++) {
        int level = (start + i) % axis.levels;
        if (holding.get(level) == wanted) {
          x[index] = level;
          return;
        }
      }
    }
  }

  /** A number beside others. */
  record Threshold(int index, Axis axis, Condition.Compare compare) implements Probe {
    static boolean holds(Condition.Compare compare, double number) {
      double first = compare.values().getFirst() instanceof Value.Numeric one ? one.number() : 0;
      return switch (compare.operator()) {
        case IS -> number == first;
        case IS_NOT -> number != first;
        case ABOVE -> number > first;
        case AT_LEAST -> number >= first;
        case BELOW -> number < first;
        case AT_MOST -> number <= first;
        case IN -> compare.values().contains(Value.of(number));
        case NOT_IN -> !compare.values().contains(Value.of(number));
      };
    }

    @Override
    public Truth at(double[] x) {
      return axis.isMark(x[index])
          ? Truth.UNKNOWN
          : Truth.of(holds(compare, axis.number(x[index])));
    }

    /** To the border or anywhere beyond it. */
    @Override
    public void bend(double[] x, boolean wanted, RandomGenerator random) {
      Value any = compare.values().get(random.nextInt(compare.values().size()));
      double border = any instanceof Value.Numeric number ? number.number() : 0;
      double at = axis.toCoordinate(border);
      double step = axis.step(border);
      double[] tries = {
        at + random.nextDouble() * (1 - at),
        at * random.nextDouble(),
        at,
        axis.toCoordinate(border + step),
        axis.toCoordinate(border - step),
        0,
        1
      };
      int start = random.nextInt(tries.length);
      for (int i = 0; i < tries.length; i++) {
        double there = axis.snap(tries[(start + i) % tries.length]);
        if (holds(compare, axis.number(there)) == wanted) {
          x[index] = there;
          return;
        }
      }
    }
  }

  /** The opposite. */
  record Not(Probe probe) implements Probe {
    @Override
    public Truth at(double[] x) {
      return probe.at(x).not();
    }

    @Override
    public void bend(double[] x, boolean wanted, RandomGenerator random) {
      probe.bend(x, !wanted, random);
    }
  }

  /** All or any of some. */
  record Group(boolean isAll, List<Probe> probes) implements Probe {
    @Override
    public Truth at(double[] x) {
      Truth sum = isAll ? Truth.TRUE : Truth.FALSE;
      for (Probe probe : probes) {
        Truth one = probe.at(x);
        if (isAll ? one.compareTo(sum) < 0 : one.compareTo(sum) > 0) {
          sum = one;
        }
      }
      return sum;
    }

    @Override
    public void bend(double[] x, boolean wanted, RandomGenerator random) {
      if (wanted == isAll) {
        Truth against = Truth.of(!wanted);
        for (Probe probe : probes) {
          if (probe.at(x) == against) {
            probe.bend(x, wanted, random);
          }
        }
      } else if (!probes.isEmpty()) {
        probes.get(random.nextInt(probes.size())).bend(x, wanted, random);
      }
    }
  }
}
