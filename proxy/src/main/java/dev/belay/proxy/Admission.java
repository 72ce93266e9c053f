package dev.belay.proxy;

/** What became of a client that wants to go somewhere, before any proxy is tried. */
sealed interface Admission {
  /** Turned down. */
  record Refused(Refusal why) implements Admission {}

  /** Let in. */
  record Granted(Visit visit) implements Admission {}

  /** Looks at who it is, what it wishes for, and where it wants to go. */
  static Admission of(Engine engine, Wishes wishes, Target target) {
    if (!engine.admits(wishes)) {
      return new Refused(Refusal.login());
    }
    return wishes
        .fault(engine.policies())
        .<Admission>map(fault -> new Refused(Refusal.unknownWish(fault)))
        .orElseGet(() -> engine.visit(target, wishes.policy(engine.policies())));
  }
}
