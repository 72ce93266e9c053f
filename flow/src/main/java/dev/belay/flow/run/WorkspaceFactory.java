package dev.belay.flow.run;

import dev.belay.flow.Plan;
import java.nio.file.Path;

/** Makes the place where the tasks of a run work. */
@FunctionalInterface
interface WorkspaceFactory {
  /**
   * The place.
   *
   * @throws dev.belay.flow.PlanException if it cannot be as the plan wants it
   */
  Workspace of(String run, Plan plan, Path directory);
}
