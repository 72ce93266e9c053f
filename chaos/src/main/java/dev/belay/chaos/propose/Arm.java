package dev.belay.chaos.propose;

import java.util.Locale;

/** A way to find the next point; which one is used depends on what each has earned. */
enum Arm {
  /** The most expected improvement among points anywhere. */
  FOREST(0.11, 0.10),
  /** The same around the best points, and from there uphill. */
  CLIMB(0.01, 0.15),
  /** The same by a smooth model instead of trees. */
  PROCESS(0.01, 0.45),
  /** Each dimension by itself, where the good trials are dense. */
  PARZEN(0.01, 0.18),
  /** All dimensions together, where the good trials are dense. */
  JOINT(0.04, 0.03),
  /** Trials with symptoms, a dimension or two changed. */
  FUZZ(0.04, 0.01),
  /** What seems to make a symptom kept, all else anew. */
  DRILL(0.70, 0),
  /** Combinations of levels that no trial had yet. */
  COVER(0.05, 0.04),
  /** Anything. */
  RANDOM(0.03, 0.04);

  private final double sparse;
  private final double dense;

  Arm(double sparse, double dense) {
    this.sparse = sparse;
    this.dense = dense;
  }

  /** How much it is trusted before it has earned anything. */
  double prior(boolean isSparse) {
    return isSparse ? sparse : dense;
  }

  boolean explores() {
    return this == DRILL || this == COVER || this == RANDOM;
  }

  /** Whether trials of that label went where they went whatever was known. */
  static boolean isUnguided(String label) {
    return label.isEmpty() || label.equals(COVER.label()) || label.equals(RANDOM.label());
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
