package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.search.PointPlan;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.NoFeasiblePoint;
import dev.belay.chaos.space.SearchSpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Works out how likely plans drawn by chance are to show what a session saw, from the same space
 * that it searched.
 */
final class Chances {
  private static final FaultSpace.Kinds KINDS = FaultSpace.Kinds.DEFAULT;
  private static final int DRAWS = 2_000;
  private static final long SEED = 1;

  /** As {@link FaultSpace#any} has it: one fault in ten lets the first call pass. */
  private static final double FROM_FIRST = 0.9;

  private Chances() {}

  /** Of a session; none if no trial showed anything. */
  static Optional<Chance> of(SessionView session, List<Trial> trials) {
    Map<String, List<FaultPlan>> failing = failing(session.defects(), trials);
    if (failing.isEmpty()) {
      return Optional.empty();
    }
    Optional<SearchSpace> space = Spaces.of(session.spec());
    return Optional.of(
        space.isPresent()
            ? drawn(space.get(), session.spec().service(), failing)
            : counted(trials, failing));
  }

  /** The plans that show each failure that a trial showed: the smallest one, if it is known. */
  private static Map<String, List<FaultPlan>> failing(List<Defect> defects, List<Trial> trials) {
    Map<String, FaultPlan> smallest = new LinkedHashMap<>();
    defects.forEach(defect ->
        defect.minimal().ifPresent(minimal -> smallest.put(defect.signature(), minimal.plan())));
    Map<String, List<FaultPlan>> failing = new LinkedHashMap<>();
    for (Trial trial : trials) {
      trial
          .seen()
          .flatMap(seen -> seen.insight().failure())
          .ifPresent(signature -> {
            List<FaultPlan> plans = failing.computeIfAbsent(signature, none -> new ArrayList<>());
            FaultPlan least = smallest.get(signature);
            if (least == null) {
              plans.add(trial.proposal().plan());
            } else if (plans.isEmpty()) {
              plans.add(least);
            }
          });
    }
    return failing;
  }

  private static Chance counted(List<Trial> trials, Map<String, List<FaultPlan>> failing) {
    Set<Edge> edges = new HashSet<>();
    int together = 1;
    for (Trial trial : trials) {
      List<Fault> faults = trial.proposal().plan().faults();
      faults.forEach(fault -> edges.add(fault.edge()));
      together = Math.max(together, faults.size());
    }
    int most = Math.min(together, edges.size());
    Map<String, Double> shares = new LinkedHashMap<>();
    failing.forEach((signature, plans) ->
        shares.put(
            signature,
            plans.stream()
                .map(plan -> eased(plan, signature, trials))
                .mapToDouble(plan -> share(plan, edges, most))
                .max()
                .orElse(0)));
    return new Chance(shares, Chance.Way.COUNTED);
  }

  /**
   * A plan with each delay half-way to the longest that was borne in its place: the smallest plan
   * may not be known to the millisecond, and where the edge lies between is not known at all.
   */
  private static FaultPlan eased(FaultPlan plan, String signature, List<Trial> trials) {
    FaultPlan eased = plan;
    for (Fault fault : plan.faults()) {
      if (fault.effect() instanceof Effect.Delay delay) {
        FaultPlan rest = plan.without(fault);
        long failing = delay.by().toMillis();
        long borne =
            trials.stream()
                .filter(trial -> trial.seen().isPresent() && !showed(trial, signature))
                .map(trial -> trial.proposal().plan())
                .filter(tried -> Severity.holds(tried, rest))
                .flatMap(tried -> tried.faults().stream())
                .filter(other -> other.edge().equals(fault.edge()))
                .mapToLong(Chances::millis)
                .filter(millis -> millis < failing)
                .max()
                .orElse(0);
        Duration between = Duration.ofMillis(Math.max(1, (borne + failing) / 2));
        eased = eased.without(fault).and(fault.withEffect(new Effect.Delay(between)));
      }
    }
    return eased;
  }

  private static boolean showed(Trial trial, String signature) {
    return trial
        .seen()
        .flatMap(seen -> seen.insight().failure())
        .filter(signature::equals)
        .isPresent();
  }

  private static long millis(Fault fault) {
    return fault.effect() instanceof Effect.Delay delay ? delay.by().toMillis() : 0;
  }

  /** How many of the plans of one to {@code most} faults hold a plan. */
  private static double share(FaultPlan plan, Set<Edge> edges, int most) {
    double alike = 1;
    double ways = 1;
    for (Fault fault : plan.faults()) {
      alike *= alike(fault);
      ways *=
          edges.stream().filter(edge -> fault.edge().covers(edge.caller(), edge.callee())).count();
    }
    double there = 0;
    for (int size = plan.size(); size <= most; size++) {
      double all = 1;
      for (int i = 0; i < plan.size(); i++) {
        all *= (double) (size - i) / (edges.size() - i);
      }
      there += all / most;
    }
    return Math.min(1, alike * ways * there);
  }

  /** How many of all that may happen to a call are at least as bad as a fault. */
  static double alike(Fault fault) {
    int kinds = 4;
    double first = fault.hits().skip() == 0 ? FROM_FIRST : 1;
    return first
        / kinds
        * switch (fault.effect()) {
          case Effect.Delay delay -> slower(delay.by().toMillis());
          case Effect.Abort abort -> alike(abort.status(), KINDS.statuses());
          case Effect.Rewrite rewrite -> alike(rewrite.status(), KINDS.rewrites());
          case Effect.Reset none -> 1;
          case Effect.Throttle none -> 0;
          case Effect.Truncate none -> 0;
          case Effect.Corrupt none -> 0;
        };
  }

  private static double slower(long millis) {
    long shortest = KINDS.delays().getFirst().toMillis();
    long longest = KINDS.delays().getLast().toMillis();
    long from = Math.max(shortest, millis);
    return from > longest ? 0 : (longest - from + 1) / (double) (longest - shortest + 1);
  }

  private static double alike(int status, List<Integer> statuses) {
    return statuses.stream().filter(other -> Severity.isAlike(status, other)).count()
        / (double) statuses.size();
  }

  private static Chance drawn(
      SearchSpace space, String service, Map<String, List<FaultPlan>> failing) {
    Chart chart = space.chart();
    PointPlan plans = new PointPlan(service);
    SplittableRandom random = new SplittableRandom(SEED);
    Map<String, Integer> hits = new LinkedHashMap<>();
    failing.keySet().forEach(signature -> hits.put(signature, 0));
    for (int i = 0; i < DRAWS; i++) {
      FaultPlan plan;
      try {
        plan = plans.plan(chart.point(chart.draw(random)));
      } catch (NoFeasiblePoint | IllegalArgumentException none) {
        continue; // no chance to show anything, for chance; or no fault, in an old session
      }
      failing.forEach((signature, known) -> {
        if (known.stream().anyMatch(one -> Severity.holds(plan, one))) {
          hits.merge(signature, 1, Integer::sum);
        }
      });
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    hits.forEach((signature, count) -> shares.put(signature, (double) count / DRAWS));
    return new Chance(shares, Chance.Way.DRAWN);
  }
}
