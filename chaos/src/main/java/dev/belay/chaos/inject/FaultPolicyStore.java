package dev.belay.chaos.inject;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where policies outlive the process. Safe for any number of threads; what fails throws {@link
 * java.io.UncheckedIOException}.
 */
public interface FaultPolicyStore {
  /**
   * A policy as it is kept. All moments are absolute, so that a restart changes none.
   *
   * @param policy the policy
   * @param generation unique and growing with each change of any policy
   * @param created when it was put in force
   * @param ends when it is over; none if never
   * @param leaseEnds when it is over unless it is renewed; none if it has no lease
   */
  record Kept(
      Policy policy,
      long generation,
      Instant created,
      Optional<Instant> ends,
      Optional<Instant> leaseEnds) {}

  /**
   * What is kept beside the policies.
   *
   * @param version the number of the last change
   * @param halted whether nothing may be put in force
   */
  record Standing(long version, boolean halted) {}

  /** All that is kept. */
  List<Kept> policies();

  /** What is kept beside them; version 0 and not halted if nothing is. */
  Standing standing();

  /** Keeps a policy in place of one of the same name, and how things stand. */
  void save(Kept kept, Standing standing);

  /**
   * Forgets policies by name, and keeps how things stand. Those that are not there are no error.
   */
  void remove(List<String> names, Standing standing);

  /** One that keeps nothing beyond the process. */
  static FaultPolicyStore inMemory() {
    return new MemoryFaultPolicies();
  }
}
