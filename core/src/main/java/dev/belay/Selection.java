package dev.belay;

import java.util.List;

/**
 * Chooses the endpoint of the next attempt. Implement it to add a strategy of your own; it must be
 * safe for any number of threads and must not block. It only chooses: permits and records are
 * somebody else's work.
 */
@FunctionalInterface
public interface Selection {

  /**
   * One of the candidates.
   *
   * @param candidates at least one; all of them would admit an attempt, and none has failed in this
   *     call already unless all have; in the order of the pool
   * @param call what the attempt is for
   */
  <E extends Endpoint> E select(List<E> candidates, Call call);
}
