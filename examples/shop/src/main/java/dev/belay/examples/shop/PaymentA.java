package dev.belay.examples.shop;

/** Charges an order, once for each time it is asked. */
final class PaymentA implements Service {
  private final Books books;

  PaymentA(Books books) {
    this.books = books;
  }

  @Override
  public String name() {
    return "payment-a";
  }

  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(Steps.millis(10));
    if (books.charges() == 0) { // knows its own orders
      long unused = books.charge();
    }
    return Answer.ok("paid", 1);
  }
}
