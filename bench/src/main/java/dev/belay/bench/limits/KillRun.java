package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.bench.program.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * Kills a server at random moments while it searches a system through a data plane of another
 * process, and looks what is left. Every second kill the server stays away until the lease is long
 * over, and real requests through the data plane tell when the last fault struck; in between it is
 * back at once, and the receipts tell it of the faults that the killed process had set.
 */
public final class KillRun {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Duration SLACK = Duration.ofSeconds(1);

  /** So long is a fault in force at the least, so that many kills find one. */
  private static final Duration THINK = Duration.ofMillis(80);

  private static final int TRIALS = 1_000;
  private static final long LOOK_NANOS = 2_000_000;

  private final PrintStream out;
  private final Time time = Time.system();
  private final Random random;
  private final Set<String> others = new HashSet<>();
  private double longestMillis;
  private long requests;
  private long late;
  private int lost;
  private int left;
  private int inForce;

  /**
   * A run.
   *
   * @param seed of the moments
   */
  public KillRun(PrintStream out, long seed) {
    this.out = out;
    this.random = new Random(seed);
  }

  /** Kills so often. */
  public ChaosLimits.Outcome run(int kills) throws Exception {
    Path folder = Files.createTempDirectory("belay-kills");
    try (World world = new World(folder, LEASE, THINK);
        Control control = new Control(world.control())) {
      Program plane = world.openFronts();
      Program server = world.serve();
      try {
        String id = control.begin(TRIALS, 7);
        Set<String> known = new HashSet<>();
        for (int kill = 1; kill <= kills; kill++) {
          server = round(world, control, server, id, known, kill);
          out.printf(
              "%d of %d kills: %d trials, %d lost, %d late strikes, last strike %.0f ms after its"
                  + " kill at most, %d policies left%n",
              kill, kills, known.size(), lost, late, longestMillis, left);
        }
        return table(kills, end(control, id, known));
      } finally {
        server.close();
        plane.close();
      }
    } finally {
      ChaosLimits.delete(folder);
    }
  }

  /** Real requests of the session, until it is told to stop; remembers when the last was struck. */
  private final class Probing {
    private final Thread thread;
    private volatile boolean over;
    private volatile long last = Long.MIN_VALUE;
    private final AtomicLong sent = new AtomicLong();

    Probing(World world, String id) {
      thread = Thread.startVirtualThread(() -> run(world, id));
    }

    private void run(World world, String id) {
      try (Caller caller = new Caller(world.front(), World.baggage(id))) {
        while (!over) {
          long at = time.nanos();
          if (caller.call().isStruck()) {
            last = at;
          }
          sent.incrementAndGet();
          time.sleep(LOOK_NANOS);
        }
      } catch (IOException broken) {
        out.println("the data plane does not answer: " + broken);
        late++; // nothing is known, which is not good
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    void stop() throws InterruptedException {
      over = true;
      thread.join();
    }
  }

  private Program round(
      World world, Control control, Program server, String id, Set<String> known, int kill)
      throws IOException, InterruptedException {
    Probing probing = new Probing(world, id);
    int more = known.size() + 2 + random.nextInt(6);
    List<String> trials = control.trials(id);
    while (trials.size() < Math.min(more, TRIALS)) {
      time.sleep(LOOK_NANOS);
      trials = control.trials(id);
    }
    time.sleep(TimeUnit.MILLISECONDS.toNanos(random.nextInt(60)));
    known.addAll(control.trials(id));
    server.kill();
    long killed = time.nanos();
    Instant killedAt = time.instant();
    boolean stays = kill % 2 == 1;
    if (stays) {
      time.sleep(LEASE.plus(SLACK).plusMillis(500).toNanos());
      probing.stop();
      count(probing, killed);
    }
    Program next = world.serve();
    List<String> after = control.trials(id);
    lost += (int) known.stream().filter(trial -> !after.contains(trial)).count();
    if (!stays) {
      long waited = time.nanos() - killed;
      time.sleep(Math.max(0, LEASE.plus(SLACK).plusMillis(500).toNanos() - waited));
      probing.stop();
      requests += probing.sent.get();
      receipts(control, killedAt);
      left += leftOver(control);
    }
    return next;
  }

  private void count(Probing probing, long killed) {
    requests += probing.sent.get();
    if (probing.last != Long.MIN_VALUE) {
      double millis = (probing.last - killed) / 1e6;
      inForce += millis > 0 ? 1 : 0;
      longestMillis = Math.max(longestMillis, millis);
      late += millis > LEASE.plus(SLACK).toMillis() ? 1 : 0;
    }
  }

  /** The names of faults tell the process that set them; those of the killed one had to end. */
  private void receipts(Control control, Instant killedAt)
      throws IOException, InterruptedException {
    long killed = TimeUnit.SECONDS.toNanos(killedAt.getEpochSecond()) + killedAt.getNano();
    Map<String, Long> first = new HashMap<>();
    Map<String, Long> last = new HashMap<>();
    for (JsonNode receipt : control.get("/v1/receipts").get("receipts")) {
      String maker = maker(receipt.get("policy").stringValue());
      first.merge(maker, receipt.get("ts").longValue(), Math::min);
      last.merge(maker, receipt.get("ts").longValue(), Math::max);
    }
    others.clear();
    first.forEach((maker, at) -> {
      if (at <= killed) {
        others.add(maker);
        double millis = (last.getOrDefault(maker, at) - killed) / 1e6;
        longestMillis = Math.max(longestMillis, millis);
        late += millis > LEASE.plus(SLACK).toMillis() ? 1 : 0;
      }
    });
  }

  private static String maker(String policy) {
    return policy.substring(0, policy.lastIndexOf('-'));
  }

  private int leftOver(Control control) throws IOException, InterruptedException {
    int old = 0;
    for (JsonNode policy : control.get("/v1/policies").get("policies")) {
      old += others.contains(maker(policy.at("/metadata/name").stringValue())) ? 1 : 0;
    }
    return old;
  }

  /** Lets it go on to its end, as far as that is not hours away; gives how it ended. */
  private String end(Control control, String id, Set<String> known)
      throws IOException, InterruptedException {
    long begun = time.nanos();
    List<String> trials = control.trials(id);
    while (trials.size() < TRIALS && time.nanos() - begun < TimeUnit.MINUTES.toNanos(3)) {
      time.sleep(TimeUnit.MILLISECONDS.toNanos(200));
      trials = control.trials(id);
    }
    String status = control.session(id).get("status").stringValue();
    for (int look = 0; look < 500 && status.equals("RUNNING"); look++) {
      time.sleep(TimeUnit.MILLISECONDS.toNanos(20));
      status = control.session(id).get("status").stringValue();
    }
    List<String> all = trials;
    lost += (int) known.stream().filter(trial -> !all.contains(trial)).count();
    left += control.get("/v1/policies").get("policies").size();
    return "%s with %d of %d trials".formatted(status, all.size(), TRIALS);
  }

  private ChaosLimits.Outcome table(int kills, String end) {
    List<Limit> limits = new ArrayList<>();
    limits.add(
        new Limit(
            "strikes later than lease (%d s) + 1 s after a kill; %,d requests, %d times the server"
                    .formatted(LEASE.toSeconds(), requests, (kills + 1) / 2)
                + " stayed away",
            "%d; the last strike came at most %.0f ms after its kill; %d of the times it was away a"
                    .formatted(late, longestMillis, inForce)
                + " fault was in force",
            "0",
            late == 0 && requests > 0 && inForce > 0));
    limits.add(
        new Limit(
            "acknowledged trials missing after %d restarts".formatted(kills),
            Integer.toString(lost),
            "0",
            lost == 0));
    limits.add(
        new Limit(
            "policies left by a killed process, and at the end",
            Integer.toString(left),
            "0",
            left == 0));
    String whole = "COMPLETED with %1$d of %1$d trials".formatted(TRIALS);
    limits.add(new Limit("the session's end", end, "all trials", end.equals(whole)));
    return ChaosLimits.Outcome.of(limits);
  }
}
