package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.List;
import java.util.Optional;

/**
 * Steps that a task goes through, one after the other, on the same files: write, review, test.
 * Immutable.
 *
 * @param name by which tasks call it
 * @param steps at least one
 */
public record Workflow(String name, List<Step> steps) {

  /** Rejects steps that go back to where they cannot. */
  public Workflow {
    Names.check("workflow", name);
    steps = List.copyOf(steps);
    Check.that(!steps.isEmpty(), "workflow %s must have at least one step", name);
    for (int at = 0; at < steps.size(); at++) {
      Optional<Loop> back = steps.get(at).back();
      if (back.isPresent()) {
        Check.that(
            back.get().to() >= 0 && back.get().to() < at,
            "step %d of workflow %s must go back to a step before it",
            at + 1,
            name);
      }
    }
  }

  /**
   * One step.
   *
   * @param role who does it
   * @param prompt what is asked; empty for the task's own prompt in the first step, and for "go on
   *     with the result" in later ones. May hold the placeholders of a task's prompt, and {@code
   *     {{previous}}} for the result of the step before
   * @param back where to go on if the step's verdict asks for changes; empty if it gives no verdict
   */
  public record Step(String role, String prompt, Optional<Loop> back) {
    /** Rejects a role that cannot be one. */
    public Step {
      Names.check("role", role);
      requireNonNull(prompt, "prompt");
      requireNonNull(back, "back");
    }
  }

  /**
   * A way back.
   *
   * @param to the step, counted from 0
   * @param rounds how often at most, 1 to 100
   */
  public record Loop(int to, int rounds) {
    /** Rejects a number of rounds out of range. */
    public Loop {
      Check.that(rounds >= 1 && rounds <= 100, "rounds must be 1 to 100, was %d", rounds);
    }
  }
}
