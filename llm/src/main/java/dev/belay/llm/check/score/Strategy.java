package dev.belay.llm.check.score;

/** How several scores become one decision. */
public enum Strategy {
  /** The mean, weighted by category and confidence. */
  WEIGHTED_AVERAGE,
  /** Accept if 80 % of them would, review if 60 % would; the score is the median. */
  CONSENSUS,
  /** The worst decides. */
  STRICT,
  /** The weighted mean need only reach the bar for a review; one good score brings a review. */
  LENIENT,
  /** The mean of the weighted mean and the median. */
  HYBRID
}
