package dev.belay.chaos.wire;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What was seen in a trial as a tree. */
public final class ObservationTree {
  private ObservationTree() {}

  /** The tree of an observation. */
  public static Map<String, Object> write(Observation seen) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("endpoint", seen.endpoint());
    seen.reply().status().ifPresent(status -> tree.put("status_code", status));
    seen.reply().latency().ifPresent(latency -> tree.put("latency_ns", latency.toNanos()));
    seen.reply().errorRate().ifPresent(rate -> tree.put("error_rate", rate));
    seen.reply().failure().ifPresent(failure -> tree.put("failure", failure));
    if (!seen.logs().isEmpty()) {
      tree.put("logs", seen.logs());
    }
    seen.trace().ifPresent(trace -> tree.put("trace", TraceTree.write(trace)));
    if (!seen.receipts().isEmpty()) {
      tree.put("receipts", seen.receipts().stream().map(ObservationTree::write).toList());
    }
    if (!seen.invariants().isEmpty()) {
      tree.put("invariants", seen.invariants().stream().map(ObservationTree::write).toList());
    }
    tree.put("timestamp", seen.at().toString());
    return tree;
  }

  private static Map<String, Object> write(Receipt receipt) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("fault", receipt.fault());
    tree.put("from", receipt.edge().caller());
    tree.put("service", receipt.edge().callee());
    receipt.traceId().ifPresent(trace -> tree.put("trace_id", trace));
    tree.put("at_ns", receipt.atNanos());
    return tree;
  }

  private static Map<String, Object> write(Invariant invariant) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", invariant.name());
    tree.put("holds", invariant.holds());
    tree.put("detail", invariant.detail());
    return tree;
  }

  /**
   * The observation of a tree.
   *
   * @throws WireException if it is none; names the place
   */
  public static Observation read(Tree tree) {
    Observation seen =
        tree.build(() ->
            new Observation(
                tree.text("endpoint"),
                reply(tree),
                tree.texts("logs"),
                tree.maybeTree("trace").map(TraceTree::read),
                receipts(tree),
                invariants(tree),
                tree.moment("timestamp")));
    tree.close();
    return seen;
  }

  private static Observation.Reply reply(Tree tree) {
    OptionalLong status = tree.maybeWhole("status_code", 100, 599);
    OptionalLong latency = tree.maybeWhole("latency_ns", 0, Long.MAX_VALUE);
    OptionalDouble rate = tree.maybeNumber("error_rate", 0, 1);
    return new Observation.Reply(
        status.isPresent() ? OptionalInt.of((int) status.getAsLong()) : OptionalInt.empty(),
        latency.isPresent() ? Optional.of(Duration.ofNanos(latency.getAsLong())) : Optional.empty(),
        rate,
        tree.maybeText("failure"));
  }

  private static List<Receipt> receipts(Tree tree) {
    return tree.trees("receipts").stream()
        .map(one -> {
          Receipt receipt =
              one.build(() ->
                  new Receipt(
                      (int) one.whole("fault", 0, Integer.MAX_VALUE),
                      new Edge(one.text("from"), one.text("service")),
                      one.maybeText("trace_id"),
                      one.whole("at_ns", Long.MIN_VALUE, Long.MAX_VALUE)));
          one.close();
          return receipt;
        })
        .toList();
  }

  private static List<Invariant> invariants(Tree tree) {
    return tree.trees("invariants").stream()
        .map(one -> {
          Invariant invariant =
              one.build(() ->
                  new Invariant(one.text("name"), one.yesNo("holds", true), one.text("detail")));
          one.close();
          return invariant;
        })
        .toList();
  }
}
