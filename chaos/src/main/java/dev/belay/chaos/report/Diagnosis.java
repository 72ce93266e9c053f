package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.score.Dimension;
import dev.belay.chaos.score.Strikes;
import dev.belay.chaos.search.Signature;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanTree;
import dev.belay.chaos.trace.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells from a failing trial which known patterns it shows, the most telling first. */
final class Diagnosis {
  /** Clocks of two services differ by less than this. */
  private static final long SLACK_NANOS = 5_000_000;

  private final FaultPlan plan;
  private final Trial.Seen seen;
  private final Habits habits;
  private final Optional<Trace> trace;
  private final List<Hint> hints = new ArrayList<>();

  private Diagnosis(FaultPlan plan, Trial.Seen seen, Habits habits) {
    this.plan = plan;
    this.seen = seen;
    this.habits = habits;
    this.trace = seen.observation().trace();
  }

  /**
   * The patterns of a failure.
   *
   * @param plan what brings it about
   * @param seen a trial that shows it
   * @param habits what the healthy system does
   */
  static List<Hint> of(FaultPlan plan, Trial.Seen seen, Habits habits) {
    Diagnosis diagnosis = new Diagnosis(plan, seen, habits);
    diagnosis.invariant();
    diagnosis.storm();
    diagnosis.timeouts();
    diagnosis.fallback();
    return List.copyOf(diagnosis.hints);
  }

  private boolean failed(Dimension dimension) {
    return seen.score().amplification(dimension).score() >= Signature.FAILURE;
  }

  private void invariant() {
    if (!failed(Dimension.INVARIANT)) {
      return;
    }
    List<Fault> served =
        plan.faults().stream().filter(fault -> fault.effect() instanceof Effect.Rewrite).toList();
    if (!served.isEmpty()) {
      hints.add(new Hint(Pattern.NON_IDEMPOTENT_RETRY, edges(served)));
    }
    hints.add(
        new Hint(
            Pattern.BROKEN_INVARIANT, seen.score().amplification(Dimension.INVARIANT).condition()));
  }

  private void storm() {
    if (failed(Dimension.STRUCTURE) || failed(Dimension.PERFORMANCE)) {
      trace
          .flatMap(habits::mostRepeated)
          .ifPresent(repeated -> hints.add(new Hint(Pattern.RETRY_STORM, repeated)));
    }
  }

  private void timeouts() {
    if (trace.isEmpty() || !(failed(Dimension.BUG) || failed(Dimension.PERFORMANCE))) {
      return;
    }
    SpanTree tree = new SpanTree(trace.get());
    Optional<Span> abandoned =
        trace.get().spans().stream().filter(span -> isAbandoned(span, tree)).findFirst();
    abandoned.ifPresent(
        span -> hints.add(new Hint(Pattern.TIMEOUT_INVERSION, call(span, tree).toString())));
    if (abandoned.isEmpty()) {
      waited(tree).ifPresent(edge -> hints.add(new Hint(Pattern.MISSING_TIMEOUT, edge)));
    }
  }

  /** Whether the caller of a service left while the service itself still waited for another one. */
  private static boolean isAbandoned(Span server, SpanTree tree) {
    Optional<Span> client =
        tree.parent(server).filter(above -> !above.service().equals(server.service()));
    return client.isPresent()
        && tree.children(server).stream()
            .anyMatch(child -> child.endNanos() > client.get().endNanos() + SLACK_NANOS);
  }

  private static Edge call(Span server, SpanTree tree) {
    return new Edge(tree.caller(server).orElse(server).service(), server.service());
  }

  /** The first call that was delayed and waited for to its end. */
  private Optional<String> waited(SpanTree tree) {
    return new Strikes(plan, seen.observation())
        .struck().entrySet().stream()
            .filter(one -> isWaitedFor(one.getKey(), one.getValue(), tree))
            .min(Comparator.comparingLong(one -> one.getKey().startNanos()))
            .map(one -> one.getValue().edge().toString());
  }

  private static boolean isWaitedFor(Span span, Fault fault, SpanTree tree) {
    return fault.effect() instanceof Effect.Delay delay
        && whole(span, tree).durationNanos() >= delay.by().toNanos();
  }

  /** A delay is before the callee begins: in the span of its caller, if that is seen. */
  private static Span whole(Span span, SpanTree tree) {
    return tree.parent(span).filter(above -> !above.service().equals(span.service())).orElse(span);
  }

  private void fallback() {
    if (!failed(Dimension.BUG) || plan.size() == 0) {
      return;
    }
    if (plan.size() == 1) {
      hints.add(new Hint(Pattern.MISSING_FALLBACK, edges(plan.faults())));
      return;
    }
    List<Fault> unusual =
        plan.faults().stream().filter(fault -> habits.isUnusual(fault.edge())).toList();
    hints.add(
        new Hint(Pattern.SECOND_FALLBACK, edges(unusual.isEmpty() ? plan.faults() : unusual)));
  }

  private static String edges(List<Fault> faults) {
    return faults.stream()
        .map(fault -> fault.edge().toString())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
