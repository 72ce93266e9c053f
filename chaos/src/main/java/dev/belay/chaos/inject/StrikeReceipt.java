package dev.belay.chaos.inject;

import dev.belay.Check;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.wire.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The word of a data plane that a rule did strike a request.
 *
 * @param policy the name of the policy
 * @param rule which rule of it, counted from 0
 * @param kind what happened, such as {@code delay}
 * @param edge who called whom
 * @param traceId the trace that the request belongs to, if it said so
 * @param atNanos when, in nanoseconds since 1970
 */
public record StrikeReceipt(
    String policy, int rule, String kind, Edge edge, Optional<String> traceId, long atNanos) {
  public StrikeReceipt {
    Check.that(!policy.isBlank(), "policy of a receipt must not be blank");
    Check.that(rule >= 0, "rule of a receipt must be >= 0, was %d", rule);
  }

  /** The same as the search sees it, for a plan whose faults are the rules of one policy. */
  public Receipt receipt() {
    return new Receipt(rule, edge, traceId, atNanos);
  }

  /** As a tree of maps and values. */
  public Map<String, Object> write() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("policy", policy);
    tree.put("rule", rule);
    traceId.ifPresent(trace -> tree.put("trace_id", trace));
    tree.put("kind", kind);
    tree.put("from", edge.caller());
    tree.put("service", edge.callee());
    tree.put("ts", atNanos);
    return tree;
  }

  /**
   * The receipt of a tree.
   *
   * @throws dev.belay.chaos.wire.WireException if it is none; says where
   */
  public static StrikeReceipt read(Tree tree) {
    StrikeReceipt receipt =
        tree.build(() ->
            new StrikeReceipt(
                tree.text("policy"),
                (int) tree.whole("rule", 0, Integer.MAX_VALUE),
                tree.text("kind"),
                new Edge(
                    tree.maybeText("from").orElse(Edge.ANY),
                    tree.maybeText("service").orElse(Edge.ANY)),
                tree.maybeText("trace_id"),
                tree.whole("ts", Long.MIN_VALUE, Long.MAX_VALUE)));
    tree.close();
    return receipt;
  }
}
