package dev.belay.chaos.propose;

import dev.belay.Check;
import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.SearchSpace;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The plain textbook way: some points at random, then the one of a thousand random candidates of
 * which a forest expects the most improvement. Safe for any number of threads.
 *
 * @see <a href="https://doi.org/10.1023/A:1008306431147">Jones, Schonlau, Welch, 1998</a>
 */
public final class RandomForestEi implements Proposer {
  private static final Growth GROWTH = new Growth(100, 3, 1, true, false, 1e-4);
  private static final int CANDIDATES = 1000;
  private static final double XI = 0.01;
  private static final long FOREST_SEED = 42;

  private final int initial;
  private final double xi;

  /** With so many points at random first; at least 1. */
  public RandomForestEi(int initial) {
    this(initial, XI);
  }

  /**
   * With so many points at random first.
   *
   * @param initial at least 1
   * @param xi how much better than the best a point has to be; at least 0
   */
  public RandomForestEi(int initial, double xi) {
    Check.that(initial >= 1, "initial points must be >= 1, were %d", initial);
    Check.that(xi >= 0 && Double.isFinite(xi), "xi must be >= 0 and finite, was %s", xi);
    this.initial = initial;
    this.xi = xi;
  }

  @Override
  public Proposal propose(SearchSpace space, List<Tried> history, long seed) {
    Chart chart = space.chart();
    Study study = new Study(space, history);
    SplittableRandom random = new SplittableRandom(Seeds.of(seed, history.size()));
    if (study.size() < initial) {
      return new Proposal(chart.point(study.fresh(random)), "random");
    }
    Samples samples = new Samples(chart.rowLevels());
    for (int i = 0; i < study.size(); i++) {
      samples.add(study.rows.get(i), study.scores.get(i));
    }
    Forest forest = Forest.fit(samples, GROWTH, FOREST_SEED);
    double[][] xs = new double[CANDIDATES][];
    double[][] rows = new double[CANDIDATES][];
    for (int i = 0; i < CANDIDATES; i++) {
      xs[i] = chart.draw(random);
      rows[i] = chart.row(xs[i]);
    }
    double[] means = new double[CANDIDATES];
    double[] variances = new double[CANDIDATES];
    forest.predict(rows, CANDIDATES, means, variances);
    double[] best = study.fresh(random);
    double most = -1;
    for (int i = 0; i < CANDIDATES; i++) {
      double gain = Normal.improvement(means[i], Math.sqrt(variances[i]), study.best() + xi);
      if (gain > most && study.isNew(xs[i])) {
        most = gain;
        best = xs[i];
      }
    }
    return new Proposal(chart.point(best), "forest");
  }
}
