package dev.belay.examples.home;

import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.CallFailed;
import dev.belay.examples.shop.Service;
import dev.belay.examples.shop.Steps;
import dev.belay.examples.shop.World;

/** Knows who is looking. Has the numbers of old accounts mapped to new ones. */
final class Profile implements Service {
  /** What it answers when it does not know the new number. */
  static final int UNMAPPED = 424;

  private static final int UNAVAILABLE = 503;
  private final Flaws flaws;

  Profile(Flaws flaws) {
    this.flaws = flaws;
  }

  @Override
  public String name() {
    return "user-profile";
  }

  /** The old number will do for a while. */
  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(Steps.millis(6));
    try {
      Answer mapped = world.call("mapper", Ask.get("/ids"), Steps.millis(700));
      if (mapped.status() == UNAVAILABLE && flaws.isPlanted(Flaw.MAPPER_NOT_AVAILABLE)) {
        return Answer.failed(UNMAPPED);
      }
    } catch (CallFailed none) {
      return Answer.ok("child", 1);
    }
    return Answer.ok("child", 1);
  }
}
