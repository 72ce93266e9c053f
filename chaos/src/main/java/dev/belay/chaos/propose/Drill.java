package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Keeps what seems to make a trial's symptom and draws all else anew: where one fault shows a
 * little and only two bring a system down, it is the second one that is looked for. What makes the
 * symptom is what the forest expects less without, when each dimension is drawn anew by itself. For
 * one thread.
 */
final class Drill {
  private static final int CANDIDATES = 40;
  private static final int DRAWS = 200;
  private static final int REDRAWS = 8;

  /** Of the range of scores; what is below is no symptom. */
  private static final double SYMPTOM = 0.1;

  /** In so many of the trees symptoms share a leaf that are the same one. */
  private static final double SAME = 0.3;

  private final Study study;
  private final Chart chart;
  private final Surrogate surrogate;
  private final RandomGenerator random;

  Drill(Study study, Surrogate surrogate, RandomGenerator random) {
    this.study = study;
    this.chart = study.chart;
    this.surrogate = surrogate;
    this.random = random;
  }

  /** A point, or nothing if there is no symptom or all that could be changed was tried. */
  Optional<double[]> find() {
    double[] energy = energy();
    if (Arrays.stream(energy).sum() <= 0) {
      return Optional.empty();
    }
    double[] parent = study.xs.get(Roulette.spin(energy, random));
    boolean[] kept = cause(parent);
    List<double[]> candidates = new ArrayList<>();
    for (int draw = 0; draw < DRAWS && candidates.size() < CANDIDATES; draw++) {
      double[] x = chart.draw(random);
      for (int i = 0; i < x.length; i++) {
        x[i] = kept[i] ? parent[i] : x[i];
      }
      if (chart.settleFeasible(x, random) && keeps(x, parent, kept) && study.isNew(x)) {
        candidates.add(x);
      }
    }
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(Coverage.ofPairs().best(study, candidates));
  }

  /** By trial; all trials with the same symptom together the less, the more there are of them. */
  private double[] energy() {
    double[] scores = surrogate.scores();
    double floor = study.worst();
    double least = SYMPTOM * (study.best() - floor);
    List<int[]> leaves = surrogate.leaves(study.rows);
    double[] energy = new double[scores.length];
    for (int i = 0; i < energy.length; i++) {
      double symptom = scores[i] - floor;
      if (symptom > least) {
        int[] own = leaves.get(i);
        double same = leaves.stream().filter(it -> Forest.proximity(own, it) >= SAME).count();
        energy[i] = symptom * symptom / (same * same);
      }
    }
    return energy;
  }

  /** Which dimensions a symptom goes with; how much of it each must bear is drawn, too. */
  private boolean[] cause(double[] x) {
    double[][] rows = new double[1 + x.length * REDRAWS][];
    rows[0] = chart.row(x);
    for (int i = 0; i < x.length; i++) {
      for (int draw = 0; draw < REDRAWS; draw++) {
        double[] other = x.clone();
        other[i] = chart.draw(i, random);
        chart.settle(other, random);
        rows[1 + i * REDRAWS + draw] = chart.row(other);
      }
    }
    double[] means = surrogate.means(rows);
    double all = means[0] - Arrays.stream(means).min().orElse(0);
    double share = 0.05 + 0.3 * random.nextDouble();
    boolean[] cause = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      double without = 0;
      for (int draw = 0; draw < REDRAWS; draw++) {
        without += means[1 + i * REDRAWS + draw] / REDRAWS;
      }
      cause[i] = means[0] - without > share * all;
    }
    return cause;
  }

  private static boolean keeps(double[] x, double[] parent, boolean[] kept) {
    for (int i = 0; i < x.length; i++) {
      if (kept[i] && x[i] != parent[i]) {
        return false;
      }
    }
    return true;
  }
}
