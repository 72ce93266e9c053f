package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans as rows of numbers: for each call what is done to it and how much, and how many faults
 * there are.
 */
final class PlanRow {
  private static final int KINDS = 16;
  private static final int MOST_EDGES = 100;

  private final List<Edge> edges;
  private final List<String> kinds = new ArrayList<>();
  private final boolean timed;
  private final int width;

  PlanRow(FaultSpace space) {
    this.edges = space.edges().subList(0, Math.min(MOST_EDGES, space.edges().size()));
    kinds.add("none");
    kinds.add("delay");
    kinds.add("other");
    space.kinds().statuses().forEach(status -> kind(new Effect.Abort(status).toString()));
    space.kinds().rewrites().forEach(status -> kind(new Effect.Rewrite(status).toString()));
    kind(new Effect.Reset().toString());
    this.timed = space.kinds().percentages().size() > 1 || !space.kinds().startDelays().isEmpty();
    this.width = timed ? 4 : 2;
  }

  private void kind(String kind) {
    if (kinds.size() < KINDS) {
      kinds.add(kind);
    }
  }

  /** How many levels each feature has, as {@code Samples} wants to know. */
  int[] levels() {
    int[] levels = new int[edges.size() * width + 1];
    for (int i = 0; i < edges.size(); i++) {
      levels[i * width] = kinds.size();
    }
    return levels;
  }

  double[] of(FaultPlan plan) {
    double[] row = new double[edges.size() * width + 1];
    for (Fault fault : plan.faults()) {
      int at = edges.indexOf(fault.edge()) * width;
      if (at >= 0) {
        row[at] = kind(fault);
        row[at + 1] = Faults.delayMillis(fault);
        if (timed) {
          row[at + 2] = fault.percentage();
          row[at + 3] = fault.startDelay().toMillis();
        }
      }
    }
    row[row.length - 1] = plan.size();
    return row;
  }

  private int kind(Fault fault) {
    int kind =
        fault.effect() instanceof Effect.Delay ? 1 : kinds.indexOf(fault.effect().toString());
    return kind < 0 ? 2 : kind;
  }
}
