package dev.belay.examples.home;

import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.Service;
import dev.belay.examples.shop.Steps;
import dev.belay.examples.shop.World;
import java.util.function.LongFunction;

/**
 * A service that asks one other, and does without it.
 *
 * @param name its name
 * @param busyMillis how long it takes by itself
 * @param callee whom it asks
 * @param timeoutMillis how long it waits
 * @param answer what it says; is given 1 if the other one answered, else 0
 */
record Caller(
    String name, long busyMillis, String callee, long timeoutMillis, LongFunction<Answer> answer)
    implements Service {
  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(Steps.millis(busyMillis));
    boolean served = Steps.ask(world, callee, Ask.get("/" + callee), timeoutMillis).isServed();
    return answer.apply(served ? 1 : 0);
  }
}
