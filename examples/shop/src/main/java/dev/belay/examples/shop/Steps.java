package dev.belay.examples.shop;

import java.time.Duration;
import java.util.Optional;

/** How services call each other. */
public final class Steps {
  private Steps() {}

  /** So many milliseconds. */
  public static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  /**
   * Calls a service; whatever comes of it is no exception.
   *
   * @param timeout how long to wait for its answer, in milliseconds
   */
  public static Got ask(World world, String callee, Ask ask, long timeout)
      throws InterruptedException {
    try {
      Answer answer = world.call(callee, ask, millis(timeout));
      return answer.isOk()
          ? new Got(Optional.of(answer), Got.How.SERVED)
          : new Got(Optional.empty(), Got.How.REFUSED);
    } catch (CallFailed none) {
      boolean slow = none.kind() == CallFailed.Kind.TIMEOUT;
      return new Got(Optional.empty(), slow ? Got.How.SLOW : Got.How.BROKEN);
    }
  }
}
