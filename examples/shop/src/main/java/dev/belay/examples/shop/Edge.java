package dev.belay.examples.shop;

import static dev.belay.examples.shop.Steps.ask;
import static dev.belay.examples.shop.Steps.millis;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The front door: takes an order from the look at the shelf to the parcel. Each step bears the loss
 * of the service that it needs, unless a defect is planted in it.
 */
final class Edge implements Service {
  private final Defects defects;
  private final AtomicBoolean dry = new AtomicBoolean();

  Edge(Defects defects) {
    this.defects = defects;
  }

  @Override
  public String name() {
    return "edge";
  }

  /** An order that cannot be taken. */
  private static final class Refused extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1;
    final int status;

    Refused(int status) {
      super("status " + status, null, false, false);
      this.status = status;
    }
  }

  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(millis(3));
    if (ask.path().equals("/status")) {
      return dry.get() ? Answer.failed(503) : Answer.ok("up", 1);
    }
    try {
      return checkout(world);
    } catch (Refused refused) {
      return Answer.failed(refused.status);
    }
  }

  private Answer checkout(World world) throws Refused, InterruptedException {
    long shown = shelf(world);
    cart(world);
    Price price = price(world);
    Stock stock = look(world);
    pay(world);
    reserve(world, stock);
    long days = ship(world);
    long liked = recommend(world);
    Got unused = ask(world, "audit", Ask.post("/orders", "total", price.total()), 150);
    if (price.taxMillis() >= 1_000
        && stock.millis() >= 2_000
        && defects.shows(Planted.POOL_RUNS_DRY)) {
      dry.set(true);
    }
    return new Answer(
        200, Map.of("total", price.total(), "shown", shown, "days", days, "liked", liked));
  }

  private long shelf(World world) throws Refused, InterruptedException {
    Got catalog = ask(world, "catalog", Ask.get("/products"), 1_000);
    if (catalog.isServed()) {
      return catalog.value("items", 0);
    }
    Got trending = ask(world, "trending", Ask.get("/top"), 1_900);
    if (trending.isServed()) {
      return trending.value("items", 0);
    }
    Got search = ask(world, "search", Ask.get("/all"), 600);
    boolean empty = catalog.isRefused() && trending.isSlow() && search.isRefused();
    if (empty && defects.shows(Planted.NOTHING_TO_SHOW)) {
      throw new Refused(500);
    }
    return search.value("items", 0);
  }

  private void cart(World world) throws Refused, InterruptedException {
    Got cart = ask(world, "cart", Ask.get("/cart"), 800);
    if (cart.how() != Got.How.BROKEN) {
      return; // what the browser sent is taken
    }
    Got noted = ask(world, "audit", Ask.post("/carts", "lost", 1), 500);
    if (noted.isRefused() && defects.shows(Planted.CART_NEEDS_AUDIT)) {
      throw new Refused(500);
    }
  }

  private record Price(long total, long taxMillis) {}

  private Price price(World world) throws Refused, InterruptedException {
    long known = Pricing.PRICE - Pricing.DISCOUNT + Pricing.TAX;
    try {
      Answer price = world.call("pricing", Ask.get("/price"), millis(1_500));
      if (price.isOk()) {
        if (price.value("total") == Pricing.TAX) {
          boolean unused = defects.shows(Planted.PROMO_LIMIT_IS_FREE);
        }
        return new Price(price.value("total"), price.value("tax_millis"));
      }
      if (price.status() == Pricing.NO_TAX && defects.shows(Planted.TAX_WITHOUT_FALLBACK)) {
        throw new Refused(500);
      }
      return new Price(known, 0);
    } catch (CallFailed none) {
      if (none.kind() != CallFailed.Kind.TIMEOUT) {
        return new Price(known, 0);
      }
      long waited = 1_500;
      Got cached = ask(world, "cache", Ask.get("/price"), 100);
      if (cached.isRefused() && defects.shows(Planted.SLOW_PRICE_NO_CACHE)) {
        throw new Refused(504);
      }
      return new Price(cached.value("total", known), waited);
    }
  }

  private record Stock(String from, long millis) {}

  private Stock look(World world) throws Refused, InterruptedException {
    long before = world.elapsedMillis();
    Got first = ask(world, "inventory", Ask.get("/stock"), 1_200);
    if (first.isServed()) {
      return new Stock("inventory", world.elapsedMillis() - before);
    }
    Got second = ask(world, "inventory-replica", Ask.get("/stock"), 1_200);
    boolean none = first.isRefused() && second.isRefused();
    if (none && defects.shows(Planted.NO_STOCK_AT_ALL)) {
      throw new Refused(500);
    }
    String from = second.isServed() ? "inventory-replica" : ""; // sold on trust
    return new Stock(from, world.elapsedMillis() - before);
  }

  /**
   * An answer of A that took its time is good. With the defect planted it is doubted, and B is
   * asked to confirm it; while B is slow, too, both are asked again.
   */
  private void pay(World world) throws InterruptedException {
    Ask charge = Ask.post("/charges", "order", 1);
    for (int round = 1; round <= 6; round++) {
      long before = world.elapsedMillis();
      Got paid = ask(world, "payment-a", charge, 1_200);
      boolean doubted = paid.isServed() && world.elapsedMillis() - before >= 700;
      if (paid.isServed() && !(doubted && defects.isPlanted(Planted.PAYMENT_STORM))) {
        return;
      }
      boolean slow = ask(world, "payment-b", charge, 900).isSlow();
      if (!doubted || !slow || !defects.shows(Planted.PAYMENT_STORM)) {
        return; // it is paid, or will be
      }
    }
  }

  private void reserve(World world, Stock stock) throws Refused, InterruptedException {
    if (stock.from().isEmpty()) {
      return;
    }
    Got taken = ask(world, stock.from(), Ask.post("/reserve", "order", 1), 1_200);
    if (taken.isRefused()
        && stock.from().equals("inventory")
        && defects.shows(Planted.GONE_BEFORE_USE)) {
      throw new Refused(500);
    }
  }

  private long ship(World world) throws Refused, InterruptedException {
    Got days = ask(world, "shipping", Ask.get("/days"), 600);
    if (days.isRefused() && world.chance() < 0.3 && defects.shows(Planted.SHIPPING_GUESS)) {
      throw new Refused(500);
    }
    return days.value("days", 7);
  }

  private long recommend(World world) throws InterruptedException {
    long timeout = defects.isPlanted(Planted.RECOMMENDATION_TWICE) ? 1_200 : 250;
    Got liked = ask(world, "recommendation", Ask.get("/for-you"), timeout);
    if (liked.isSlow() && defects.shows(Planted.RECOMMENDATION_TWICE)) {
      liked = ask(world, "recommendation", Ask.get("/for-you"), timeout);
    }
    return liked.value("items", 0);
  }
}
