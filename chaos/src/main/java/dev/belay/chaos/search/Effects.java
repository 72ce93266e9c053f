package dev.belay.chaos.search;

import dev.belay.chaos.Effect;
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

  /** Slow, but not too late; and an error that is not one of the server's. */
  static List<Effect> second(FaultSpace.Kinds kinds) {
    List<Effect> effects = new ArrayList<>();
    if (!kinds.delays().isEmpty()) {
      Duration shorter = kinds.longest().dividedBy(SHORTER);
      if (shorter.compareTo(kinds.shortest()) > 0) {
        effects.add(new Effect.Delay(Duration.ofMillis(shorter.toMillis())));
      }
    }
    kinds.statuses().stream()
        .skip(1)
        .filter(status -> status < 500)
        .forEach(status -> effects.add(new Effect.Abort(status)));
    return effects;
  }

  /** What was done, and is not known to be: tells something only of calls that do something. */
  static List<Effect> served(FaultSpace.Kinds kinds) {
    return kinds.rewrites().stream().map(status -> (Effect) new Effect.Rewrite(status)).toList();
  }

  /** Further errors of the server. */
  static List<Effect> further(FaultSpace.Kinds kinds) {
    return kinds.statuses().stream()
        .skip(1)
        .filter(status -> status >= 500)
        .map(status -> (Effect) new Effect.Abort(status))
        .toList();
  }
}
