package dev.belay.examples.shop;

import java.time.Duration;

/**
 * A service that calls nobody and always answers the same.
 *
 * @param name its name
 * @param busy how long it takes
 * @param answer what it answers
 */
public record Leaf(String name, Duration busy, Answer answer) implements Service {
  /**
   * A service that answers with one value.
   *
   * @param busyMillis how long it takes, in milliseconds
   */
  public static Leaf of(String name, long busyMillis, String value, long amount) {
    return new Leaf(name, Duration.ofMillis(busyMillis), Answer.ok(value, amount));
  }

  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(busy);
    return answer;
  }
}
