package dev.belay.chaos.propose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Cases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ForestTest {
  private static final Growth WHOLE = new Growth(20, 1, 1, false, false, 0);

  /** Features: a number, a category of 4, a number that takes few values. */
  private record World(List<double[]> rows, List<Double> targets, Growth growth, long seed) {
    Samples samples() {
      Samples samples = new Samples(0, 4, 0);
      for (int i = 0; i < rows.size(); i++) {
        samples.add(rows.get(i), targets.get(i));
      }
      return samples;
    }

    Forest forest() {
      return Forest.fit(samples(), growth, seed);
    }
  }

  private static World anyWorld(RandomGenerator random) {
    List<double[]> rows = new ArrayList<>();
    List<Double> targets = new ArrayList<>();
    int size = 1 + random.nextInt(60);
    for (int i = 0; i < size; i++) {
      double[] row = anyRow(random);
      rows.add(row);
      targets.add(random.nextInt(3) == 0 ? 0 : 10 * row[0] + row[1] * row[2] + random.nextDouble());
    }
    Growth growth =
        new Growth(
            1 + random.nextInt(20),
            1 + random.nextInt(4),
            0.1 + 0.9 * random.nextDouble(),
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextBoolean() ? 0 : 0.1);
    return new World(rows, targets, growth, random.nextLong());
  }

  private static double[] anyRow(RandomGenerator random) {
    return new double[] {random.nextDouble(), random.nextInt(4), random.nextInt(3)};
  }

  @Test
  void staysWithinTheRangeOfTheTargets() {
    Cases.check(
        300,
        random -> new Object[] {anyWorld(random), anyRow(random)},
        both -> {
          World world = (World) both[0];
          Forest.Prediction got = world.forest().predict((double[]) both[1]);
          double least = world.targets().stream().mapToDouble(d -> d).min().orElseThrow();
          double most = world.targets().stream().mapToDouble(d -> d).max().orElseThrow();
          assertThat(got.mean()).isBetween(least - 1e-9, most + 1e-9);
          double half = (most - least) / 2;
          assertThat(got.variance())
              .isBetween(0.0, Math.max(half * half, 0) + world.growth().varianceFloor() + 1e-9);
        });
  }

  @Test
  void givesTheTargetOfALeafThatHoldsNothingElse() {
    Cases.check(
        100,
        ForestTest::anyWorld,
        world -> {
          Samples samples = new Samples(0, 4, 0);
          for (int i = 0; i < world.rows().size(); i++) {
            double[] row = world.rows().get(i).clone();
            row[0] = i; // no row twice
            samples.add(row, world.targets().get(i));
          }
          for (boolean cuts : new boolean[] {false, true}) {
            Forest forest = Forest.fit(samples, new Growth(9, 1, 1, false, cuts, 0), world.seed());
            for (int i = 0; i < samples.size(); i++) {
              double[] row = world.rows().get(i).clone();
              row[0] = i;
              Forest.Prediction got = forest.predict(row);
              assertThat(got.mean()).isCloseTo(samples.target(i), within(1e-5));
              assertThat(got.variance()).isCloseTo(0, within(1e-5));
            }
          }
        });
  }

  @Test
  void takesAWeightOfTwoForTheSameSampleTwice() {
    Cases.check(
        200,
        random -> new Object[] {anyWorld(random), anyRow(random), random.nextLong()},
        three -> {
          World world = (World) three[0];
          Samples weighted = new Samples(0, 4, 0);
          Samples doubled = new Samples(0, 4, 0);
          long twice = (Long) three[2];
          for (int i = 0; i < world.rows().size(); i++) {
            double[] row = world.rows().get(i);
            double target = Math.rint(world.targets().get(i)); // sums without rounding
            boolean isTwice = (twice >>> i & 1) != 0;
            weighted.add(row, target, isTwice ? 2 : 1);
            doubled.add(row, target);
            if (isTwice) {
              doubled.add(row, target);
            }
          }
          double[] row = (double[]) three[1];
          Forest.Prediction once = Forest.fit(weighted, world.growth(), 3).predict(row);
          Forest.Prediction both = Forest.fit(doubled, world.growth(), 3).predict(row);
          assertThat(once.mean()).isCloseTo(both.mean(), within(1e-9));
          assertThat(once.variance()).isCloseTo(both.variance(), within(1e-9));
        });
  }

  @Test
  void doesNotMindTheNamesOfLevels() {
    Cases.check(
        100,
        ForestTest::anyWorld,
        world -> {
          Samples plain = new Samples(0, 4, 0);
          Samples renamed = new Samples(0, 4, 0);
          for (int i = 0; i < world.rows().size(); i++) {
            double[] row = world.rows().get(i);
            double target = i * Math.sqrt(2) % 1; // no two parts are equally good
            plain.add(row, target);
            renamed.add(new double[] {row[0], 3 - row[1], row[2]}, target);
          }
          Forest first = Forest.fit(plain, WHOLE, 8);
          Forest second = Forest.fit(renamed, WHOLE, 8);
          for (double[] row : world.rows()) { // levels that each node on their way has seen
            double[] other = {row[0], 3 - row[1], row[2]};
            assertThat(first.predict(row).mean())
                .isCloseTo(second.predict(other).mean(), within(1e-9));
          }
        });
  }

  @Test
  void doesNotMindTheOrderOfSamplesWhenItSeesThemAll() {
    Cases.check(
        100,
        random -> new Object[] {anyWorld(random), anyRow(random)},
        both -> {
          World world = (World) both[0];
          Samples forward = new Samples(0, 4, 0);
          Samples backward = new Samples(0, 4, 0);
          int size = world.rows().size();
          for (int i = 0; i < size; i++) {
            int last = size - 1 - i;
            forward.add(world.rows().get(i), Math.rint(world.targets().get(i) * 16));
            backward.add(world.rows().get(last), Math.rint(world.targets().get(last) * 16));
          }
          double[] row = (double[]) both[1];
          double first = Forest.fit(forward, WHOLE, 5).predict(row).mean();
          double second = Forest.fit(backward, WHOLE, 5).predict(row).mean();
          assertThat(first).isCloseTo(second, within(1e-9));
        });
  }

  @Test
  void isTheSameWhoeverGrowsItAndHowManyAtOnce() throws Exception {
    World world = anyWorld(new SplittableRandom(7));
    Forest alone = world.forest();
    List<Callable<Forest>> many = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      many.add(world::forest);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Forest> one : threads.invokeAll(many)) {
        for (double[] row : world.rows()) {
          assertThat(one.get().predict(row)).isEqualTo(alone.predict(row));
          assertThat(one.get().leaves(row)).isEqualTo(alone.leaves(row));
        }
      }
    }
  }

  @Test
  void predictsManyAsItPredictsEach() {
    Cases.check(
        50,
        ForestTest::anyWorld,
        world -> {
          Forest forest = world.forest();
          double[][] rows = world.rows().toArray(double[][]::new);
          double[] means = new double[rows.length];
          double[] variances = new double[rows.length];
          forest.predict(rows, rows.length, means, variances);
          for (int i = 0; i < rows.length; i++) {
            assertThat(forest.predict(rows[i]))
                .isEqualTo(new Forest.Prediction(means[i], variances[i]));
          }
        });
  }

  @Test
  void manyRowsFallIntoTheLeavesThatEachFallsInto() {
    Cases.check(
        200,
        random -> new Object[] {anyWorld(random), random.nextInt(40), random.nextLong()},
        three -> {
          World world = (World) three[0];
          RandomGenerator random = new SplittableRandom((Long) three[2]);
          Tree tree = new Grower(new Ranked(world.samples()), world.growth()).grow(world.seed());
          double[][] rows = new double[(Integer) three[1]][];
          double[][] columns = new double[3][rows.length];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextBoolean() ? anyRow(random) : world.rows().getFirst();
            for (int feature = 0; feature < 3; feature++) {
              columns[feature][i] = rows[i][feature];
            }
          }
          int[] leaves = new int[rows.length];

          tree.leavesOf(columns, leaves);

          assertThat(leaves).isEqualTo(Arrays.stream(rows).mapToInt(tree::leafOf).toArray());
        });
  }

  @Test
  void learnsACategoryThatAnOrderWouldHide() {
    Samples samples = new Samples(8, 0);
    for (int i = 0; i < 160; i++) {
      int level = i % 8;
      samples.add(new double[] {level, i}, level % 2 == 0 ? 10 : 0);
    }
    Tree tree = new Grower(new Ranked(samples), new Growth(1, 3, 1, false, false, 0)).grow(1);

    assertThat(tree.size()).as("one split by levels").isEqualTo(3);
    assertThat(tree.mean(tree.leafOf(new double[] {4, 0}))).isEqualTo(10);
    assertThat(tree.mean(tree.leafOf(new double[] {5, 0}))).isEqualTo(0);
  }

  @Test
  void isLessSureWhereItHasSeenLess() {
    Samples samples = new Samples(0);
    for (int i = 0; i < 50; i++) {
      samples.add(new double[] {i / 100.0}, 1);
    }
    samples.add(new double[] {0.8}, 9);
    samples.add(new double[] {1.0}, 2);
    Forest forest = Forest.fit(samples, Growth.CART.withMinLeaf(1), 4);

    assertThat(forest.predict(new double[] {0.9}).variance())
        .isGreaterThan(forest.predict(new double[] {0.2}).variance());
  }

  @Test
  void keepsTheFloorOfTheVariance() {
    Samples samples = new Samples(0);
    samples.add(new double[] {1}, 5);

    Forest.Prediction got = Forest.fit(samples, Growth.EXTRA, 1).predict(new double[] {3});

    assertThat(got.mean()).isEqualTo(5);
    assertThat(got.variance()).isCloseTo(1e-4, within(1e-12));
    assertThat(got.deviation()).isCloseTo(1e-2, within(1e-9));
  }

  @Test
  void findsLikeRowsInTheSameLeaves() {
    Samples samples = new Samples(0, 3);
    for (int i = 0; i < 60; i++) {
      samples.add(new double[] {i, i % 3}, i % 3 == 0 && i > 30 ? 8 : 0);
    }
    Forest forest = Forest.fit(samples, Growth.CART, 2);
    int[] spike = forest.leaves(new double[] {45, 0});

    assertThat(Forest.proximity(spike, spike)).isEqualTo(1);
    assertThat(Forest.proximity(spike, forest.leaves(new double[] {46, 0})))
        .isGreaterThan(Forest.proximity(spike, forest.leaves(new double[] {5, 1})));
    assertThat(forest.trees()).isEqualTo(100);
    assertThat(forest.features()).isEqualTo(2);
    assertThat(forest.nodes()).isGreaterThan(300);
  }

  @Test
  void refusesWhatItCannotLearnFrom() {
    Samples samples = new Samples(0, 2);

    assertThatThrownBy(() -> samples.add(new double[] {1}, 0))
        .hasMessage("row must have 2 features, had 1");
    assertThatThrownBy(() -> samples.add(new double[] {Double.NaN, 0}, 0))
        .hasMessage("feature 0 must be finite, was NaN");
    assertThatThrownBy(() -> samples.add(new double[] {0, 2}, 0))
        .hasMessage("feature 1 must be a level in 0..1, was 2.0");
    assertThatThrownBy(() -> samples.add(new double[] {0, 0.5}, 0))
        .hasMessage("feature 1 must be a level in 0..1, was 0.5");
    assertThatThrownBy(() -> samples.add(new double[] {0, 0}, Double.POSITIVE_INFINITY))
        .hasMessage("target must be finite, was Infinity");
    assertThatThrownBy(() -> samples.add(new double[] {0, 0}, 1, 0))
        .hasMessage("weight must be above 0 and below 1e9, was 0.0");
    assertThatThrownBy(() -> Forest.fit(samples, Growth.CART, 1))
        .hasMessage("a forest needs a sample, there was none");
    assertThatThrownBy(() -> new Samples()).hasMessageContaining("must be a feature");
    assertThatThrownBy(() -> new Samples(65)).hasMessageContaining("0..64");
    assertThatThrownBy(() -> new Growth(0, 1, 1, true, true, 0)).hasMessageContaining("trees");
    assertThatThrownBy(() -> new Growth(1, 0, 1, true, true, 0)).hasMessageContaining("leaf");
    assertThatThrownBy(() -> new Growth(1, 1, 0, true, true, 0)).hasMessageContaining("share");
    assertThatThrownBy(() -> new Growth(1, 1, 1, true, true, -1)).hasMessageContaining("floor");
    samples.add(new double[] {0, 0}, 1);
    Forest forest = Forest.fit(samples, Growth.CART.withTrees(3), 1);
    assertThatThrownBy(() -> forest.predict(new double[] {1}))
        .hasMessage("row must have 2 features, had 1");
  }
}
