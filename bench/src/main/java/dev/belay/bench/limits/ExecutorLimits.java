package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.bench.program.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The executor: its API, how soon faults are everywhere, and how exact they are. */
final class ExecutorLimits {
  private static final int ROUNDS = 50;
  private static final long LOOK_NANOS = 2_000_000;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Time time = Time.system();
  private final World world;
  private final Control control;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  ExecutorLimits(World world, Control control) {
    this.world = world;
    this.control = control;
  }

  /**
   * Measures all that does not end the server.
   *
   * @return the server that runs in the end
   */
  Program measure(Program server, Consumer<Limit> found) throws Exception {
    found.accept(api());
    try (Fronts fronts = new Fronts(world.control(), world.origin())) {
      awaitAgents(Fronts.COUNT);
      propagation(fronts).forEach(found);
      found.accept(delays(fronts));
      Program running = server;
      List<Long> offs = new ArrayList<>();
      for (int round = 0; round < 2; round++) {
        running = expiry(fronts, running, offs);
      }
      double most = offs.stream().mapToLong(Math::abs).max().orElse(Long.MAX_VALUE) / 1e6;
      found.accept(
          new Limit(
              "a fault of 6 s over kill -9 and restart of the server after 1.5 s, 2 times",
              "its last strike at most %.0f ms off its end".formatted(most),
              "± 1 s",
              most < 1_000));
      return running;
    } finally {
      threads.shutdownNow();
    }
  }

  private void awaitAgents(int count) throws IOException, InterruptedException {
    while (true) {
      long there = 0;
      for (JsonNode agent : control.get("/v1/agents").get("agents")) {
        there += agent.get("id").stringValue().startsWith("plane-") ? 1 : 0;
      }
      if (there == count) {
        return;
      }
      time.sleep(LOOK_NANOS);
    }
  }

  static String policy(String name, String service, String match, String fault) {
    return """
    {"metadata": {"name": "%s"}, "spec": {"selector": {"service": "%s"}, "rules": [
      {"match": {%s}, "fault": {"percentage": 100, %s}}]}}
    """
        .formatted(name, service, match, fault);
  }

  private static String abort(String name, String more) {
    return policy(
        name, "", "\"path\": {\"prefix\": \"/\"}", more + "\"abort\": {\"httpStatus\": 503}");
  }

  private Limit api() throws IOException, InterruptedException {
    List<Long> took = new ArrayList<>();
    for (int round = -20; round < 200; round++) {
      String policy = abort("api-" + round, "\"duration_seconds\": 60, ");
      List<Callable<JsonNode>> calls =
          List.of(
              () -> control.post("/v1/policies", policy),
              () -> control.get("/v1/policies"),
              () -> control.get("/v1/policies/status"),
              () -> control.get("/v1/agents"),
              () -> control.get("/v1/health"));
      for (Callable<JsonNode> call : calls) {
        time(call, round < 0 ? new ArrayList<>() : took);
      }
      String path = "/v1/policies/api-" + round;
      time(() -> control.delete(path), round < 0 ? new ArrayList<>() : took);
    }
    return Spread.of(took).below("calls of the executor's API, six kinds", 100);
  }

  private void time(Callable<JsonNode> call, List<Long> took)
      throws IOException, InterruptedException {
    long begun = time.nanos();
    try {
      JsonNode unused = call.call();
    } catch (IOException | InterruptedException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IOException(failed);
    }
    took.add(time.nanos() - begun);
  }

  /** From the request that applies a fault until all ten have struck, and have said so. */
  private List<Limit> propagation(Fronts fronts) throws Exception {
    List<Long> struck = new ArrayList<>();
    List<Long> said = new ArrayList<>();
    List<Long> gone = new ArrayList<>();
    for (int round = -5; round < ROUNDS; round++) {
      String body = "{\"policy\": " + abort("spread-" + round, "\"duration_seconds\": 60, ") + "}";
      long begun = time.nanos();
      String id = control.post("/v1/faults/apply", body).get("apply_id").stringValue();
      List<Future<Long>> all = everywhere(fronts, true);
      long known = untilSaid(id);
      long last = latest(all);
      long ending = time.nanos();
      JsonNode unused = control.delete("/v1/faults/" + id);
      long free = latest(everywhere(fronts, false));
      if (round >= 0) {
        struck.add(last - begun);
        said.add(known - begun);
        gone.add(free - ending);
      }
    }
    return List.of(
        Spread.of(struck).below("from applying a fault until it strikes at ten data planes", 1_000),
        Spread.of(said).below("until all ten are known to apply it", 1_000),
        Spread.of(gone).below("from taking it back until none of them strikes", 1_000));
  }

  private List<Future<Long>> everywhere(Fronts fronts, boolean isStruck) {
    List<Future<Long>> all = new ArrayList<>();
    for (int i = 0; i < Fronts.COUNT; i++) {
      int port = fronts.port(i);
      all.add(
          threads.submit(() -> {
            try (Caller caller = new Caller(port, "")) {
              long begun = time.nanos();
              while (caller.call().isStruck() != isStruck) {
                if (time.nanos() - begun > LONGEST_NANOS) {
                  break;
                }
                time.sleep(LOOK_NANOS);
              }
              return time.nanos();
            }
          }));
    }
    return all;
  }

  private static long latest(List<Future<Long>> all)
      throws ExecutionException, InterruptedException {
    long latest = Long.MIN_VALUE;
    for (Future<Long> one : all) {
      latest = Math.max(latest, one.get());
    }
    return latest;
  }

  /** Other data planes than the ten count, too. */
  private long untilSaid(String id) throws IOException, InterruptedException {
    long begun = time.nanos();
    while (time.nanos() - begun < LONGEST_NANOS) {
      JsonNode status = control.get("/v1/faults/" + id + "/status");
      int there = status.get("agents").intValue();
      if (there >= Fronts.COUNT && status.get("applied_by").intValue() >= there) {
        break;
      }
      time.sleep(LOOK_NANOS);
    }
    return time.nanos();
  }

  /** A start delay of 200 ms and a delay of 300 ms: half a second, and the service's own time. */
  private Limit delays(Fronts fronts) throws Exception {
    JsonNode put =
        control.post(
            "/v1/policies",
            policy(
                "slow",
                "service-0",
                "\"path\": {\"prefix\": \"/\"}",
                "\"start_delay_ms\": 200, \"duration_seconds\": 60, \"delay\": {\"fixed_delay_ms\":"
                    + " 300}"));
    awaitStruck(fronts.port(0));
    List<Future<List<Long>>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(
          threads.submit(() -> {
            List<Long> took = new ArrayList<>();
            try (Caller caller = new Caller(fronts.port(0), "")) {
              for (int call = 0; call < 12; call++) {
                long begun = time.nanos();
                Caller.Answer unused = caller.call();
                took.add(Math.abs(time.nanos() - begun - TimeUnit.MILLISECONDS.toNanos(500)));
              }
            }
            return took;
          }));
    }
    List<Long> off = new ArrayList<>();
    for (Future<List<Long>> one : all) {
      off.addAll(one.get());
    }
    JsonNode deleted = control.delete("/v1/policies/slow");
    Spread spread = Spread.of(off);
    return new Limit(
        "start delay of 200 ms and delay of 300 ms, %d requests".formatted(spread.size()),
        "median %.1f ms, most %.1f ms off".formatted(spread.median(), spread.most()),
        "± 50 ms",
        spread.most() < 50 && put.has("metadata") && deleted.has("message"));
  }

  private void awaitStruck(int port) throws IOException, InterruptedException {
    try (Caller caller = new Caller(port, "")) {
      while (!caller.call().isStruck()) {
        time.sleep(LOOK_NANOS);
      }
    }
  }

  /** How far off its end the last strike was, over a restart; gives the server after it. */
  private Program expiry(Fronts fronts, Program server, List<Long> offs) throws Exception {
    long begun = time.nanos();
    JsonNode unused = control.post("/v1/policies", abort("short", "\"duration_seconds\": 6, "));
    long end = begun + TimeUnit.SECONDS.toNanos(6);
    Future<Long> last =
        threads.submit(() -> {
          long struck = 0;
          try (Caller caller = new Caller(fronts.port(0), "")) {
            while (time.nanos() < end + TimeUnit.SECONDS.toNanos(3)) {
              long sent = time.nanos();
              struck = caller.call().isStruck() ? sent : struck;
              time.sleep(LOOK_NANOS);
            }
          }
          return struck;
        });
    time.sleep(TimeUnit.MILLISECONDS.toNanos(1_500));
    server.kill();
    Program next = world.serve();
    offs.add(last.get() - end);
    return next;
  }
}
