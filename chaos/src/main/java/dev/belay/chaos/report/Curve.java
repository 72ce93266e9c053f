package dev.belay.chaos.report;

import java.util.List;
import java.util.Optional;

/**
 * How far a session was after each trial.
 *
 * @param steps one for each trial
 * @param chance what plans drawn by chance would have found; none if no trial showed anything
 */
public record Curve(List<Step> steps, Optional<Chance> chance) {
  public Curve {
    steps = List.copyOf(steps);
  }

  /** How many different failures so many trials by chance are expected to show. */
  public double expected(int trials) {
    return chance.map(one -> one.expected(trials)).orElse(0.0);
  }

  /** How it compares to chance, in a sentence; none if there is nothing to compare. */
  public Optional<String> compared() {
    if (steps.isEmpty() || chance.isEmpty()) {
      return Optional.empty();
    }
    int trials = steps.getLast().trial();
    return Optional.of(
        ("Of the %s that %s showed, as many trials of plans drawn by chance from the same space are"
                + " expected to show %s: %s. What neither showed is not counted.")
            .formatted(
                Words.count(steps.getLast().failures(), "different failure"),
                Words.count(trials, "trial"),
                Words.score(expected(trials)),
                chance.get().way().words()));
  }
}
