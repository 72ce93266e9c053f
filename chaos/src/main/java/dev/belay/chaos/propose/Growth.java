package dev.belay.chaos.propose;

import dev.belay.Check;

/**
 * How the trees of a {@link Forest} grow.
 *
 * @param trees how many; 1 to 1000
 * @param minLeaf the least weight of a leaf; at least 1
 * @param featureShare how many of the features a split chooses among; above 0, at most 1
 * @param bootstrap whether each tree sees a drawing, with repeats, instead of all samples
 * @param randomCuts whether a split takes the best of one random cut for each feature (extra trees)
 *     instead of the best of all cuts
 * @param varianceFloor the least variance of a leaf; at least 0, in the square of the target's unit
 */
public record Growth(
    int trees,
    int minLeaf,
    double featureShare,
    boolean bootstrap,
    boolean randomCuts,
    double varianceFloor) {
  /** Best cuts over drawings: for targets that are flat with a few spikes. */
  public static final Growth CART = new Growth(100, 3, 0.8, true, false, 1e-4);

  /** Random cuts over all samples: for smooth targets. */
  public static final Growth EXTRA = new Growth(100, 2, 1, false, true, 1e-4);

  public Growth {
    Check.that(trees >= 1 && trees <= 1000, "trees must be in 1..1000, was %d", trees);
    Check.that(minLeaf >= 1, "least weight of a leaf must be >= 1, was %d", minLeaf);
    Check.that(
        featureShare > 0 && featureShare <= 1,
        "share of the features must be above 0 and at most 1, was %s",
        featureShare);
    Check.that(varianceFloor >= 0, "variance floor must be >= 0, was %s", varianceFloor);
  }

  /** The same with another number of trees. */
  public Growth withTrees(int other) {
    return new Growth(other, minLeaf, featureShare, bootstrap, randomCuts, varianceFloor);
  }

  /** The same with another least weight of a leaf. */
  public Growth withMinLeaf(int other) {
    return new Growth(trees, other, featureShare, bootstrap, randomCuts, varianceFloor);
  }
}
