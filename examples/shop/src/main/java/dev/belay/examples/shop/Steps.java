package dev.belay.examples.shop;

import java.time.Duration;
import java.util.Optional;

/** How the edge calls others. */
final class Steps {
  private Steps() {}

  static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  /** A good answer; nothing if it is an error or none came. */
  static Optional<Answer> ask(World world, String callee, Ask ask, long timeout)
      throws InterruptedException {
    try {
      return Optional.of(world.call(callee, ask, millis(timeout))).filter(Answer::isOk);
    } catch (CallFailed none) {
      return Optional.empty();
    }
  }
}
