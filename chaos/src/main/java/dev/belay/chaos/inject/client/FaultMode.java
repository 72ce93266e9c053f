package dev.belay.chaos.inject.client;

import dev.belay.chaos.Observation;

/** How faults get in force and out of it again at one kind of executor. */
interface FaultMode {
  /** Puts a plan in force. */
  void apply(Applied applied) throws ExecutorException, InterruptedException;

  /** Waits until a plan is in force everywhere, as far as that can be known. */
  void settle(Applied applied) throws ExecutorException, InterruptedException;

  /** Takes a plan back; one that is not there is no error. May be done again. */
  void remove(Applied applied) throws ExecutorException, InterruptedException;

  /** A sign of life: what is in force stays so. */
  void renew(Applied applied) throws ExecutorException, InterruptedException;

  /** What was seen, and what the executor knows of it besides; asked after the plan was removed. */
  Observation complete(Observation seen, Applied applied)
      throws ExecutorException, InterruptedException;

  /** Takes back all that the owner left. */
  void sweep() throws ExecutorException, InterruptedException;
}
