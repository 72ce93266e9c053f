package dev.belay.chaos.search;

import dev.belay.Check;
import dev.belay.chaos.Defect;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.propose.Optimizer;
import dev.belay.chaos.propose.ProposalException;
import dev.belay.chaos.propose.Proposer;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Looks for the worst point of a space whose dimensions are those of one fault. What fails is tried
 * once more at once, and how weak the fault may be is found out beside the search.
 */
public final class SpaceSearch implements Search {
  /** How weak faults may be is found out with one in so many trials. */
  private static final int WEAKER_SHARE = 5;

  private static final int CHECKED = 1_000;

  private final Optimizer optimizer;
  private final PointPlan plans;
  private final Signature signature;
  private final FaultSpace.Kinds kinds;
  private final Map<String, Shrinking> failures = new LinkedHashMap<>();
  private final Unanswered<Asked> unanswered = new Unanswered<>();

  /** What is wanted to be known: how bad a point is, or whether a failure shows again. */
  private record Asked(Proposal proposal, Optional<Point> point, Optional<Shrinking> shrinking) {}

  /**
   * A search that knows nothing yet.
   *
   * @param service whose calls are struck where the space does not say
   * @param way how it is searched
   * @param healthy what the healthy system did
   */
  public SpaceSearch(
      SearchSpace space, String service, SpaceWay way, List<Observation> healthy, long seed) {
    this(space, service, way.proposer(), healthy, seed);
    optimizer.start(way.warm());
  }

  /**
   * A search that knows nothing yet.
   *
   * @param service whose calls are struck where the space does not say
   * @param proposer the way to choose
   * @param healthy what the healthy system did
   */
  public SpaceSearch(
      SearchSpace space, String service, Proposer proposer, List<Observation> healthy, long seed) {
    this.optimizer = new Optimizer(space, proposer, seed);
    this.plans = new PointPlan(service);
    this.signature = new Signature(healthy);
    this.kinds = PointPlan.kinds(space);
  }

  /**
   * Makes sure that a guard lets all plans of a space in, as far as many points show it.
   *
   * @param service whose calls are struck where the space does not say
   * @throws IllegalArgumentException if it refuses one of them
   */
  public static void checkWithin(SearchSpace space, String service, BlastRadius radius) {
    PointPlan plans = new PointPlan(service);
    SplittableRandom random = new SplittableRandom(0);
    for (int i = 0; i < CHECKED; i++) {
      Point point = space.chart().point(space.chart().draw(random));
      Optional<String> refusal = radius.refusal(plans.plan(point));
      Check.that(
          refusal.isEmpty(),
          "search_space must keep within the guard, but at %s %s; narrow the space or widen guard",
          PointPlan.values(point),
          refusal.orElse(""));
    }
  }

  @Override
  public Optional<Proposal> next() {
    Optional<Asked> next = weaker();
    if (next.isEmpty()) {
      next = ask();
    }
    return next.map(asked -> {
      int unused = unanswered.add(asked);
      return asked.proposal();
    });
  }

  /** Whether a failure shows again, and under how little. */
  private Optional<Asked> weaker() {
    boolean turn = unanswered.next() % WEAKER_SHARE == 0;
    for (Shrinking one : failures.values()) {
      boolean waits = (one.isConfirmed() && !turn) || isAsked(one);
      Optional<FaultPlan> plan = waits ? Optional.empty() : one.next();
      if (plan.isPresent()) {
        String arm = one.isConfirmed() ? "minimise" : "confirm";
        Proposal proposal = new Proposal(plan.get(), arm, Map.of());
        return Optional.of(new Asked(proposal, Optional.empty(), Optional.of(one)));
      }
    }
    return Optional.empty();
  }

  private boolean isAsked(Shrinking one) {
    return unanswered.all().stream().anyMatch(asked -> asked.shrinking().equals(Optional.of(one)));
  }

  private Optional<Asked> ask() {
    try {
      dev.belay.chaos.propose.Proposal next = optimizer.ask();
      Point point = next.point();
      Proposal proposal = new Proposal(plans.plan(point), next.arm(), PointPlan.values(point));
      return Optional.of(new Asked(proposal, Optional.of(point), Optional.empty()));
    } catch (ProposalException exhausted) {
      return Optional.empty();
    }
  }

  @Override
  public Insight saw(int number, Observation observation, Score score) {
    Asked asked = unanswered.take(number);
    Optional<String> failure = signature.of(observation, score);
    asked
        .point()
        .ifPresent(point ->
            optimizer.tell(point, score.discovery() > 0 ? score.discovery() : score.total() / 10));
    asked.shrinking().ifPresent(one -> answer(one, failure.equals(Optional.of(one.signature()))));
    boolean isNew = failure.isPresent() && !failures.containsKey(failure.get());
    if (isNew) {
      failures.put(
          failure.get(),
          new Shrinking(
              failure.get(),
              asked.proposal().plan(),
              number,
              Optional.empty(),
              other -> Shrinking.Memory.NONE,
              kinds));
    }
    return new Insight(failure, isNew);
  }

  private void answer(Shrinking asked, boolean shown) {
    asked.saw(shown);
    if (asked.stage() == Shrinking.Stage.BLIP) {
      failures.remove(asked.signature());
    }
  }

  @Override
  public void failed(int number) {
    Asked asked = unanswered.take(number);
    asked.point().ifPresent(optimizer::fail);
    asked.shrinking().filter(Shrinking::failed).ifPresent(one -> answer(one, false));
  }

  @Override
  public List<Defect> defects() {
    return failures.values().stream()
        .filter(Shrinking::isConfirmed)
        .map(Shrinking::defect)
        .toList();
  }
}
