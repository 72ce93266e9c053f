package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The faults with which an edge is looked at, the most telling first. */
final class Effects {
  private Effects() {}

  /** So many times shorter than the longest is the delay that is tried besides it. */
  private static final int SHORTER = 3;

  /** What tells how a caller bears the loss of a callee, and how it bears its slowness. */
  static List<Effect> first(FaultSpace.Kinds kinds) {
    List<Effect> effects = new ArrayList<>();
    if (!kinds.statuses().isEmpty()) {
      effects.add(new Effect.Abort(kinds.statuses().getFirst()));
    }
    if (!kinds.delays().isEmpty()) {
      effects.add(new Effect.Delay(kinds.longest()));
    }
    if (kinds.resets()) {
      effects.add(new Effect.Reset());
    }
    return effects;
  }

  /** The rest. */
  static List<Effect> further(FaultSpace.Kinds kinds) {
    List<Effect> effects = new ArrayList<>();
    kinds.rewrites().forEach(status -> effects.add(new Effect.Rewrite(status)));
    kinds.statuses().stream()
        .skip(1)
        .sorted()
        .forEach(status -> effects.add(new Effect.Abort(status)));
    if (!kinds.delays().isEmpty()) {
      Duration shorter = kinds.longest().dividedBy(SHORTER);
      if (shorter.compareTo(kinds.shortest()) > 0) {
        effects.add(new Effect.Delay(Duration.ofMillis(shorter.toMillis())));
      }
    }
    return effects;
  }

  static List<Fault> at(Edge edge, List<Effect> effects) {
    return effects.stream().map(effect -> Fault.at(edge, effect)).toList();
  }
}
