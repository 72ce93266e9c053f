package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.Target;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A front that asks some services one after the other, each with another one that stands in for it.
 * It bears everything but what is planted: a service that has nobody, a pair that fails together, a
 * stand-in that is asked without looking at what it says.
 */
final class Synthetic implements Target {
  private static final long MILLI = 1_000_000;
  private static final long TIMEOUT = 1_000;

  /** What is wrong with a step. */
  enum Wrong {
    /** Nothing. */
    NOTHING,
    /** An error of the service is the end. */
    ALONE,
    /** An error of both is the end. */
    PAIR,
    /** Slow, and then an error of the one that stands in, is the end. */
    SLOW_PAIR,
    /** An error of both gives a wrong answer. */
    LIE,
    /** An error of the service is the end, but only after all others were asked. */
    IN_THE_END,
    /** An error of the service is the end in three of ten runs. */
    SELDOM
  }

  private final List<Wrong> steps;
  private final Set<Integer> shown = new HashSet<>();
  private int runs;

  Synthetic(List<Wrong> steps) {
    this.steps = List.copyOf(steps);
  }

  static Synthetic any(RandomGenerator random) {
    List<Wrong> steps = new ArrayList<>();
    int count = random.nextInt(4, 10);
    Wrong[] kinds = {
      Wrong.NOTHING, Wrong.NOTHING, Wrong.ALONE, Wrong.PAIR, Wrong.SLOW_PAIR, Wrong.LIE
    };
    for (int i = 0; i < count; i++) {
      steps.add(kinds[random.nextInt(kinds.length)]);
    }
    return new Synthetic(steps);
  }

  Set<Integer> planted() {
    Set<Integer> planted = new HashSet<>();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) != Wrong.NOTHING) {
        planted.add(i);
      }
    }
    return planted;
  }

  int order(int step) {
    return switch (steps.get(step)) {
      case ALONE, IN_THE_END, SELDOM -> 1;
      case NOTHING, PAIR, SLOW_PAIR, LIE -> 2;
    };
  }

  /** What showed in the last run. */
  Set<Integer> shown() {
    return Set.copyOf(shown);
  }

  int runs() {
    return runs;
  }

  List<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      edges.add(first(i));
      edges.add(second(i));
    }
    return edges;
  }

  static Edge first(int step) {
    return new Edge("front", "svc-" + step);
  }

  static Edge second(int step) {
    return new Edge("front", "help-" + step);
  }

  private enum Came {
    WELL,
    ERROR,
    BROKEN,
    LATE
  }

  /** One request on its way. */
  private static final class Way {
    private final FaultPlan plan;
    private final List<Span> spans = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private long now;

    Way(FaultPlan plan) {
      this.plan = plan;
    }

    Came call(Edge edge) {
      long from = now;
      Came came = Came.WELL;
      long took = 10;
      for (int i = 0; i < plan.size(); i++) {
        Fault fault = plan.faults().get(i);
        if (!fault.edge().equals(edge) || fault.hits().skip() > 0) {
          continue;
        }
        receipts.add(new Receipt(i, edge, Optional.of("t"), from * MILLI));
        switch (fault.effect()) {
          case Effect.Delay delay -> {
            took += delay.by().toMillis();
            came = took >= TIMEOUT ? Came.LATE : came;
          }
          case Effect.Abort none -> came = Came.ERROR;
          case Effect.Rewrite none -> came = Came.ERROR;
          default -> came = Came.BROKEN;
        }
      }
      now += Math.min(took, TIMEOUT);
      spans.add(
          new Span(
              new SpanId("t", "s" + spans.size(), Optional.of("root")),
              edge.caller(),
              "GET /" + edge.callee(),
              SpanKind.CLIENT,
              from * MILLI,
              (now - from) * MILLI,
              new Span.Outcome(
                  came != Came.WELL, Map.of("peer.service", edge.callee()), List.of())));
      return came;
    }
  }

  @Override
  public Observation run(FaultPlan plan) {
    runs++;
    shown.clear();
    Way way = new Way(plan);
    int status = 200;
    boolean lie = false;
    boolean ends = false;
    for (int i = 0; i < steps.size() && status == 200; i++) {
      Wrong wrong = steps.get(i);
      Came first = way.call(first(i));
      if (first == Came.WELL) {
        continue;
      }
      boolean isEnd =
          wrong == Wrong.ALONE
              || (wrong == Wrong.SELDOM && new java.util.SplittableRandom(runs).nextInt(10) < 3);
      if (isEnd && first == Came.ERROR) {
        status = 500;
        shown.add(i);
        continue;
      }
      if (wrong == Wrong.IN_THE_END && first == Came.ERROR) {
        ends = true;
        shown.add(i);
      }
      Came second = way.call(second(i));
      boolean both = second == Came.ERROR && first == Came.ERROR;
      if ((wrong == Wrong.PAIR && both)
          || (wrong == Wrong.SLOW_PAIR && first == Came.LATE && second == Came.ERROR)) {
        status = 500;
        shown.add(i);
      } else if (wrong == Wrong.LIE && both) {
        lie = true;
        shown.add(i);
      }
    }
    status = ends ? 500 : status;
    List<Span> spans = new ArrayList<>(way.spans);
    spans.add(
        new Span(
            new SpanId("t", "root", Optional.empty()),
            "front",
            "GET /",
            SpanKind.SERVER,
            0,
            way.now * MILLI,
            new Span.Outcome(status == 500, Map.of(), List.of())));
    return new Observation(
        "GET /",
        Observation.Reply.of(status, Duration.ofMillis(way.now)),
        List.of(),
        Optional.of(new Trace(spans, true)),
        way.receipts,
        List.of(new Invariant("it is true", !lie, lie ? "a lie" : "true")),
        Instant.EPOCH);
  }
}
