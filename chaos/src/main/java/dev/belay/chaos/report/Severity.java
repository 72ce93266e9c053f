package dev.belay.chaos.report;

import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;

/** Which faults are at least as bad as others. In doubt they are: that favours chance. */
final class Severity {
  private static final int SERVER_ERROR = 500;

  private Severity() {}

  /** Whether a plan does all that another one does, or worse. */
  static boolean holds(FaultPlan plan, FaultPlan other) {
    return other.faults().stream()
        .allMatch(wanted -> plan.faults().stream().anyMatch(fault -> isAsBad(fault, wanted)));
  }

  private static boolean isAsBad(Fault fault, Fault wanted) {
    boolean there =
        fault.edge().equals(wanted.edge())
            || wanted.edge().covers(fault.edge().caller(), fault.edge().callee());
    return there
        && isAsBad(fault.effect(), wanted.effect())
        && fault.percentage() >= wanted.percentage()
        && fault.match().equals(wanted.match());
  }

  private static boolean isAsBad(Effect effect, Effect wanted) {
    return switch (effect) {
      case Effect.Delay delay ->
          wanted instanceof Effect.Delay other && delay.by().compareTo(other.by()) >= 0;
      case Effect.Abort abort ->
          wanted instanceof Effect.Abort other && isAlike(abort.status(), other.status());
      case Effect.Rewrite rewrite ->
          wanted instanceof Effect.Rewrite other && isAlike(rewrite.status(), other.status());
      case Effect.Reset none -> wanted instanceof Effect.Reset;
      case Effect.Throttle none -> wanted instanceof Effect.Throttle;
      case Effect.Truncate none -> wanted instanceof Effect.Truncate;
      case Effect.Corrupt none -> wanted instanceof Effect.Corrupt;
    };
  }

  /** All errors of a server count as one. */
  static boolean isAlike(int status, int other) {
    return status == other || (status >= SERVER_ERROR && other >= SERVER_ERROR);
  }
}
