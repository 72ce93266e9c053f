package dev.belay.bench;

import java.io.Serial;
import java.util.concurrent.Callable;

/** What is guarded: about a nanosecond of work. For one thread. */
final class Work implements Callable<Object> {
  private final Stumble stumble = new Stumble();
  private final int failEvery;
  private int calls;

  /** Work of which each {@code failEvery}th attempt fails; none if it is 0. */
  Work(int failEvery) {
    this.failEvery = failEvery;
  }

  /**
   * One exception for all calls, without a stack, so that it is not its making that is measured.
   */
  private static final class Stumble extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    Stumble() {
      super("stumbled", null, false, false);
    }
  }

  @Override
  public Object call() {
    if (failEvery > 0 && ++calls == failEvery) {
      calls = 0;
      throw stumble;
    }
    return this;
  }
}
