package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Proposes the point that shows the most combinations of levels that no trial had yet: pairs and
 * triples of categories, of thirds of numbers, and of dimensions that are not active. Safe for any
 * number of threads.
 *
 * @see <a href="https://doi.org/10.1109/32.605761">Cohen et al., The AETG system, 1997</a>
 */
public final class Coverage implements Proposer {
  private static final int CANDIDATES = 40;
  private static final int PARTS = 3;
  private static final long PAIR = 4;

  private final boolean triples;

  private Coverage(boolean triples) {
    this.triples = triples;
  }

  /** Only pairs: a covering array of strength two, row by row. */
  public static Coverage ofPairs() {
    return new Coverage(false);
  }

  /** Pairs first, triples beside. */
  public static Coverage ofTriples() {
    return new Coverage(true);
  }

  @Override
  public Proposal propose(SearchSpace space, List<Tried> history, long seed) {
    Study study = new Study(space, history);
    SplittableRandom random = new SplittableRandom(Seeds.of(seed, history.size()));
    return new Proposal(space.chart().point(best(study, random)), "cover");
  }

  double[] best(Study study, RandomGenerator random) {
    List<double[]> candidates = new ArrayList<>(List.of(study.fresh(random)));
    for (int i = 1; i < CANDIDATES; i++) {
      double[] x = study.chart.draw(random);
      if (study.isNew(x)) {
        candidates.add(x);
      }
    }
    return best(study, candidates);
  }

  /** Of some candidates, at least one. */
  double[] best(Study study, List<double[]> candidates) {
    Chart chart = study.chart;
    Set<Long> covered = new HashSet<>();
    for (List<double[]> rows : List.of(study.rows, study.pending, study.invalid)) {
      for (double[] row : rows) {
        count(chart, row, covered, true);
      }
    }
    double[] best = candidates.getFirst();
    long most = -1;
    for (double[] x : candidates) {
      long gain = count(chart, chart.row(x), covered, false);
      if (gain > most) {
        most = gain;
        best = x;
      }
    }
    return best;
  }

  /** The weight of combinations that are not covered yet; marks them as covered if asked to. */
  private long count(Chart chart, double[] row, Set<Long> covered, boolean mark) {
    int[] levels = new int[row.length];
    for (int i = 0; i < row.length; i++) {
      levels[i] = level(chart, i, row[i]);
    }
    long gain = 0;
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < i; j++) {
        long pair = key(key(1, i, levels[i]), j, levels[j]);
        gain += mark ? mark(covered, pair) : covered.contains(pair) ? 0 : PAIR;
        for (int k = 0; triples && k < j; k++) {
          long triple = key(pair, k, levels[k]);
          gain += mark ? mark(covered, triple) : covered.contains(triple) ? 0 : 1;
        }
      }
    }
    return gain;
  }

  private static int mark(Set<Long> covered, long key) {
    return covered.add(key) ? 1 : 0;
  }

  private static long key(long before, int dimension, int level) {
    return (before * 21 + dimension) * 1024 + level;
  }

  private static int level(Chart chart, int dimension, double coordinate) {
    if (chart.isMark(dimension, coordinate)) {
      return 1023;
    }
    return chart.levels(dimension) > 0
        ? (int) coordinate
        : (int) Math.min(PARTS - 1, coordinate * PARTS);
  }
}
