package dev.belay.proxy;

import java.util.Optional;

/** What is asked of every client before any proxy is tried. */
final class Admission {
  private Admission() {}

  /** Why this client or this target is turned down, if so. */
  static Optional<Refusal> refusal(Engine engine, Wishes wishes, Target target) {
    if (!engine.admits(wishes)) {
      return Optional.of(Refusal.login());
    }
    return wishes
        .fault(engine.policies())
        .map(Refusal::unknownWish)
        .or(() -> engine.refusal(target));
  }
}
