package dev.belay.server.live;

import dev.belay.chaos.inject.client.ExecutorException;
import java.util.List;
import java.util.Optional;

/** Takes back what was left in force: here, and at the executor elsewhere if there is one. */
@FunctionalInterface
public interface FaultSweep {
  /**
   * Sweeps.
   *
   * @param owner whose faults; those of all sessions that are over if there is none
   * @return whose faults are known to be gone
   * @throws ExecutorException if it is not known that they are gone elsewhere
   * @throws IllegalArgumentException if the executor elsewhere has no such owners
   */
  List<String> sweep(Optional<String> owner) throws ExecutorException, InterruptedException;
}
