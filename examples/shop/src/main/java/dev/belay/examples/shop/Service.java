package dev.belay.examples.shop;

/** One service of the shop. Safe for any number of threads. */
public interface Service {
  /** Its name, by which others call it. */
  String name();

  /**
   * Answers a request.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  Answer handle(Ask ask, World world) throws InterruptedException;
}
