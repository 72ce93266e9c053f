package dev.belay.chaos.propose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Cases;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GaussianProcessTest {
  private static final SearchSpace PLANE =
      SearchSpace.of(Dimension.Real.of("x", 0, 1), Dimension.Real.of("y", 0, 1));

  private static Study study(int size, long seed, ToDoubleFunction<double[]> score) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Tried> history = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      double[] x = PLANE.chart().draw(random);
      history.add(Tried.scored(PLANE.chart().point(x), score.applyAsDouble(x)));
    }
    return new Study(PLANE, history);
  }

  private static RandomGenerator chance(RandomGenerator random) {
    return new SplittableRandom(random.nextLong());
  }

  private static double[][] positive(int size, RandomGenerator random) {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      double[] row = new double[size];
      for (int j = 0; j < size; j++) {
        row[j] = random.nextGaussian();
      }
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < size; k++) {
          matrix[j][k] += row[j] * row[k] + (j == k ? 0.1 : 0);
        }
      }
    }
    return matrix;
  }

  @Test
  void aDecompositionSolvesWhatItDecomposed() {
    Cases.check(
        100,
        GaussianProcessTest::chance,
        random -> {
          int size = 1 + random.nextInt(12);
          double[][] matrix = positive(size, random);
          double[] right = random.doubles(size, -1, 1).toArray();

          Cholesky parts = Cholesky.of(matrix);
          double[] solved = parts.solve(right);
          double[][] inverse = parts.inverse();

          for (int i = 0; i < size; i++) {
            double back = 0;
            double same = 0;
            for (int j = 0; j < size; j++) {
              back += matrix[i][j] * solved[j];
              same += inverse[Math.max(i, j)][Math.min(i, j)] * right[j];
            }
            assertThat(back).isEqualTo(right[i], within(1e-6));
            assertThat(same).isEqualTo(solved[i], within(1e-6 * (1 + Math.abs(same))));
          }
        });
  }

  @Test
  void likenessFallsWithDistanceAsItsSlopeSays() {
    Cases.check(
        100,
        GaussianProcessTest::chance,
        random -> {
          double at = random.nextDouble(0.01, 4);
          double step = 1e-6;
          double measured = (Kernel.of(at + step) - Kernel.of(at - step)) / (2 * step);

          assertThat(Kernel.of(at)).isBetween(0.0, 1.0);
          assertThat(Kernel.slope(at)).isEqualTo(measured, within(1e-6));
        });
  }

  @Test
  void whatDoesNotMatterWeighsLess() {
    Study study = study(40, 4, x -> Math.sin(6 * x[0]));
    double[] scores = study.scores.stream().mapToDouble(score -> score).toArray();

    Relevance learned = Relevance.of(PLANE.chart(), study.rows, scores);

    assertThat(learned.weights()[0]).isGreaterThan(20 * learned.weights()[1]);
    assertThat(learned.noise()).isLessThan(0.05);
  }

  @Test
  void noiseIsToldFromWhatTheDimensionsDo() {
    SplittableRandom random = new SplittableRandom(9);
    Study study = study(60, 5, x -> 0.8 * random.nextGaussian() + 0.2 * x[0]);
    double[] scores = study.scores.stream().mapToDouble(score -> score).toArray();

    Relevance learned = Relevance.of(PLANE.chart(), study.rows, scores);

    assertThat(learned.noise()).isGreaterThan(0.1);
  }

  @Test
  void moreIsExpectedOnTheSlopeThanAtTheFoot() {
    GaussianProcess process = GaussianProcess.of(study(25, 6, x -> -sum(x)));

    assertThat(process.improvement(new double[] {0.71, 0.29}))
        .isGreaterThan(10 * process.improvement(new double[] {0.05, 0.95}));
  }

  private static double sum(double[] x) {
    return (x[0] - 0.7) * (x[0] - 0.7) + (x[1] - 0.3) * (x[1] - 0.3);
  }

  @Test
  void aModelOfEqualScoresIsOneToo() {
    GaussianProcess process = GaussianProcess.of(study(12, 7, x -> 3));

    assertThat(process.improvement(new double[] {0.5, 0.5})).isBetween(0.0, 10.0);
  }

  @Test
  void smoothLandscapesAreClimbedInFewTrials() {
    Cases.check(
        20,
        GaussianProcessTest::chance,
        random -> {
          double x = random.nextDouble(0.1, 0.9);
          double y = random.nextDouble(0.1, 0.9);
          Optimizer optimizer = new Optimizer(PLANE, new Portfolio(), random.nextLong());
          double best = Double.NEGATIVE_INFINITY;
          for (int trial = 0; trial < 40; trial++) {
            Point point = optimizer.ask().point();
            double[] at = PLANE.chart().coordinates(point);
            double score = -Math.hypot(at[0] - x, at[1] - y);
            optimizer.tell(point, score);
            best = Math.max(best, score);
          }

          assertThat(best).isGreaterThan(-0.03);
        });
  }
}
