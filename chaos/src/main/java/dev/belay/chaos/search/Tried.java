package dev.belay.chaos.search;

import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.trace.Trace;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of a plan.
 *
 * @param plan the plan
 * @param failure the signature of the failure; none if the system held
 * @param score how bad it was, without what the faults explain
 * @param calls the calls that were seen, and how often
 * @param struck the faults of the plan that struck a call
 * @param observation all that was seen
 */
record Tried(
    FaultPlan plan,
    Optional<String> failure,
    double score,
    Map<Sighting, Integer> calls,
    Set<Fault> struck,
    Observation observation) {

  static Tried of(FaultPlan plan, Observation seen, double score, Optional<String> failure) {
    Set<Fault> struck = new HashSet<>();
    for (Receipt receipt : seen.receipts()) {
      if (receipt.fault() < plan.size()) {
        struck.add(plan.faults().get(receipt.fault()));
      }
    }
    return new Tried(
        plan, failure, score, seen.trace().map(Sighting::in).orElse(Map.of()), struck, seen);
  }

  Optional<Trace> trace() {
    return observation.trace();
  }

  boolean held() {
    return failure.isEmpty();
  }
}
