package dev.belay.chaos.report;

import java.util.List;
import java.util.Optional;

/**
 * What makes trials bad, as a forest learned it of them. It is what the trials show, not what is
 * true: where few were made, it guesses.
 *
 * @param target which score was learned: {@code discovery} or {@code total}
 * @param trials of how many trials
 * @param explained how much of the differences between trials that it had not seen it foretold, at
 *     most 1; 0 is no better than their mean
 * @param parts what matters, the most telling first
 * @param together the two of them that change each other the most
 */
public record Influence(
    String target, int trials, double explained, List<Part> parts, Optional<Together> together) {
  public Influence {
    parts = List.copyOf(parts);
  }

  /**
   * How the score changes with one thing that trials differ in, all else as it was in the trials.
   *
   * @param feature what it is
   * @param at the values it was looked at
   * @param mean the score at each of them, in the mean (partial dependence)
   * @param lines the scores of single trials at each of them (individual conditional expectation)
   * @see <a href="https://doi.org/10.1214/aos/1013203451">Friedman, Greedy function
   *     approximation</a>
   * @see <a href="https://doi.org/10.1080/10618600.2014.907095">Goldstein et al., Peeking inside
   *     the black box</a>
   */
  public record Part(
      Feature feature, List<Double> at, List<Double> mean, List<List<Double>> lines) {
    public Part {
      at = List.copyOf(at);
      mean = List.copyOf(mean);
      lines = lines.stream().map(List::copyOf).toList();
    }

    /** The difference between the least and the greatest mean score. */
    public double spread() {
      return mean.stream().mapToDouble(one -> one).max().orElse(0)
          - mean.stream().mapToDouble(one -> one).min().orElse(0);
    }
  }

  /**
   * How the score changes with two things at once.
   *
   * @param across what changes from left to right
   * @param up what changes from bottom to top
   * @param acrossAt the values of the one
   * @param upAt the values of the other
   * @param mean the mean score, by the value of the other, then of the one
   * @param strength how far that is from the sum of what each does alone, in points of the score
   */
  public record Together(
      Feature across,
      Feature up,
      List<Double> acrossAt,
      List<Double> upAt,
      List<List<Double>> mean,
      double strength) {
    public Together {
      acrossAt = List.copyOf(acrossAt);
      upAt = List.copyOf(upAt);
      mean = mean.stream().map(List::copyOf).toList();
    }
  }
}
