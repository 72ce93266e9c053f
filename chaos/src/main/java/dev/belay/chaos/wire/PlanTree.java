package dev.belay.chaos.wire;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plans of faults as trees:
 *
 * <pre>{@code
 * {"duration_ms": 30000,
 *  "faults": [{"from": "cart", "service": "pricing", "effect": "delay", "delay_ms": 1500,
 *              "percentage": 50, "start_delay_ms": 200}]}
 * }</pre>
 *
 * <p>What is left out is as {@link Fault#at} has it. A fault without {@code from} strikes all calls
 * of the service.
 */
public final class PlanTree {
  private static final long LONGEST_LIFE_MS = 3_600_000;
  private static final long LONGEST_START_MS = 60_000;

  private PlanTree() {}

  /** The tree of a plan. */
  public static Map<String, Object> write(FaultPlan plan) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("duration_ms", plan.life().toMillis());
    tree.put("faults", plan.faults().stream().map(PlanTree::write).toList());
    return tree;
  }

  /** The tree of one fault. */
  public static Map<String, Object> write(Fault fault) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (!fault.edge().caller().equals(Edge.ANY)) {
      tree.put("from", fault.edge().caller());
    }
    tree.put("service", fault.edge().callee());
    tree.put("effect", fault.effect().kind());
    switch (fault.effect()) {
      case Effect.Delay delay -> tree.put("delay_ms", delay.by().toMillis());
      case Effect.Abort abort -> tree.put("status", abort.status());
      case Effect.Rewrite rewrite -> tree.put("status", rewrite.status());
      case Effect.Throttle throttle -> tree.put("bytes_per_second", throttle.bytesPerSecond());
      case Effect.Truncate truncate -> tree.put("after_bytes", truncate.afterBytes());
      case Effect.Reset none -> {}
      case Effect.Corrupt none -> {}
    }
    if (!fault.match().equals(Match.ALL)) {
      tree.put("match", write(fault.match()));
    }
    if (fault.percentage() < 100) {
      tree.put("percentage", fault.percentage());
    }
    if (!fault.startDelay().isZero()) {
      tree.put("start_delay_ms", fault.startDelay().toMillis());
    }
    if (fault.hits().skip() > 0) {
      tree.put("skip", fault.hits().skip());
    }
    if (fault.hits().count() < Integer.MAX_VALUE) {
      tree.put("count", fault.hits().count());
    }
    return tree;
  }

  private static Map<String, Object> write(Match match) {
    Map<String, Object> tree = new LinkedHashMap<>();
    match.method().ifPresent(method -> tree.put("method", method));
    match.pathPrefix().ifPresent(path -> tree.put("path", path));
    if (!match.headers().isEmpty()) {
      tree.put("headers", match.headers());
    }
    return tree;
  }

  /**
   * The plan of a tree.
   *
   * @throws WireException if it is none; names the place
   */
  public static FaultPlan read(Tree tree) {
    Duration life =
        Duration.ofMillis(
            tree.maybeWhole("duration_ms", 1, LONGEST_LIFE_MS)
                .orElse(FaultPlan.DEFAULT_LIFE.toMillis()));
    List<Fault> faults = tree.trees("faults").stream().map(PlanTree::fault).toList();
    tree.close();
    return tree.build(() -> new FaultPlan(faults, life));
  }

  private static Fault fault(Tree tree) {
    Edge edge =
        tree.build(() -> new Edge(tree.maybeText("from").orElse(Edge.ANY), tree.text("service")));
    Effect effect = tree.build(() -> effect(tree));
    Match match =
        tree.maybeTree("match")
            .map(wanted -> {
              Match read =
                  new Match(
                      wanted.maybeText("method"),
                      wanted.maybeText("path"),
                      wanted.textsByKey("headers"));
              wanted.close();
              return read;
            })
            .orElse(Match.ALL);
    int percentage = (int) tree.maybeWhole("percentage", 1, 100).orElse(100);
    Duration startDelay =
        Duration.ofMillis(tree.maybeWhole("start_delay_ms", 0, LONGEST_START_MS).orElse(0));
    int skip = (int) tree.maybeWhole("skip", 0, Integer.MAX_VALUE).orElse(0);
    int count = (int) tree.maybeWhole("count", 1, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
    tree.close();
    return new Fault(edge, effect, match, percentage, startDelay, new Fault.Hits(skip, count));
  }

  private static Effect effect(Tree tree) {
    return switch (tree.text("effect")) {
      case "delay" ->
          new Effect.Delay(Duration.ofMillis(tree.whole("delay_ms", 1, Effect.MAX_DELAY_MS)));
      case "abort" -> new Effect.Abort((int) tree.whole("status", 400, 599));
      case "reset" -> new Effect.Reset();
      case "throttle" -> new Effect.Throttle(tree.whole("bytes_per_second", 1, Long.MAX_VALUE));
      case "truncate" -> new Effect.Truncate(tree.whole("after_bytes", 0, Long.MAX_VALUE));
      case "corrupt" -> new Effect.Corrupt();
      case "rewrite" -> new Effect.Rewrite((int) tree.whole("status", 400, 599));
      default ->
          throw tree.wrong(
              "effect", "one of delay, abort, reset, throttle, truncate, corrupt, rewrite");
    };
  }
}
