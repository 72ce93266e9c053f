package dev.belay.examples.shop;

/** Knows how often an order was charged. */
final class Ledger implements Service {
  private final Books books;

  Ledger(Books books) {
    this.books = books;
  }

  @Override
  public String name() {
    return "ledger";
  }

  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(Steps.millis(2));
    return Answer.ok("charges", books.charges());
  }
}
