package dev.belay.chaos.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Spaces at random: up to eight dimensions, conditions on earlier ones, constraints. */
public final class Spaces {
  private static final List<Condition.Operator> ORDERS =
      List.of(
          Condition.Operator.ABOVE,
          Condition.Operator.AT_LEAST,
          Condition.Operator.BELOW,
          Condition.Operator.AT_MOST);

  private Spaces() {}

  /** One that has a point. */
  public static SearchSpace any(RandomGenerator random) {
    return feasible(random, random.nextInt(3) == 0);
  }

  /** One without real numbers. */
  public static SearchSpace anyDiscrete(RandomGenerator random) {
    return feasible(random, true);
  }

  private static SearchSpace feasible(RandomGenerator random, boolean discrete) {
    NoFeasiblePoint last = new NoFeasiblePoint(Part.CONSTRAINTS, "none tried");
    for (int tries = 0; tries < 100; tries++) {
      try {
        return attempt(random, discrete);
      } catch (NoFeasiblePoint contradictory) {
        last = contradictory;
      }
    }
    throw last;
  }

  private static SearchSpace attempt(RandomGenerator random, boolean discrete) {
    List<Dimension> dimensions = new ArrayList<>();
    int count = 1 + random.nextInt(discrete ? 4 : 8);
    for (int i = 0; i < count; i++) {
      Traits traits = Traits.named("d" + i);
      if (i > 0 && random.nextInt(3) == 0) {
        traits = traits.when(term(dimensions.get(random.nextInt(i)), random));
      }
      dimensions.add(dimension(traits, random, discrete));
    }
    List<Constraint> constraints = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Condition premise = term(dimensions.get(random.nextInt(count)), random);
      Condition conclusion = term(dimensions.get(random.nextInt(count)), random);
      Condition rule =
          switch (random.nextInt(3)) {
            case 0 -> Constraint.implies(premise, conclusion);
            case 1 -> new Condition.Any(List.of(premise, conclusion));
            default -> new Condition.Not(new Condition.All(List.of(premise, conclusion)));
          };
      constraints.add(new Constraint("c" + i, rule.toString(), rule));
    }
    Inactive inactive = List.of(Inactive.values()).get(random.nextInt(3));
    return new SearchSpace("any", dimensions, constraints, inactive);
  }

  private static Dimension dimension(Traits traits, RandomGenerator random, boolean discrete) {
    return switch (random.nextInt(discrete ? 2 : 3)) {
      case 0 -> {
        List<Value> values = new ArrayList<>();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
          values.add(Value.of("v" + i));
        }
        yield new Dimension.Categorical(traits, values);
      }
      case 1 -> {
        long low = random.nextInt(-20, 20);
        long width = discrete ? 1 + random.nextInt(4) : 1 + random.nextInt(3000);
        yield new Dimension.Whole(traits, low, low + width, low > 0 && random.nextBoolean());
      }
      default -> {
        double low = random.nextDouble(-1, 1) * Math.pow(10, random.nextInt(-3, 4));
        double high = low + random.nextDouble(0.001, 1) * Math.pow(10, random.nextInt(-3, 5));
        yield new Dimension.Real(traits, low, high, low > 0 && random.nextBoolean());
      }
    };
  }

  private static Condition term(Dimension dimension, RandomGenerator random) {
    if (dimension instanceof Dimension.Categorical category) {
      Value value = category.values().get(random.nextInt(category.values().size()));
      Condition.Operator operator =
          random.nextBoolean() ? Condition.Operator.IS : Condition.Operator.NOT_IN;
      return Condition.Compare.of(category.name(), operator, value);
    }
    Axis axis = new Axis(dimension);
    Value value = Value.of(axis.number(random.nextDouble()));
    return Condition.Compare.of(dimension.name(), ORDERS.get(random.nextInt(ORDERS.size())), value);
  }

  /** What a condition is at a point, worked out from the values alone. */
  static Optional<Boolean> truth(Condition condition, Point point) {
    return switch (condition) {
      case Condition.Compare compare ->
          point
              .value(compare.field())
              .filter(value -> !value.equals(Inactive.MARK))
              .map(value -> holds(compare, value));
      case Condition.On on -> point.value(on.field()).map(Condition.On::isOn);
      case Condition.Not not -> truth(not.condition(), point).map(it -> !it);
      case Condition.All all -> {
        List<Optional<Boolean>> parts =
            all.conditions().stream().map(c -> truth(c, point)).toList();
        yield parts.contains(Optional.of(false))
            ? Optional.of(false)
            : parts.contains(Optional.<Boolean>empty()) ? Optional.empty() : Optional.of(true);
      }
      case Condition.Any any -> {
        List<Optional<Boolean>> parts =
            any.conditions().stream().map(c -> truth(c, point)).toList();
        yield parts.contains(Optional.of(true))
            ? Optional.of(true)
            : parts.contains(Optional.<Boolean>empty()) ? Optional.empty() : Optional.of(false);
      }
    };
  }

  private static boolean holds(Condition.Compare compare, Value value) {
    Value first = compare.values().getFirst();
    double number = value instanceof Value.Numeric one ? one.number() : Double.NaN;
    double other = first instanceof Value.Numeric one ? one.number() : Double.NaN;
    return switch (compare.operator()) {
      case IS -> value.equals(first);
      case IS_NOT -> !value.equals(first);
      case IN -> compare.values().contains(value);
      case NOT_IN -> !compare.values().contains(value);
      case ABOVE -> number > other;
      case AT_LEAST -> number >= other;
      case BELOW -> number < other;
      case AT_MOST -> number <= other;
    };
  }

  /** Whether a point is one of a space, worked out from the values alone. */
  public static boolean contains(SearchSpace space, Point point) {
    for (Dimension dimension : space.dimensions()) {
      Optional<Value> value = point.value(dimension.name());
      boolean active =
          space.inactive() == Inactive.EXPAND
              || dimension
                  .traits()
                  .condition()
                  .map(it -> truth(it, point).orElse(false))
                  .orElse(true);
      boolean right =
          active
              ? value.map(dimension::holds).orElse(false)
              : value.equals(
                  space.inactive() == Inactive.ENCODE
                      ? Optional.of(Inactive.MARK)
                      : Optional.<Value>empty());
      if (!right) {
        return false;
      }
    }
    return space.constraints().stream().allMatch(it -> truth(it.condition(), point).orElse(true));
  }
}
