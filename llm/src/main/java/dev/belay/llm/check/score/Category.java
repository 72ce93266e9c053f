package dev.belay.llm.check.score;

/** What a score is about. */
public enum Category {
  /** The form. */
  STRUCTURE(0.25),
  /** What is said. */
  CONTENT(0.35),
  /** Whether it is true. */
  ACCURACY(0.25),
  /** Whether it does harm. */
  SAFETY(0.15),
  /** Anything else. */
  OTHER(0.2);

  private final double weight;

  Category(double weight) {
    this.weight = weight;
  }

  /** How much its scores count unless told otherwise; only ratios matter. */
  public double weight() {
    return weight;
  }
}
