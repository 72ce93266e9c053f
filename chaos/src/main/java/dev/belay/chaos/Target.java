package dev.belay.chaos;

/**
 * A system that can be tried with a plan of faults in force. The one face that the search sees,
 * whether the system is simulated in this process or made of services behind fault proxies.
 *
 * <p>One call is one trial: the faults are put in force, the system is asked something, and the
 * faults are gone again when the call returns or throws.
 */
public interface Target {
  /**
   * Tries the system once.
   *
   * @param plan the faults to put in force; none for the healthy system
   * @return what was seen
   * @throws TargetFailed if the trial could not be made, so that nothing is known of the plan
   * @throws InterruptedException if the thread was interrupted; the faults are gone then, too
   */
  Observation run(FaultPlan plan) throws TargetFailed, InterruptedException;
}
