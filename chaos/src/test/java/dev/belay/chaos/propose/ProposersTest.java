package dev.belay.chaos.propose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.Spaces;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ProposersTest {
  private static final List<Proposer> ALL =
      List.of(
          new RandomSearch(),
          new LatinHypercube(8),
          Coverage.ofPairs(),
          Coverage.ofTriples(),
          new RandomForestEi(5),
          new Portfolio());

  private static final SearchSpace MIXED =
      SearchSpace.of(
          Dimension.Categorical.of("kind", "a", "b", "c", "d"),
          Dimension.Real.of("x", 0, 1),
          Dimension.Whole.of("n", 0, 100));

  /** Readings at random, some trials that could not be made. */
  private static void search(SearchSpace space, Proposer proposer, long seed, int trials) {
    Optimizer optimizer = new Optimizer(space, proposer, seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < trials; i++) {
      Point point = optimizer.ask().point();
      assertThat(Spaces.contains(space, point)).as("%s of %s", point, space).isTrue();
      if (random.nextInt(10) == 0) {
        optimizer.fail(point);
      } else {
        optimizer.tell(point, random.nextInt(3) == 0 ? 10 * random.nextDouble() : 0);
      }
    }
  }

  @Test
  void proposeNothingOutsideTheirSpace() {
    Cases.check(
        1500,
        random -> Map.entry(Spaces.any(random), random.nextLong()),
        pair -> {
          for (Proposer proposer : ALL) {
            search(pair.getKey(), proposer, pair.getValue(), 12);
          }
        });
  }

  @Test
  void repeatNothingWhileSomethingIsLeft() {
    Cases.check(
        60,
        random -> Map.entry(Spaces.anyDiscrete(random), random.nextLong()),
        pair -> {
          SearchSpace space = pair.getKey();
          int points = pointsOf(space).size();
          for (Proposer proposer : ALL) {
            Optimizer optimizer = new Optimizer(space, proposer, pair.getValue());
            Set<Point> seen = new HashSet<>();
            for (int i = 0; i < Math.min(points, 40); i++) {
              Point point = optimizer.ask().point();
              assertThat(seen.add(point)).as("%s again, %d of %d", point, i, points).isTrue();
              optimizer.tell(point, point.hashCode() % 7);
            }
          }
        });
  }

  /** All points of a discrete space, by walking through every combination of values. */
  private static Set<Point> pointsOf(SearchSpace space) {
    Chart chart = space.chart();
    List<double[]> all = new ArrayList<>(List.of(new double[chart.dimensions()]));
    for (int i = 0; i < chart.dimensions(); i++) {
      List<double[]> more = new ArrayList<>();
      for (double[] x : all) {
        for (int step = 0; step < chart.steps(i); step++) {
          double[] longer = x.clone();
          longer[i] = chart.coordinate(i, step);
          more.add(longer);
        }
      }
      all = more;
    }
    Set<Point> points = new HashSet<>();
    SplittableRandom random = new SplittableRandom(1);
    for (double[] x : all) {
      chart.settle(x, random);
      Point point = chart.point(x);
      if (Spaces.contains(space, point)) {
        points.add(point);
      }
    }
    return points;
  }

  @Test
  void proposeAgainOnceAllWasTried() {
    SearchSpace tiny = SearchSpace.of(Dimension.Categorical.of("only", "a", "b"));
    for (Proposer proposer : ALL) {
      search(tiny, proposer, 4, 30);
    }
  }

  @Test
  void proposeTheSameForTheSameWhicheverThreadAsks() throws Exception {
    for (Proposer proposer : ALL) {
      List<Tried> history = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(2);
      for (int i = 0; i < 40; i++) {
        Point point = MIXED.chart().point(MIXED.chart().draw(random));
        history.add(Tried.scored(point, i % 4 == 0 ? i : 0));
      }
      Proposal once = proposer.propose(MIXED, history, 11);
      List<Callable<Proposal>> many = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        many.add(() -> proposer.propose(MIXED, List.copyOf(history), 11));
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        for (Future<Proposal> one : threads.invokeAll(many)) {
          assertThat(one.get()).isEqualTo(once);
        }
      }
    }
  }

  private static double best(Proposer proposer, long seed) {
    Optimizer optimizer = new Optimizer(MIXED, proposer, seed);
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < 50; i++) {
      Proposal proposal = optimizer.ask();
      double[] x = MIXED.chart().coordinates(proposal.point());
      double score = (x[0] == 2 ? 0 : -0.5) - Math.abs(x[1] - 0.31) - Math.abs(x[2] - 0.77);
      best = Math.max(best, score);
      optimizer.tell(proposal.point(), score);
    }
    return best;
  }

  @Test
  void comeNearerToTheTopThanChanceDoes() {
    double chance = 0;
    double forest = 0;
    double portfolio = 0;
    for (int seed = 0; seed < 12; seed++) {
      chance += best(new RandomSearch(), seed);
      forest += best(new RandomForestEi(10), seed);
      portfolio += best(new Portfolio(), seed);
    }

    assertThat(forest).isGreaterThan(chance);
    assertThat(portfolio).isGreaterThan(chance);
  }

  @Test
  void coverAllPairsOfLevelsSoonerThanChance() {
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      dimensions.add(Dimension.Categorical.of("c" + i, "a", "b", "c"));
    }
    SearchSpace space = SearchSpace.of(dimensions.toArray(Dimension[]::new));

    assertThat(pairs(space, Coverage.ofPairs())).isGreaterThan(pairs(space, new RandomSearch()));
  }

  private static int pairs(SearchSpace space, Proposer proposer) {
    Optimizer optimizer = new Optimizer(space, proposer, 6);
    Set<List<Integer>> pairs = new HashSet<>();
    for (int trial = 0; trial < 20; trial++) {
      Point point = optimizer.ask().point();
      double[] x = space.chart().coordinates(point);
      optimizer.tell(point, 0);
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < i; j++) {
          pairs.add(List.of(i, (int) x[i], j, (int) x[j]));
        }
      }
    }
    return pairs.size();
  }

  @Test
  void visitEachPartOfADimensionOnceInABlock() {
    SearchSpace space = SearchSpace.of(Dimension.Real.of("x", 0, 1), Dimension.Real.of("y", 0, 1));
    Optimizer optimizer = new Optimizer(space, new LatinHypercube(10), 3);
    Set<Integer> parts = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      parts.add((int) (10 * space.chart().coordinates(optimizer.ask().point())[0]));
    }

    assertThat(parts).hasSize(10);
  }

  @Test
  void keepAwayFromWhereTrialsCannotBeMade() {
    SearchSpace space = SearchSpace.of(Dimension.Real.of("x", 0, 1));
    List<Tried> history = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Point point = space.chart().point(new double[] {i / 40.0});
      history.add(
          i >= 20 ? new Tried(point, new Outcome.Invalid(), "", 1) : Tried.scored(point, i / 4.0));
    }
    Surrogate surrogate = Surrogate.of(new Study(space, history), Growth.CART, 1e9, 1);
    Surrogate unaware = Surrogate.of(new Study(space, history.subList(0, 20)), Growth.CART, 1e9, 1);
    double[][] there = {{0.9}};

    assertThat(surrogate.improvements(there, 1)[0])
        .isLessThan(0.3 * unaware.improvements(there, 1)[0]);
  }

  @Test
  void expectNothingMoreOfWhatWasConfirmedAgainAndAgain() {
    SearchSpace space = SearchSpace.of(Dimension.Real.of("x", 0, 1));
    List<Tried> history = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      history.add(Tried.scored(space.chart().point(new double[] {i / 40.0}), i > 30 ? 8 : 0));
    }
    Study study = new Study(space, history);
    double[][] both = {{0.9}, {0.2}};

    double[] open = Surrogate.of(study, Growth.CART, 1e9, 1).improvements(both, 2);
    double[] masked = Surrogate.of(study, Growth.CART, 7, 1).improvements(both, 2);

    assertThat(open[0]).as("more where it failed").isGreaterThan(2 * open[1]);
    assertThat(masked[0]).as("no more than elsewhere").isLessThanOrEqualTo(masked[1]);
  }

  @Test
  void takeFlatReadingsForAHealthySystem() {
    assertThat(Portfolio.isFlat(study(true))).isTrue();
    assertThat(Portfolio.isFlat(study(false))).isFalse();
  }

  @Test
  void takeNoisyReadingsOfNothingForAHealthySystem() {
    List<Tried> history = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 40; i++) {
      Point point = MIXED.chart().point(MIXED.chart().draw(random));
      double noise = Math.max(0, 0.4 * random.nextGaussian());
      boolean symptom = i > 15;
      history.add(
          new Tried(
              point,
              new Outcome.Scored(symptom ? 2 + noise : noise),
              (symptom ? Arm.DRILL : Arm.COVER).label(),
              1));
    }

    assertThat(Portfolio.isFlat(new Study(MIXED, history))).isTrue();
  }

  @Test
  void keepWhatMakesASymptomAndChangeAllElse() {
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      dimensions.add(Dimension.Categorical.of("c" + i, "a", "b", "c"));
    }
    SearchSpace space = SearchSpace.of(dimensions.toArray(Dimension[]::new));
    List<Tried> history = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    while (history.size() < 60) {
      double[] x = space.chart().draw(random);
      history.add(Tried.scored(space.chart().point(x), x[1] == 2 && x[4] == 0 ? 5 : 0));
    }
    int kept = 0;
    List<Set<Double>> others = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      others.add(new HashSet<>());
    }
    for (int i = 0; i < 40; i++) {
      Study study = new Study(space, history);
      Surrogate surrogate = Surrogate.of(study, Growth.CART, 7, i);
      double[] x = new Drill(study, surrogate, random).find().orElseThrow();
      assertThat(study.isNew(x)).isTrue();
      boolean both = x[1] == 2 && x[4] == 0;
      kept += both ? 1 : 0;
      history.add(Tried.scored(space.chart().point(x), both ? 5 : 0));
      for (int at = 0; at < 6; at++) {
        others.get(at).add(x[at]);
      }
    }

    assertThat(kept).as("keep both of the two that matter").isGreaterThan(32);
    for (int at : List.of(0, 2, 3, 5)) {
      assertThat(others.get(at)).as("levels of dimension %d", at).hasSize(3);
    }
  }

  @Test
  void drillNowhereInAHealthySystem() {
    Study healthy = new Study(MIXED, List.of(Tried.scored(MIXED.chart().point(new double[3]), 0)));
    Surrogate surrogate = Surrogate.of(healthy, Growth.CART, 7, 1);

    assertThat(new Drill(healthy, surrogate, new SplittableRandom(1)).find()).isEmpty();
  }

  /** One fault shows a little, only two bring it down. */
  private static int foundTogether(Proposer proposer) {
    List<Dimension> dimensions = new ArrayList<>();
    for (String fault : List.of("a", "b")) {
      dimensions.add(Dimension.Categorical.of(fault + "_edge", "p", "q", "r", "s", "t"));
      dimensions.add(Dimension.Categorical.of(fault + "_kind", "delay", "abort", "reset"));
      dimensions.add(Dimension.Whole.of(fault + "_share", 1, 100));
    }
    SearchSpace space = SearchSpace.of(dimensions.toArray(Dimension[]::new));
    int found = 0;
    for (int seed = 0; seed < 12; seed++) {
      Optimizer optimizer = new Optimizer(space, proposer, seed);
      double most = 0;
      for (int trial = 0; trial < 100; trial++) {
        Point point = optimizer.ask().point();
        double[] x = space.chart().coordinates(point);
        boolean first = x[0] == 3 && x[1] == 1;
        boolean second = x[3] == 1 && x[4] == 2;
        double score = first && second ? 9 : first ? 3 : 0;
        most = Math.max(most, score);
        optimizer.tell(point, score);
      }
      found += most == 9 ? 1 : 0;
    }
    return found;
  }

  @Test
  void findTheSecondFaultThatBringsDownWhatTheFirstOnlySlows() {
    assertThat(foundTogether(new Portfolio()))
        .isGreaterThanOrEqualTo(foundTogether(new RandomSearch()) + 4);
  }

  private static Study study(boolean flat) {
    List<Tried> history = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 30; i++) {
      Point point = MIXED.chart().point(MIXED.chart().draw(random));
      history.add(Tried.scored(point, flat && i % 5 > 0 ? 0 : i));
    }
    return new Study(MIXED, history);
  }
}
