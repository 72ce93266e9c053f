package dev.belay.chaos.score;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.CriticalPath;
import dev.belay.chaos.trace.Operations;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanTree;
import dev.belay.chaos.trace.Trace;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the faults of a trial did by themselves: which calls they struck, and what of the damage
 * that explains. For one observation.
 */
public final class Strikes {
  private final FaultPlan plan;
  private final Observation seen;
  private final Map<Span, Fault> struck = new HashMap<>();

  /**
   * What the faults of a plan did.
   *
   * @param plan the plan that was in force
   * @param seen what was seen meanwhile
   */
  public Strikes(FaultPlan plan, Observation seen) {
    this.plan = plan;
    this.seen = seen;
    seen.trace().ifPresent(this::find);
  }

  private Optional<Fault> fault(Receipt receipt) {
    return receipt.fault() < plan.size()
        ? Optional.of(plan.faults().get(receipt.fault()))
        : Optional.empty();
  }

  /** Each receipt belongs to the call of its edge that began next to it. */
  private void find(Trace trace) {
    SpanTree tree = new SpanTree(trace);
    List<Calls.Call> calls = Calls.of(trace);
    for (Receipt receipt : seen.receipts()) {
      Optional<Fault> fault = fault(receipt);
      if (fault.isPresent()) {
        calls.stream()
            .filter(call -> covers(receipt.edge(), call))
            .filter(call -> !fault.equals(Optional.ofNullable(struck.get(call.span()))))
            .min(Comparator.comparingLong(call -> distance(receipt, call, tree)))
            .ifPresent(call -> struck.put(call.span(), fault.get()));
      }
    }
  }

  private static long distance(Receipt receipt, Calls.Call call, SpanTree tree) {
    return Math.abs(whole(call.span(), tree).startNanos() - receipt.atNanos());
  }

  /** A delay is before the callee begins: in its caller's span, if that is seen. */
  private static Span whole(Span span, SpanTree tree) {
    return tree.parent(span).filter(above -> isSameCall(above, span)).orElse(span);
  }

  private static boolean covers(Edge edge, Calls.Call call) {
    return edge.covers(call.caller(), call.callee());
  }

  /** The fault that struck each call that was struck, by the span that stands for the call. */
  public Map<Span, Fault> struck() {
    return Collections.unmodifiableMap(struck);
  }

  /** Whether a span failed because a fault struck its own call, or that right below it. */
  boolean explains(Span span, SpanTree tree) {
    return struck.containsKey(span)
        || tree.children(span).stream()
            .anyMatch(child -> struck.containsKey(child) && isSameCall(span, child));
  }

  /** A client span and the server span below it stand for one call. */
  private static boolean isSameCall(Span client, Span server) {
    return !client.service().equals(server.service());
  }

  /** Whether the one who asked was answered by a fault, before any service was reached. */
  boolean answeredAtTheEntry() {
    Optional<String> entry = seen.trace().flatMap(Trace::root).map(Span::service);
    return seen.receipts().stream()
        .anyMatch(receipt ->
            fault(receipt).filter(fault -> breaks(fault.effect())).isPresent()
                && isEntry(receipt.edge(), entry));
  }

  /** Nothing inside is seen if the front door was shut. */
  private static boolean isEntry(Edge edge, Optional<String> entry) {
    boolean fromOutside = edge.caller().equals(Edge.ANY) || edge.caller().equals(Calls.OUTSIDE);
    return edge.caller().equals(Calls.OUTSIDE)
        || (fromOutside && entry.map(edge.callee()::equals).orElse(true));
  }

  private static boolean breaks(Effect effect) {
    return switch (effect) {
      case Effect.Abort none -> true;
      case Effect.Reset none -> true;
      case Effect.Rewrite none -> true;
      case Effect.Truncate none -> true;
      case Effect.Corrupt none -> true;
      case Effect.Delay none -> false;
      case Effect.Throttle none -> false;
    };
  }

  /**
   * How much of the latency the delays explain: each delay as often as the same operation is called
   * in the healthy system, and once if it is not, so that a call that is repeated because it is
   * slow explains itself once. Only what lies on the critical path counts, if a trace says what
   * does. What a trace does not show of a call that was struck says nothing: its delay explains all
   * that it can.
   */
  long explainedNanos(Baseline baseline) {
    if (seen.trace().filter(Trace::complete).isEmpty()) {
      return plan.faults().stream().mapToLong(fault -> unseenNanos(fault, baseline)).sum();
    }
    Trace trace = seen.trace().get();
    SpanTree tree = new SpanTree(trace);
    CriticalPath path = CriticalPath.of(trace);
    long explained =
        plan.faults().stream()
            .filter(fault -> !struck.containsValue(fault))
            .mapToLong(fault -> unseenNanos(fault, baseline))
            .sum();
    Map<String, Integer> counted = new HashMap<>();
    for (Span span : trace.spans()) {
      Optional<Fault> fault = Optional.ofNullable(struck.get(span));
      if (fault.isEmpty() || delayNanos(fault.get()) == 0) {
        continue;
      }
      String name = Operations.collapsed(span.operation());
      int before = counted.merge(fault.get() + " " + name, 1, Integer::sum) - 1;
      if (before < Math.max(1, usualCalls(fault.get(), name::equals, baseline))) {
        explained +=
            isTornOff(span, tree)
                ? delayNanos(fault.get())
                : Math.min(delayNanos(fault.get()), path.nanosBelow(whole(span, tree), tree));
      }
    }
    return explained;
  }

  /** Whether the trace does not show how a span hangs together with the request. */
  private static boolean isTornOff(Span span, SpanTree tree) {
    Span top = span;
    for (Optional<Span> at = tree.parent(top); at.isPresent(); at = tree.parent(top)) {
      top = at.get();
    }
    return top.id().parent().isPresent();
  }

  /** What a delay explains by its receipts alone: as often as its edge is usually called. */
  private long unseenNanos(Fault fault, Baseline baseline) {
    long strikes =
        seen.receipts().stream()
            .filter(receipt -> fault(receipt).equals(Optional.of(fault)))
            .count();
    return delayNanos(fault)
        * Math.min(strikes, Math.max(1, usualCalls(fault, any -> true, baseline)));
  }

  private static long delayNanos(Fault fault) {
    return fault.effect() instanceof Effect.Delay delay ? delay.by().toNanos() : 0;
  }

  private static int usualCalls(Fault fault, Predicate<String> name, Baseline baseline) {
    List<Trace> traces = baseline.traces();
    return traces.stream()
        .mapToInt(trace ->
            (int)
                Calls.of(trace).stream()
                    .filter(call -> covers(fault.edge(), call))
                    .filter(call -> name.test(Operations.collapsed(call.span().operation())))
                    .count())
        .max()
        .orElse(1);
  }
}
