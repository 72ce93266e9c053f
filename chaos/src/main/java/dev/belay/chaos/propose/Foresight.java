package dev.belay.chaos.propose;

/**
 * How far trees foresee trials they have not seen. Where they do, following them pays; where they
 * do not, because failures lie apart without anything that leads to them, only exploring does.
 */
final class Foresight {
  private static final int FOLDS = 4;
  private static final int LATEST = 80;
  private static final int LEAST = 8;

  private Foresight() {}

  /**
   * The share of the variance of scores that is explained for trials left out, by turns; without
   * what was confirmed, and of the latest trials only.
   *
   * @return 0, if nothing is foreseen, to 1
   */
  static double of(Study study, double confirmed, long seed) {
    int from = Math.max(0, study.size() - LATEST);
    if (study.size() < LEAST) {
      return 0;
    }
    double[] scores = Masking.scores(study, confirmed, seed);
    double mean = 0;
    for (int i = from; i < scores.length; i++) {
      mean += scores[i] / (scores.length - from);
    }
    double missed = 0;
    double all = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      Samples others = new Samples(study.chart.rowLevels());
      for (int i = from; i < scores.length; i++) {
        if (i % FOLDS != fold) {
          others.add(study.rows.get(i), scores[i], study.weights.get(i));
        }
      }
      Growth growth = Growth.CART.withTrees(15).withMinLeaf(2);
      Forest forest = Forest.fit(others, growth, Seeds.of(seed, fold));
      for (int i = from; i < scores.length; i++) {
        if (i % FOLDS == fold) {
          double off = forest.predict(study.rows.get(i)).mean() - scores[i];
          missed += off * off;
          all += (scores[i] - mean) * (scores[i] - mean);
        }
      }
    }
    return all > 1e-12 ? Math.max(0, 1 - missed / all) : 0;
  }
}
