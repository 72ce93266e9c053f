package dev.belay.examples.shop;

/** What else somebody may like; needs to know what is liked by all. */
final class Recommendation implements Service {
  @Override
  public String name() {
    return "recommendation";
  }

  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(Steps.millis(4));
    long liked = Steps.ask(world, "trending", Ask.get("/top"), 300).value("items", 0);
    return Answer.ok("items", 3 + liked);
  }
}
