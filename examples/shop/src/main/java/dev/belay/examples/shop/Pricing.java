package dev.belay.examples.shop;

import java.util.Map;

/** Says what a cart costs: 100, less the discount, and the tax on top. */
final class Pricing implements Service {
  static final long PRICE = 100;
  static final long DISCOUNT = 10;
  static final long TAX = 20;
  private static final int TOO_MANY = 429;

  /** What it answers when it does not know the tax. */
  static final int NO_TAX = 424;

  private final Defects defects;

  Pricing(Defects defects) {
    this.defects = defects;
  }

  @Override
  public String name() {
    return "pricing";
  }

  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(Steps.millis(5));
    long discount = discount(world);
    long before = world.elapsedMillis();
    Got tax = Steps.ask(world, "tax", Ask.get("/rate"), 2_000);
    long slow = world.elapsedMillis() - before;
    if (tax.isRefused() && defects.isPlanted(Planted.TAX_WITHOUT_FALLBACK)) {
      return Answer.failed(NO_TAX);
    }
    long rate = tax.value("rate", TAX);
    return new Answer(200, Map.of("total", PRICE - discount + rate, "tax_millis", slow));
  }

  /** Without promo there is no discount. */
  private long discount(World world) throws InterruptedException {
    try {
      Answer promo = world.call("promo", Ask.get("/discount"), Steps.millis(400));
      if (promo.status() == TOO_MANY && defects.isPlanted(Planted.PROMO_LIMIT_IS_FREE)) {
        return PRICE;
      }
      return promo.isOk() ? promo.value("discount") : 0;
    } catch (CallFailed none) {
      return 0;
    }
  }
}
