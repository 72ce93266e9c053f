package dev.belay.chaos.propose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The forest beside the one of scikit-learn on the same data; what that one reaches was written
 * down by {@code tools/forest-golden}.
 */
class ForestGoldenTest {
  private static final int SEEDS = 10;

  /** The same numbers as in the script: a linear congruence of 32 bits. */
  private static final class Numbers {
    private long state;

    Numbers(long seed) {
      state = seed;
    }

    double next() {
      state = (state * 1664525 + 1013904223) & 0xFFFFFFFFL;
      return state / 4294967296.0;
    }
  }

  /** A function of so many numbers in 0 to 1, read with so much noise. */
  record DataSet(String name, ToDoubleFunction<double[]> function, int width, double noise) {
    double error(Growth growth, int seed) {
      Numbers numbers = new Numbers(1000L * SETS.indexOf(this) + seed);
      Samples samples = new Samples(new int[width]);
      for (int i = 0; i < 200; i++) {
        double[] x = row(numbers);
        samples.add(x, function.applyAsDouble(x) + noise * 2 * (numbers.next() - 0.5));
      }
      Forest forest = Forest.fit(samples, growth, seed);
      double squares = 0;
      for (int i = 0; i < 1000; i++) {
        double[] x = row(numbers);
        numbers.next();
        double off = forest.predict(x).mean() - function.applyAsDouble(x);
        squares += off * off / 1000;
      }
      return Math.sqrt(squares);
    }

    private double[] row(Numbers numbers) {
      double[] x = new double[width];
      Arrays.setAll(x, i -> numbers.next());
      return x;
    }
  }

  private static final List<DataSet> SETS =
      List.of(
          new DataSet("friedman", ForestGoldenTest::friedman, 10, 0.5),
          new DataSet("branin", ForestGoldenTest::branin, 2, 5),
          new DataSet("bowl", ForestGoldenTest::bowl, 6, 0.05),
          new DataSet("window", ForestGoldenTest::window, 12, 0.4),
          new DataSet("steps", ForestGoldenTest::steps, 8, 0.2));

  private static double friedman(double[] x) {
    return 10 * Math.sin(Math.PI * x[0] * x[1])
        + 20 * (x[2] - 0.5) * (x[2] - 0.5)
        + 10 * x[3]
        + 5 * x[4];
  }

  private static double branin(double[] x) {
    double a = 15 * x[0] - 5;
    double b = 15 * x[1];
    double bend = b - 5.1 / (4 * Math.PI * Math.PI) * a * a + 5 / Math.PI * a - 6;
    return bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
  }

  private static double bowl(double[] x) {
    return Arrays.stream(x).map(one -> (one - 0.3) * (one - 0.3)).sum();
  }

  private static double window(double[] x) {
    double deep = x[0] >= 0.3 && x[0] <= 0.6 && x[1] > 0.5 ? 8 : 0;
    return deep + (x[2] > 0.8 ? 2 : 0);
  }

  private static double steps(double[] x) {
    return Math.floor(4 * x[0]) + Math.floor(3 * x[1]) * Math.floor(2 * x[2]);
  }

  static Stream<Arguments> reached() throws IOException {
    try (InputStream file = ForestGoldenTest.class.getResourceAsStream("forest-golden.csv")) {
      String text =
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(",", -1))
          .map(row ->
              Arguments.of(
                  Named.of(
                      row[0],
                      SETS.stream().filter(it -> it.name().equals(row[0])).findFirst().get()),
                  row[1],
                  Double.parseDouble(row[2])));
    }
  }

  @ParameterizedTest
  @MethodSource("reached")
  void errsAtMostATwentiethMoreThanTheWellKnownForest(DataSet set, String kind, double reached) {
    Growth growth = kind.equals("CART") ? new Growth(100, 3, 1, true, false, 1e-4) : Growth.EXTRA;
    double error = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      error += set.error(growth, seed) / SEEDS;
    }
    assertThat(error).isPositive().isLessThanOrEqualTo(1.05 * reached);
  }
}
