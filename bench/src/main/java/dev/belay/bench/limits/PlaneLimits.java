package dev.belay.bench.limits;

import dev.belay.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * What a data plane in a process of its own adds to requests that no fault means: 1,000 requests a
 * second through it and straight to the service, second by second in turns.
 */
final class PlaneLimits {
  private static final int POLICIES = 10;
  private static final int CALLERS = 8;
  private static final int RATE = 1_000;
  private static final int TURNS = 15;

  private final Time time = Time.system();
  private final World world;
  private final Control control;
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);

  PlaneLimits(World world, Control control) {
    this.world = world;
    this.control = control;
  }

  void measure(Consumer<Limit> found) throws Exception {
    for (int i = 0; i < POLICIES; i++) {
      String match =
          "\"path\": {\"prefix\": \"/other-%d\"}, \"headers\": [{\"name\": \"x-user\", \"exact\": \"%d\"}]"
              .formatted(i, i);
      JsonNode unused =
          control.post(
              "/v1/policies",
              ExecutorLimits.policy(
                  "idle-" + i, "price", match, "\"abort\": {\"httpStatus\": 503}"));
    }
    try {
      found.accept(idle());
    } finally {
      for (int i = 0; i < POLICIES; i++) {
        JsonNode unused = control.delete("/v1/policies/idle-" + i);
      }
      threads.shutdownNow();
    }
  }

  private Limit idle() throws IOException, InterruptedException, ExecutionException {
    List<Caller> through = callers(world.front());
    List<Caller> straight = callers(world.origin());
    try {
      for (int turn = 0; turn < 4; turn++) {
        List<Long> unused = second(through, 4 * RATE); // what runs is compiled by then
        unused = second(straight, RATE);
      }
      List<Long> plane = new ArrayList<>();
      List<Long> direct = new ArrayList<>();
      for (int turn = 0; turn < TURNS; turn++) {
        plane.addAll(second(through, RATE));
        direct.addAll(second(straight, RATE));
      }
      Spread one = Spread.of(plane);
      Spread other = Spread.of(direct);
      double median = one.median() - other.median();
      double p99 = one.p99() - other.p99();
      return new Limit(
          "added by a data plane at %,d requests/s, %d policies that mean none of them"
              .formatted(RATE, POLICIES),
          "median %.2f ms (%.2f - %.2f), p99 %.2f ms (%.2f - %.2f)"
              .formatted(median, one.median(), other.median(), p99, one.p99(), other.p99()),
          "< 1 ms, both",
          median < 1 && p99 < 1);
    } finally {
      for (Caller caller : through) {
        caller.close();
      }
      for (Caller caller : straight) {
        caller.close();
      }
    }
  }

  private static List<Caller> callers(int port) throws IOException {
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(new Caller(port, ""));
    }
    return callers;
  }

  /** A second of requests at even distances, shared among the connections. */
  private List<Long> second(List<Caller> callers, int rate)
      throws InterruptedException, ExecutionException {
    long begun = time.nanos();
    long step = TimeUnit.SECONDS.toNanos(1) / rate;
    List<Future<List<Long>>> all = new ArrayList<>();
    for (int i = 0; i < callers.size(); i++) {
      int first = i;
      all.add(
          threads.submit(() -> {
            List<Long> took = new ArrayList<>();
            for (int request = first; request < rate; request += CALLERS) {
              long wait = begun + request * step - time.nanos();
              if (wait > 0) {
                time.sleep(wait);
              }
              long sent = time.nanos();
              if (callers.get(first).call().status() != 200) {
                throw new IOException("the service did not answer well");
              }
              took.add(time.nanos() - sent);
            }
            return took;
          }));
    }
    List<Long> took = new ArrayList<>();
    for (Future<List<Long>> one : all) {
      took.addAll(one.get());
    }
    return took;
  }
}
