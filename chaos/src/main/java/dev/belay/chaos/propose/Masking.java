package dev.belay.chaos.propose;

import java.util.ArrayList;
import java.util.List;

/** Takes failures that were confirmed out of a study, so that others are looked for. */
final class Masking {
  private static final double MASKED = 0.15;
  private static final int CONFIRMED = 3;

  /** Likeness needs fewer than expectations do. */
  private static final int TREES = 30;

  private Masking() {}

  /** The scores of a study, with those of confirmed symptoms as if they were healthy. */
  static double[] scores(Study study, double confirmed, long seed) {
    double[] scores = study.scores.stream().mapToDouble(score -> score).toArray();
    if (study.best() < confirmed) {
      return scores;
    }
    Forest forest = Forest.fit(study.samples(scores), Growth.CART.withTrees(TREES), seed);
    List<List<Integer>> groups = new ArrayList<>();
    List<int[]> leaves = new ArrayList<>();
    for (int i = 0; i < study.size(); i++) {
      leaves.add(forest.leaves(study.rows.get(i)));
      if (study.scores.get(i) >= confirmed) {
        join(groups, leaves, i);
      }
    }
    double floor = study.worst();
    for (List<Integer> group : groups) {
      if (isExhausted(group, scores)) {
        for (int i = 0; i < scores.length; i++) {
          int trial = i;
          boolean like =
              group.stream()
                  .anyMatch(it -> Forest.proximity(leaves.get(it), leaves.get(trial)) >= MASKED);
          scores[i] = like ? floor : scores[i];
        }
      }
    }
    return scores;
  }

  private static void join(List<List<Integer>> groups, List<int[]> leaves, int trial) {
    for (List<Integer> group : groups) {
      if (Forest.proximity(leaves.get(group.getFirst()), leaves.get(trial)) >= MASKED) {
        group.add(trial);
        return;
      }
    }
    groups.add(new ArrayList<>(List.of(trial)));
  }

  /** The last ones of a group did not exceed those before. */
  private static boolean isExhausted(List<Integer> group, double[] scores) {
    if (group.size() < CONFIRMED) {
      return false;
    }
    double before = Double.NEGATIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < group.size(); i++) {
      double score = scores[group.get(i)];
      if (i < group.size() - 2) {
        before = Math.max(before, score);
      } else {
        last = Math.max(last, score);
      }
    }
    return last <= before + 0.25;
  }
}
