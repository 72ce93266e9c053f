package dev.belay.chaos.propose;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Chooses an arm by what each has earned so far: a new best counts 1, a symptom unlike earlier ones
 * a half. What was long ago counts less. Arms that explore keep a share whatever they earn, so that
 * the whole is never much worse than chance.
 */
final class Bandit {
  private static final double MEMORY = 0.97;
  private static final double TRUST = 12;

  /**
   * Of the range of scores; symptoms are read with noise, and what is better by less is no news.
   * Else those who try one symptom again and again would earn by noise alone.
   */
  private static final double NOISE = 0.1;

  private final Map<Arm, Double> shares = new EnumMap<>(Arm.class);

  /**
   * For the next proposal.
   *
   * @param isSparse whether the space is mostly healthy
   * @param confirmed from which score on a reading is a failure; once one is known, half of the
   *     trials look elsewhere, for others that have nothing to do with it
   */
  Bandit(Study study, boolean isSparse, double confirmed) {
    double step = Math.max(1e-9, (isSparse ? NOISE : 0.02) * (study.best() - study.worst()));
    Map<Arm, Double> earned = new EnumMap<>(Arm.class);
    Map<Arm, Double> used = new EnumMap<>(Arm.class);
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < study.size(); i++) {
      double score = study.scores.get(i);
      double reward = score > best + step ? 1 : isNovel(study, i, step) ? 0.5 : 0;
      best = Math.max(best, score);
      for (Arm arm : Arm.values()) {
        boolean its = arm.label().equals(study.arms.get(i));
        earned.merge(arm, its ? reward : 0, (sum, one) -> sum * MEMORY + one);
        used.merge(arm, its ? 1.0 : 0, (sum, one) -> sum * MEMORY + one);
      }
    }
    double mean = 0.15;
    double total = 0;
    for (Arm arm : Arm.values()) {
      double rate =
          (earned.getOrDefault(arm, 0.0) + TRUST * mean)
              / (used.getOrDefault(arm, 0.0) + TRUST)
              / mean;
      shares.put(arm, arm.prior(isSparse) * rate * rate);
      total += share(arm);
    }
    for (Arm arm : Arm.values()) {
      shares.put(arm, share(arm) / total);
    }
    if (isSparse && study.best() >= confirmed) {
      keep(0.5, arm -> arm.explores() && arm != Arm.DRILL);
    } else {
      keep(isSparse ? 0.2 : 0.08, Arm::explores);
    }
  }

  private double share(Arm arm) {
    return shares.getOrDefault(arm, 0.0);
  }

  /** Gives some arms together a share of at least so much, at the cost of the others. */
  private void keep(double floor, Predicate<Arm> kept) {
    double all = 0;
    for (Arm arm : Arm.values()) {
      all += kept.test(arm) ? share(arm) : 0;
    }
    if (all < floor) {
      for (Arm arm : Arm.values()) {
        double scale = kept.test(arm) ? floor / all : (1 - floor) / (1 - all);
        shares.put(arm, share(arm) * scale);
      }
    }
  }

  /** Whether a trial shows a symptom, and no earlier one with as strong a symptom is like it. */
  private static boolean isNovel(Study study, int trial, double step) {
    double score = study.scores.get(trial);
    double floor = study.worst();
    if (score < floor + 3 * step) {
      return false;
    }
    for (int i = 0; i < trial; i++) {
      if (study.scores.get(i) >= floor + (score - floor) / 2
          && Likeness.of(study.chart, study.rows.get(i), study.rows.get(trial)) > 0.6) {
        return false;
      }
    }
    return true;
  }

  /** One by its share, none of those left out; to explore at random if all are. */
  Arm choose(Set<Arm> without, RandomGenerator random) {
    List<Arm> open = Arrays.stream(Arm.values()).filter(arm -> !without.contains(arm)).toList();
    double[] shares = open.stream().mapToDouble(this::share).toArray();
    return open.isEmpty() ? Arm.RANDOM : open.get(Roulette.spin(shares, random));
  }
}
