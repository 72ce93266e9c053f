package dev.belay.chaos.search;

import dev.belay.Check;
import dev.belay.Sha256;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.trace.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The plans that a search may try: some faults together, each at another edge.
 *
 * @param edges where faults may strike; at least one, none twice
 * @param kinds what they may do
 * @param together how many of them at once; 1 to 10
 * @param services the services whose calls may be struck, also those that are seen later; any if it
 *     is empty
 */
public record FaultSpace(List<Edge> edges, Kinds kinds, int together, Set<String> services) {
  public FaultSpace {
    services = Set.copyOf(services);
    edges = List.copyOf(edges);
    Check.that(!edges.isEmpty(), "a space must have at least one edge");
    Check.that(
        edges.stream().distinct().count() == edges.size(), "edges must be unique, were %s", edges);
    Check.that(together >= 1 && together <= 10, "together must be in 1..10, was %d", together);
  }

  /**
   * What faults may do.
   *
   * @param statuses what aborted calls are answered with; empty for no aborts
   * @param delays from which to which delay; none for no delays
   * @param resets whether connections may be reset
   * @param rewrites statuses that stand for those of calls that were served; empty for none
   * @param percentages how many of the requests may be struck, each 1 to 100 of 100; the highest
   *     first, which is what a fault is looked at with; empty for all of them
   * @param startDelays from which to which time after its beginning a fault may strike from, at
   *     most 60 s; none if faults strike from the beginning on
   * @param shortestLife how short a plan may be in force at the least; none if all are for as long
   *     as each other
   */
  public record Kinds(
      List<Integer> statuses,
      List<Duration> delays,
      boolean resets,
      List<Integer> rewrites,
      List<Integer> percentages,
      List<Duration> startDelays,
      Optional<Duration> shortestLife) {
    /** 500, 503 or 429; 50 ms to 3 s; resets; and 503 for calls that were served. */
    public static final Kinds DEFAULT =
        new Kinds(
            List.of(503, 500, 429),
            List.of(Duration.ofMillis(50), Duration.ofSeconds(3)),
            true,
            List.of(503));

    public Kinds {
      statuses = List.copyOf(statuses);
      delays = List.copyOf(delays);
      rewrites = List.copyOf(rewrites);
      percentages =
          percentages.isEmpty()
              ? List.of(100)
              : percentages.stream().distinct().sorted(Comparator.reverseOrder()).toList();
      startDelays = List.copyOf(startDelays);
      Check.that(
          percentages.getFirst() <= 100 && percentages.getLast() >= 1,
          "percentages must be in 1..100, were %s",
          percentages);
      Check.that(
          startDelays.isEmpty() || isRange(startDelays),
          "start delays must be none, or the shortest and the longest below %s, were %s",
          FaultPlan.DEFAULT_LIFE,
          startDelays);
      for (int status : statuses) {
        Effect unused = new Effect.Abort(status);
      }
      for (int status : rewrites) {
        Effect unused = new Effect.Rewrite(status);
      }
      for (Duration delay : delays) {
        Effect unused = new Effect.Delay(delay);
      }
      Check.that(
          delays.isEmpty()
              || (delays.size() == 2 && delays.getFirst().compareTo(delays.getLast()) < 0),
          "delays must be none, or the shortest and the longest, were %s",
          delays);
      Check.that(
          !statuses.isEmpty() || !delays.isEmpty() || resets || !rewrites.isEmpty(),
          "a space must have at least one kind of fault");
    }

    private static boolean isRange(List<Duration> delays) {
      return delays.size() == 2
          && delays.getFirst().toMillis() >= 1
          && delays.getFirst().compareTo(delays.getLast()) < 0
          && delays.getLast().compareTo(FaultPlan.DEFAULT_LIFE) < 0;
    }

    /** Faults that strike all requests from the beginning on. */
    public Kinds(
        List<Integer> statuses, List<Duration> delays, boolean resets, List<Integer> rewrites) {
      this(statuses, delays, resets, rewrites, List.of(), List.of(), Optional.empty());
    }

    /** The same for some or other share of the requests, each in 100. */
    public Kinds withPercentages(List<Integer> others) {
      return new Kinds(statuses, delays, resets, rewrites, others, startDelays, shortestLife);
    }

    /** The same that may strike later, from the shortest to the longest time. */
    public Kinds withStartDelays(Duration shortest, Duration longest) {
      List<Duration> range = List.of(shortest, longest);
      return new Kinds(statuses, delays, resets, rewrites, percentages, range, shortestLife);
    }

    /** The same in plans that may be in force for different times, that one at the least. */
    Kinds withLivesFrom(Duration shortest) {
      return new Kinds(
          statuses, delays, resets, rewrites, percentages, startDelays, Optional.of(shortest));
    }

    /** Whether a delay is in the upper half of those there may be. */
    boolean isLong(Duration delay) {
      return !delays.isEmpty() && delay.compareTo(shortest().plus(longest()).dividedBy(2)) >= 0;
    }

    /** The longest delay. */
    Duration longest() {
      return delays.getLast();
    }

    /** The shortest delay. */
    Duration shortest() {
      return delays.getFirst();
    }
  }

  /** Plans that may strike the calls of any service. */
  public FaultSpace(List<Edge> edges, Kinds kinds, int together) {
    this(edges, kinds, together, Set.of());
  }

  /**
   * What tells one system from another: its services, who calls whom, and what faults may do. The
   * same text for the same, whatever the order.
   */
  public String topology() {
    String text = "%s %s".formatted(edges.stream().sorted().toList(), kinds);
    return Sha256.hex(text, 16);
  }

  /** Whether the calls of an edge may be struck. */
  boolean allows(Edge edge) {
    return services.isEmpty() || services.contains(edge.callee());
  }

  /** All edges that the healthy system uses, but for the way in; three faults together. */
  public static FaultSpace of(List<Observation> healthy) {
    Set<Edge> edges = new LinkedHashSet<>();
    for (Observation seen : healthy) {
      seen.trace()
          .ifPresent(trace ->
              Calls.of(trace).stream()
                  .filter(call -> !call.caller().equals(Calls.OUTSIDE))
                  .forEach(call -> edges.add(new Edge(call.caller(), call.callee()))));
    }
    Check.that(
        !edges.isEmpty(),
        "no call between services was seen in %d observations of the healthy system; let its"
            + " services send traces",
        healthy.size());
    return new FaultSpace(List.copyOf(edges), Kinds.DEFAULT, 3);
  }

  /**
   * What of it lies within a blast radius.
   *
   * @throws IllegalArgumentException if nothing does
   */
  public FaultSpace within(BlastRadius radius) {
    List<Edge> allowed =
        edges.stream()
            .filter(
                edge -> radius.services().isEmpty() || radius.services().contains(edge.callee()))
            .toList();
    Check.that(
        !allowed.isEmpty(),
        "none of the services that are called may be struck: allowed are %s",
        radius.services());
    List<Duration> delays =
        kinds.delays().stream()
            .map(delay ->
                delay.compareTo(radius.limits().delay()) > 0 ? radius.limits().delay() : delay)
            .distinct()
            .toList();
    Kinds kept =
        new Kinds(
            kinds.statuses(),
            delays.size() == 2 ? delays : List.of(),
            kinds.resets(),
            kinds.rewrites(),
            percentages(radius.limits().percentage()),
            kinds.startDelays().stream()
                .filter(delay -> delay.compareTo(radius.limits().life()) < 0)
                .toList(),
            kinds.shortestLife());
    return new FaultSpace(allowed, kept, Math.min(together, radius.faults()), radius.services());
  }

  private List<Integer> percentages(int most) {
    List<Integer> kept =
        kinds.percentages().stream().filter(percentage -> percentage <= most).toList();
    return kept.isEmpty() ? List.of(most) : kept;
  }

  /** The same with one edge more, if it is not there yet. */
  FaultSpace with(Edge edge) {
    if (edges.contains(edge) || !allows(edge)) {
      return this;
    }
    List<Edge> more = new ArrayList<>(edges);
    more.add(edge);
    return new FaultSpace(more, kinds, together, services);
  }

  /** Anything that may happen to a call, all kinds alike. */
  public Effect anyEffect(RandomGenerator random) {
    List<String> names = new ArrayList<>();
    if (!kinds.statuses().isEmpty()) {
      names.add("abort");
    }
    if (!kinds.delays().isEmpty()) {
      names.add("delay");
    }
    if (kinds.resets()) {
      names.add("reset");
    }
    if (!kinds.rewrites().isEmpty()) {
      names.add("rewrite");
    }
    return switch (names.get(random.nextInt(names.size()))) {
      case "abort" -> new Effect.Abort(any(kinds.statuses(), random));
      case "delay" ->
          new Effect.Delay(
              Duration.ofMillis(
                  random.nextLong(kinds.shortest().toMillis(), kinds.longest().toMillis() + 1)));
      case "reset" -> new Effect.Reset();
      default -> new Effect.Rewrite(any(kinds.rewrites(), random));
    };
  }

  /** A fault that strikes as many of an edge's calls as it may, from the beginning on. */
  Fault at(Edge edge, Effect effect) {
    return Fault.at(edge, effect).withPercentage(kinds.percentages().getFirst());
  }

  /** The same fault for some share of the calls and from some time on, as far as there are more. */
  private Fault timed(Fault fault, RandomGenerator random) {
    Fault timed = fault;
    if (kinds.percentages().size() > 1) {
      timed = timed.withPercentage(any(kinds.percentages(), random));
    }
    if (!kinds.startDelays().isEmpty() && random.nextBoolean()) {
      timed =
          timed.withStartDelay(
              Duration.ofMillis(
                  random.nextLong(
                      kinds.startDelays().getFirst().toMillis(),
                      kinds.startDelays().getLast().toMillis() + 1)));
    }
    return timed;
  }

  /** A fault at an edge, short delays as often as long ones. */
  Fault anyLevel(Edge edge, RandomGenerator random) {
    Fault fault = at(edge, anyEffect(random));
    if (fault.effect() instanceof Effect.Delay) {
      long shortest = kinds.shortest().toMillis();
      long longest = kinds.longest().toMillis();
      long middle = (shortest + longest) / 2;
      long millis =
          random.nextBoolean()
              ? random.nextLong(middle, longest + 1)
              : Math.round(shortest * Math.pow((double) middle / shortest, random.nextDouble()));
      fault = fault.withEffect(new Effect.Delay(Duration.ofMillis(millis)));
    }
    return timed(fault, random);
  }

  /** A fault as it is, up to twice as strong or half as strong. */
  Fault nearby(Fault fault, RandomGenerator random) {
    Fault near = fault;
    if (fault.effect() instanceof Effect.Delay delay && !kinds.delays().isEmpty()) {
      long millis = Math.round(delay.by().toMillis() * factor(random));
      long shortest = kinds.shortest().toMillis();
      near =
          near.withEffect(
              new Effect.Delay(
                  Duration.ofMillis(Math.clamp(millis, shortest, kinds.longest().toMillis()))));
    } else {
      near = near.withEffect(anyEffect(random));
    }
    return timed(near, random);
  }

  private static double factor(RandomGenerator random) {
    return Math.pow(2, random.nextDouble(-1, 1));
  }

  /** Any plan: one to {@link #together} faults, as many with each number. */
  public FaultPlan any(RandomGenerator random) {
    int count = random.nextInt(1, Math.min(together, edges.size()) + 1);
    List<Edge> left = new ArrayList<>(edges);
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Edge edge = left.remove(random.nextInt(left.size()));
      Fault fault = timed(at(edge, anyEffect(random)), random);
      boolean later = random.nextInt(10) == 0; // what the first call finds, the second may not
      faults.add(later ? Faults.fromSecond(fault) : fault);
    }
    return new FaultPlan(faults);
  }

  private static <T> T any(List<T> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }
}
