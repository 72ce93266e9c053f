package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
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
    List<int[]> tried = new ArrayList<>();
    for (List<double[]> rows : List.of(study.rows, study.pending, study.invalid)) {
      rows.forEach(row -> tried.add(levels(chart, row)));
    }
    double[] best = candidates.getFirst();
    long most = -1;
    for (double[] x : candidates) {
      long gain = gain(levels(chart, chart.row(x)), tried);
      if (gain > most) {
        most = gain;
        best = x;
      }
    }
    return best;
  }

  /** The weight of the combinations of some levels that none of the trials has. */
  private long gain(int[] levels, List<int[]> tried) {
    long[][] having = new long[levels.length][];
    for (int i = 0; i < levels.length; i++) {
      having[i] = having(i, levels[i], tried);
    }
    long gain = 0;
    long[] both = new long[(tried.size() + 63) / 64];
    for (int i = 0; i < levels.length; i++) {
      for (int j = 0; j < i; j++) {
        long any = 0;
        for (int word = 0; word < both.length; word++) {
          both[word] = having[i][word] & having[j][word];
          any |= both[word];
        }
        gain += any == 0 ? PAIR : 0;
        for (int k = 0; triples && k < j; k++) {
          gain += any == 0 || areApart(both, having[k]) ? 1 : 0;
        }
      }
    }
    return gain;
  }

  /** Which trials have that level, a bit for each. */
  private static long[] having(int dimension, int level, List<int[]> tried) {
    long[] having = new long[(tried.size() + 63) / 64];
    for (int trial = 0; trial < tried.size(); trial++) {
      if (tried.get(trial)[dimension] == level) {
        having[trial / 64] |= 1L << trial;
      }
    }
    return having;
  }

  private static boolean areApart(long[] some, long[] others) {
    for (int word = 0; word < some.length; word++) {
      if ((some[word] & others[word]) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int[] levels(Chart chart, double[] row) {
    int[] levels = new int[row.length];
    for (int i = 0; i < row.length; i++) {
      levels[i] = level(chart, i, row[i]);
    }
    return levels;
  }

  private static int level(Chart chart, int dimension, double coordinate) {
    if (chart.isMark(dimension, coordinate)) {
      return -1;
    }
    return chart.levels(dimension) > 0
        ? (int) coordinate
        : (int) Math.min(PARTS - 1, coordinate * PARTS);
  }
}
