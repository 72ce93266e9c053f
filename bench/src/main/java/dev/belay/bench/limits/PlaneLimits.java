package dev.belay.bench.limits;

import dev.belay.Time;
import java.io.IOException;
import java.nio.file.Path;
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
 * second through it, through HAProxy where there is one, and straight to the service, second by
 * second in turns.
 */
final class PlaneLimits {
  private static final int POLICIES = 10;
  private static final int CALLERS = 8;
  private static final int RATE = 1_000;
  private static final int TURNS = 15;

  private final Time time = Time.system();
  private final Path folder;
  private final World world;
  private final Control control;
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);

  PlaneLimits(Path folder, World world, Control control) {
    this.folder = folder;
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
    if (!HaProxy.isThere()) {
      List<Spread> took = inTurns(world.origin(), world.front());
      return limit(took, "; there is no HAProxy here to compare with");
    }
    try (HaProxy peer = HaProxy.start(folder, world.origin())) {
      List<Spread> took = inTurns(world.origin(), world.front(), peer.port());
      return limit(took, "; HAProxy (mode http) adds " + added(took.get(2), took.get(0)));
    }
  }

  private static Limit limit(List<Spread> took, String beside) {
    Spread straight = took.get(0);
    Spread plane = took.get(1);
    return new Limit(
        "added by a data plane at %,d requests/s, %d policies that mean none of them"
            .formatted(RATE, POLICIES),
        added(plane, straight) + beside,
        "< 1 ms, both",
        plane.median() - straight.median() < 1 && plane.p99() - straight.p99() < 1);
  }

  private static String added(Spread through, Spread straight) {
    return "median %.2f ms (%.2f - %.2f), p99 %.2f ms (%.2f - %.2f)"
        .formatted(
            through.median() - straight.median(),
            through.median(),
            straight.median(),
            through.p99() - straight.p99(),
            through.p99(),
            straight.p99());
  }

  /** How long requests to each of some ports take. */
  private List<Spread> inTurns(int... ports)
      throws IOException, InterruptedException, ExecutionException {
    List<List<Caller>> ways = new ArrayList<>();
    try {
      List<List<Long>> took = new ArrayList<>();
      for (int port : ports) {
        ways.add(callers(port));
        took.add(new ArrayList<>());
      }
      for (int turn = 0; turn < 4; turn++) {
        for (List<Caller> way : ways) {
          List<Long> unused = second(way, 4 * RATE); // what runs is compiled by then
        }
      }
      for (int turn = 0; turn < TURNS; turn++) {
        for (int way = 0; way < ports.length; way++) {
          took.get(way).addAll(second(ways.get(way), RATE));
        }
      }
      return took.stream().map(Spread::of).toList();
    } finally {
      for (List<Caller> way : ways) {
        for (Caller caller : way) {
          caller.close();
        }
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
