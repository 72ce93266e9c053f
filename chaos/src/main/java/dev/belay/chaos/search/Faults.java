package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;

/** How faults relate to each other. */
final class Faults {
  private static final Fault.Hits FROM_SECOND = new Fault.Hits(1, Integer.MAX_VALUE);

  private Faults() {}

  /** The same, but the first call passes. */
  static Fault fromSecond(Fault fault) {
    return new Fault(
        fault.edge(),
        fault.effect(),
        fault.match(),
        fault.percentage(),
        fault.startDelay(),
        FROM_SECOND);
  }

  /** The same from the first call on. */
  static Fault fromFirst(Fault fault) {
    return new Fault(
        fault.edge(),
        fault.effect(),
        fault.match(),
        fault.percentage(),
        fault.startDelay(),
        Fault.Hits.ALL);
  }

  /** What it does, without how much: aborts with different statuses are different. */
  static String kind(Fault fault) {
    String kind = fault.effect() instanceof Effect.Delay ? "delay" : fault.effect().toString();
    return fault.hits().equals(Fault.Hits.ALL) ? kind : kind + " later";
  }

  /** What the caller meets: an error that it is told, a broken connection, or a long wait. */
  static String family(Fault fault) {
    String family =
        switch (fault.effect()) {
          case Effect.Abort none -> "error";
          case Effect.Rewrite none -> "error";
          case Effect.Delay none -> "wait";
          case Effect.Throttle none -> "wait";
          case Effect.Reset none -> "broken";
          case Effect.Truncate none -> "broken";
          case Effect.Corrupt none -> "broken";
        };
    return fault.hits().equals(Fault.Hits.ALL) ? family : family + " later";
  }

  /** Where and what, and about how much: of two levels of each strength. */
  static String level(Fault fault, FaultSpace.Kinds kinds) {
    StringBuilder level = new StringBuilder(key(fault));
    if (fault.effect() instanceof Effect.Delay delay) {
      level.append(kinds.isLong(delay.by()) ? " long" : " short");
    }
    if (fault.percentage() < kinds.percentages().getFirst()) {
      level.append(" sometimes");
    }
    if (!fault.startDelay().isZero()) {
      level.append(" not at once");
    }
    return level.toString();
  }

  /** Where and what, without how much. */
  static String key(Fault fault) {
    return fault.edge() + " " + kind(fault);
  }

  static long delayMillis(Fault fault) {
    return fault.effect() instanceof Effect.Delay delay ? delay.by().toMillis() : 0;
  }

  /** A plan without what strikes an edge. */
  static FaultPlan elsewhere(FaultPlan plan, Edge edge) {
    return new FaultPlan(
        plan.faults().stream().filter(fault -> !fault.edge().equals(edge)).toList(), plan.life());
  }

  /** Whether a plan strikes an edge. */
  static boolean strikes(FaultPlan plan, Edge edge) {
    return plan.faults().stream().anyMatch(fault -> fault.edge().equals(edge));
  }
}
