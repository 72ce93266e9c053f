package dev.belay.bench.optimizer;

import static dev.belay.bench.optimizer.Problem.number;
import static dev.belay.bench.optimizer.Problem.text;

import dev.belay.chaos.space.Condition;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.Traits;
import dev.belay.chaos.space.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Landscapes: functions that all who optimize are measured with, turned so that more is better. */
final class Dense {
  private static final double[] ALPHA = {1.0, 1.2, 3.0, 3.2};

  private static final double[][] A = {
    {10, 3, 17, 3.5, 1.7, 8},
    {0.05, 10, 17, 0.1, 8, 14},
    {3, 3.5, 1.7, 10, 17, 8},
    {17, 8, 0.05, 10, 0.1, 14}
  };

  private static final double[][] P = {
    {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
    {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
    {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
    {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}
  };

  private Dense() {}

  /** All, moved by a variant so that no optimum is known beforehand; 0 moves nothing. */
  static List<Problem> all(int variant) {
    return List.of(branin(variant), hartmann(variant), ackley(variant), mixed(variant));
  }

  private static double[] shift(int variant, int count, double most) {
    SplittableRandom random = new SplittableRandom(variant);
    double[] shift = new double[count];
    for (int i = 0; i < count && variant > 0; i++) {
      shift[i] = most * (2 * random.nextDouble() - 1);
    }
    return shift;
  }

  private static Problem problem(
      String name, List<Dimension> dimensions, Score score, double goal) {
    SearchSpace space = SearchSpace.of(dimensions.toArray(Dimension[]::new));
    return new Problem(name, space, score::of, goal, point -> 0, false);
  }

  private interface Score {
    double of(Point point);
  }

  private static Problem branin(int variant) {
    double[] shift = shift(variant, 2, 1.5);
    return problem(
        "branin",
        List.of(Dimension.Real.of("x", -5, 10), Dimension.Real.of("y", 0, 15)),
        point -> {
          double x = number(point, "x", 0) + shift[0];
          double y = number(point, "y", 0) + shift[1];
          double bend = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
          return -(bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10);
        },
        -0.6);
  }

  private static double hartmann(double[] x) {
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      double inner = 0;
      for (int j = 0; j < 6; j++) {
        inner += A[i][j] * (x[j] - P[i][j]) * (x[j] - P[i][j]);
      }
      sum += ALPHA[i] * Math.exp(-inner);
    }
    return sum;
  }

  private static List<Dimension> reals(int count, double low, double high) {
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      dimensions.add(Dimension.Real.of("x" + i, low, high));
    }
    return dimensions;
  }

  private static Problem hartmann(int variant) {
    double[] shift = shift(variant, 6, 0.1);
    return problem(
        "hartmann6",
        reals(6, 0, 1),
        point -> {
          double[] x = new double[6];
          for (int i = 0; i < 6; i++) {
            x[i] = number(point, "x" + i, 0) + shift[i];
          }
          return hartmann(x);
        },
        2.6);
  }

  private static Problem ackley(int variant) {
    double[] shift = shift(variant, 10, 3);
    return problem(
        "ackley10",
        reals(10, -5, 10),
        point -> {
          double squares = 0;
          double waves = 0;
          for (int i = 0; i < 10; i++) {
            double x = number(point, "x" + i, 0) - shift[i];
            squares += x * x;
            waves += Math.cos(2 * Math.PI * x);
          }
          return 20 * Math.exp(-0.2 * Math.sqrt(squares / 10)) + Math.exp(waves / 10) - 20 - Math.E;
        },
        -6);
  }

  /** Eleven dimensions: categories, whole numbers, a condition, two that do nothing, noise. */
  private static Problem mixed(int variant) {
    double[] shift = shift(variant, 6, 0.08);
    List<Dimension> dimensions = new ArrayList<>(reals(4, 0, 1));
    dimensions.add(Dimension.Whole.of("steps", 0, 10));
    dimensions.add(Dimension.Categorical.of("shape", "a", "b", "c", "d"));
    dimensions.add(Dimension.Categorical.of("mode", "plain", "tuned"));
    dimensions.add(
        new Dimension.Real(
            Traits.named("tuning")
                .when(Condition.Compare.of("mode", Condition.Operator.IS, Value.of("tuned"))),
            0,
            1,
            false));
    dimensions.add(new Dimension.Real(Traits.named("ratio"), 0.001, 1, true));
    dimensions.add(Dimension.Real.of("idle0", 0, 1));
    dimensions.add(Dimension.Categorical.of("idle1", "p", "q", "r"));
    return problem(
        "mixed",
        dimensions,
        point -> {
          double[] x = new double[6];
          for (int i = 0; i < 4; i++) {
            x[i] = number(point, "x" + i, 0) + shift[i];
          }
          x[4] = number(point, "steps", 0) / 10 + shift[4];
          x[5] = (Math.log10(number(point, "ratio", 1)) + 3) / 3 + shift[5];
          double factor =
              switch (text(point, "shape")) {
                case "a" -> 0.7;
                case "b" -> 1;
                case "c" -> 0.85;
                default -> 0.5;
              };
          double off = number(point, "tuning", 0.5) - 0.7;
          double tuned = text(point, "mode").equals("tuned") ? 0.4 - 2 * off * off : 0;
          return factor * hartmann(x) + tuned;
        },
        2.4);
  }
}
