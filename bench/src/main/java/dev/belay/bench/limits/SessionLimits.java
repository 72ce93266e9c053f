package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.bench.program.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Ten sessions at once in one real server, watched over sockets. */
final class SessionLimits {
  private static final int SESSIONS = 10;
  private static final int TRIALS = 150;
  private static final Duration LONGEST = Duration.ofSeconds(90);
  private static final long LOOK_NANOS = 4_000_000;

  private final Time time = Time.system();
  private final World world;
  private final Control control;
  private final Program server;
  private final List<Long> asked = new ArrayList<>();
  private final List<Long> lags = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();

  SessionLimits(World world, Control control, Program server) {
    this.world = world;
    this.control = control;
    this.server = server;
  }

  void measure(Consumer<Limit> found) throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      ids.add(control.begin(TRIALS, i));
    }
    Map<String, JsonNode> ends = watch(ids);
    found.accept(Spread.of(asked).below("GET a session while ten are at work", 100));
    found.accept(
        Spread.of(lags)
            .below("from the answer to a trial's request until GET shows the trial", 1_000));
    found.accept(independent(ids, ends));
    double peak = server.peakMegabytes();
    found.accept(
        new Limit(
            "the server's process with ten sessions at work",
            "peak %.0f MB of memory for all ten (heap at most 192 MB)".formatted(peak),
            "heap < 500 MB for each",
            peak < 500));
  }

  /** Looks at one after the other until all have ended; aborts one of them on the way. */
  private Map<String, JsonNode> watch(List<String> ids) throws IOException, InterruptedException {
    Map<String, JsonNode> ends = new HashMap<>();
    long begun = time.nanos();
    boolean aborted = false;
    while (ends.size() < ids.size() && time.nanos() - begun < LONGEST.toNanos()) {
      for (String id : ids) {
        if (ends.containsKey(id)) {
          continue;
        }
        long before = time.nanos();
        JsonNode view = control.session(id);
        long now = time.nanos();
        if (ends.isEmpty()) {
          asked.add(now - before);
        }
        note(id, view.at("/progress/trials_completed").intValue(), now);
        String status = view.get("status").stringValue();
        if (status.equals("COMPLETED") || status.equals("FAILED")) {
          ends.put(id, view);
        }
        time.sleep(LOOK_NANOS);
      }
      if (!aborted && seen.getOrDefault(ids.getFirst(), 0) > 20) {
        aborted = true;
        JsonNode unused =
            control.post(Control.SESSIONS + "/" + ids.getFirst() + "/abort", "{\"reason\":\"\"}");
      }
    }
    return ends;
  }

  private void note(String id, int done, long now) {
    List<Long> answers = List.copyOf(world.answered(id));
    for (int trial = seen.getOrDefault(id, 0) + 1; trial <= done; trial++) {
      int answer = World.HEALTHY_RUNS + (trial - 1) / World.HEALTHY_EVERY + trial - 1;
      if (answer < answers.size()) {
        lags.add(now - answers.get(answer));
      }
    }
    seen.put(id, done);
  }

  /** One was aborted; all others made all their trials, and no fault struck another's request. */
  private Limit independent(List<String> ids, Map<String, JsonNode> ends)
      throws IOException, InterruptedException {
    long whole = 0;
    for (String id : ids.subList(1, ids.size())) {
      JsonNode end = ends.get(id);
      boolean all =
          end != null
              && end.get("status").stringValue().equals("COMPLETED")
              && end.at("/progress/trials_completed").intValue() == TRIALS;
      whole += all ? 1 : 0;
    }
    JsonNode receipts = control.get("/v1/receipts").get("receipts");
    int strikes = 0;
    int astray = 0;
    for (JsonNode receipt : receipts) {
      String session = world.sessionOf(receipt.path("trace_id").asString(""));
      if (!session.isEmpty()) {
        strikes++;
        astray += receipt.get("policy").stringValue().startsWith(session) ? 0 : 1;
      }
    }
    int left = control.get("/v1/policies").get("policies").size();
    return new Limit(
        "ten sessions at once, one aborted on the way",
        "%d of 9 others made all %d trials; %d of %,d strikes hit another's request; %d faults left"
            .formatted(whole, TRIALS, astray, strikes, left),
        "9, 0 and 0",
        whole == SESSIONS - 1 && astray == 0 && strikes > 0 && left == 0);
  }
}
