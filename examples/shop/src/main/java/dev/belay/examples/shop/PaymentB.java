package dev.belay.examples.shop;

/** Stands in for payment A. Asks the ledger first whether the order is paid already. */
final class PaymentB implements Service {
  private final Books books;
  private final Defects defects;

  PaymentB(Books books, Defects defects) {
    this.books = books;
    this.defects = defects;
  }

  @Override
  public String name() {
    return "payment-b";
  }

  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(Steps.millis(12));
    Got known = Steps.ask(world, "ledger", Ask.get("/charges"), 300);
    boolean guesses = known.isRefused() && defects.isPlanted(Planted.CHARGED_TWICE);
    if (!known.isServed() && !guesses) {
      return Answer.ok("pending", 1);
    }
    if (known.value("charges", 0) > 0) {
      return Answer.ok("paid", 1);
    }
    if (books.charge() > 1) {
      boolean unused = defects.shows(Planted.CHARGED_TWICE);
    }
    return Answer.ok("paid", 1);
  }
}
