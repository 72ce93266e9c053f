package dev.belay.chaos.propose;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How far trees foresee trials they have not seen. Where they do, following them pays; where they
 * do not, because failures lie apart without anything that leads to them, only exploring does.
 */
final class Foresight {
  private static final int FOLDS = 4;
  private static final int LATEST = 80;
  private static final int LEAST = 8;
  private static final int TREES = 20;

  private Foresight() {}

  /**
   * By how many deviations the fifth of the trials that trees expect to score most does so, when
   * each is foreseen from the others; without what was confirmed, and of the latest trials only.
   * How trials are ordered says more here than how near expectations come: one false alarm or one
   * great failure outweighs, in squares, all the small symptoms that lead to others.
   *
   * @return 0 or more
   */
  static double of(Study study, double confirmed, long seed) {
    if (study.size() < LEAST) {
      return 0;
    }
    int from = Math.max(0, study.size() - LATEST);
    double[] all = Masking.scores(study, confirmed, seed);
    double[] scores = Arrays.copyOfRange(all, from, all.length);
    double mean = Arrays.stream(scores).average().orElse(0);
    double deviation =
        Math.sqrt(Arrays.stream(scores).map(it -> (it - mean) * (it - mean)).average().orElse(0));
    if (deviation < 1e-6) {
      return 0;
    }
    double[] foreseen = foreseen(study, from, scores, seed);
    double lift =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -foreseen[i]))
            .limit(Math.max(2, scores.length / 5))
            .mapToDouble(i -> scores[i] - mean)
            .average()
            .orElse(0);
    return Math.max(0, lift / deviation);
  }

  /** What trees expect of each trial that have not seen it. */
  private static double[] foreseen(Study study, int from, double[] scores, long seed) {
    double[] foreseen = new double[scores.length];
    for (int fold = 0; fold < FOLDS; fold++) {
      Samples others = new Samples(study.chart.rowLevels());
      for (int i = 0; i < scores.length; i++) {
        if (i % FOLDS != fold) {
          others.add(study.rows.get(from + i), scores[i], study.weights.get(from + i));
        }
      }
      Forest forest = Forest.fit(others, Growth.CART.withTrees(TREES), Seeds.of(seed, fold));
      for (int i = fold; i < scores.length; i += FOLDS) {
        foreseen[i] = forest.predict(study.rows.get(from + i)).mean();
      }
    }
    return foreseen;
  }
}
