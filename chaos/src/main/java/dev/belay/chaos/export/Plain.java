package dev.belay.chaos.export;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;

/** What published executors know. */
final class Plain {
  private Plain() {}

  /** Whether policies for them mean the same as a plan: of two for one service, one would win. */
  static boolean is(FaultPlan plan) {
    long services = plan.faults().stream().map(fault -> fault.edge().callee()).distinct().count();
    boolean overlaps =
        plan.size() > 1
            && (services < plan.size()
                || plan.faults().stream()
                    .anyMatch(fault -> fault.edge().callee().equals(Edge.ANY)));
    return !overlaps && plan.faults().stream().allMatch(Plain::is);
  }

  private static boolean is(Fault fault) {
    boolean known =
        switch (fault.effect()) {
          case Effect.Delay none -> true;
          case Effect.Abort none -> true;
          case Effect.Reset none -> false;
          case Effect.Throttle none -> false;
          case Effect.Truncate none -> false;
          case Effect.Corrupt none -> false;
          case Effect.Rewrite none -> false;
        };
    return known
        && fault.edge().caller().equals(Edge.ANY)
        && fault.hits().equals(Fault.Hits.ALL)
        && fault.startDelay().isZero();
  }
}
