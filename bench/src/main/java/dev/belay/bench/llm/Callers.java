package dev.belay.bench.llm;

import dev.belay.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * So many at once, who each ask one call after the other, on a virtual thread. They begin spread
 * over a while, since callers who know nothing of each other do not come in step.
 */
final class Callers {
  private static final Time TIME = Time.system();

  private Callers() {}

  /**
   * Asks.
   *
   * @param calls of each caller
   * @param spread between the first and the last one's beginning
   * @return nanoseconds of every call
   * @throws IllegalStateException if a call fails or brings no text
   */
  static List<Long> ask(Side side, int callers, int calls, Duration spread)
      throws InterruptedException {
    List<Long> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Long>>> running = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        long wait = spread.toNanos() * i / callers;
        running.add(threads.submit(() -> calls(side, calls, wait)));
      }
      for (Future<List<Long>> one : running) {
        all.addAll(one.get());
      }
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a call failed", failed.getCause());
    }
    return all;
  }

  private static List<Long> calls(Side side, int calls, long waitNanos) throws Exception {
    TIME.sleep(waitNanos);
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      long start = TIME.nanos();
      int length = side.ask();
      took.add(TIME.nanos() - start);
      if (length == 0) {
        throw new IllegalStateException("an answer without text");
      }
    }
    return took;
  }
}
