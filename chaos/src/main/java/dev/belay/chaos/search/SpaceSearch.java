package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
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
import org.jspecify.annotations.Nullable;

/**
 * Looks for the worst point of a space whose dimensions are those of one fault. What fails is tried
 * once more at once, and how weak the fault may be is found out beside the search.
 */
public final class SpaceSearch implements Search {
  /** How weak faults may be is found out with one in so many trials. */
  private static final int WEAKER_SHARE = 5;

  private final Optimizer optimizer;
  private final PointPlan plans;
  private final Signature signature;
  private final long shortest;
  private final Map<String, Shrinking> failures = new LinkedHashMap<>();
  private @Nullable Point point;
  private @Nullable Proposal last;
  private @Nullable Shrinking asking;
  private int trials;

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
    this.shortest = PointPlan.shortest(space);
  }

  @Override
  public Optional<Proposal> next() {
    Optional<Proposal> proposal = weaker();
    if (proposal.isEmpty()) {
      proposal = ask();
    }
    last = proposal.orElse(null);
    return proposal;
  }

  /** Whether a failure shows again, and under how little. */
  private Optional<Proposal> weaker() {
    boolean turn = trials % WEAKER_SHARE == WEAKER_SHARE - 1;
    for (Shrinking one : failures.values()) {
      Optional<FaultPlan> plan = one.isConfirmed() && !turn ? Optional.empty() : one.next();
      if (plan.isPresent()) {
        asking = one;
        String arm = one.isConfirmed() ? "minimise" : "confirm";
        return Optional.of(new Proposal(plan.get(), arm, Map.of()));
      }
    }
    return Optional.empty();
  }

  private Optional<Proposal> ask() {
    try {
      dev.belay.chaos.propose.Proposal proposal = optimizer.ask();
      point = proposal.point();
      return Optional.of(
          new Proposal(
              plans.plan(proposal.point()), proposal.arm(), PointPlan.values(proposal.point())));
    } catch (ProposalException exhausted) {
      return Optional.empty();
    }
  }

  @Override
  public Insight saw(Observation observation, Score score) {
    FaultPlan plan = asked();
    trials++;
    Optional<String> failure = signature.of(observation, score);
    Shrinking asked = asking;
    asking = null;
    if (asked == null) {
      if (point != null) {
        optimizer.tell(point, score.discovery() > 0 ? score.discovery() : score.total() / 10);
        point = null;
      }
    } else {
      answer(asked, failure.equals(Optional.of(asked.signature())));
    }
    boolean isNew = failure.isPresent() && !failures.containsKey(failure.get());
    if (isNew) {
      failures.put(
          failure.get(),
          new Shrinking(
              failure.get(),
              plan,
              trials,
              Optional.empty(),
              other -> Shrinking.Memory.NONE,
              shortest));
    }
    return new Insight(failure, isNew);
  }

  private FaultPlan asked() {
    if (last == null) {
      throw new IllegalStateException("nothing was proposed that this could be the answer to");
    }
    FaultPlan plan = last.plan();
    last = null;
    return plan;
  }

  private void answer(Shrinking asked, boolean shown) {
    asked.saw(shown);
    if (asked.stage() == Shrinking.Stage.BLIP) {
      failures.remove(asked.signature());
    }
  }

  @Override
  public void failed() {
    var unused = asked();
    trials++;
    Shrinking asked = asking;
    asking = null;
    if (asked != null) {
      answer(asked, false); // what cannot be tried is not said to show it
    } else if (point != null) {
      optimizer.fail(point);
      point = null;
    }
  }

  @Override
  public List<Defect> defects() {
    return failures.values().stream()
        .filter(Shrinking::isConfirmed)
        .map(Shrinking::defect)
        .toList();
  }
}
