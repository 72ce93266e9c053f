package dev.belay.flow;

import static java.util.Objects.requireNonNull;

/**
 * One thing that is wrong with a plan. Immutable.
 *
 * @param place what is wrong: {@code tasks.build.needs}, say; empty for the plan as a whole
 * @param message what is wrong with it, and what would be right
 */
public record PlanProblem(String place, String message) {
  /** Rejects nothing but nulls. */
  public PlanProblem {
    requireNonNull(place, "place");
    requireNonNull(message, "message");
  }

  @Override
  public String toString() {
    return place.isEmpty() ? message : place + ": " + message;
  }
}
