package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
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

/** Looks for the worst point of a space whose dimensions are those of one fault. */
public final class SpaceSearch implements Search {
  private final Optimizer optimizer;
  private final PointPlan plans;
  private final Signature signature;
  private final Map<String, Defect> found = new LinkedHashMap<>();
  private @Nullable Point point;
  private @Nullable Proposal last;
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
  }

  @Override
  public Optional<Proposal> next() {
    try {
      dev.belay.chaos.propose.Proposal proposal = optimizer.ask();
      point = proposal.point();
      last =
          new Proposal(
              plans.plan(proposal.point()), proposal.arm(), PointPlan.values(proposal.point()));
      return Optional.of(last);
    } catch (ProposalException exhausted) {
      return Optional.empty();
    }
  }

  @Override
  public Insight saw(Observation observation, Score score) {
    trials++;
    if (point == null || last == null) {
      throw new IllegalStateException("nothing was proposed that this could be the answer to");
    }
    optimizer.tell(point, score.discovery() > 0 ? score.discovery() : score.total() / 10);
    Optional<String> failure = signature.of(observation, score);
    boolean isNew = failure.isPresent() && !found.containsKey(failure.get());
    if (isNew) {
      found.put(failure.get(), new Defect(failure.get(), last.plan(), trials, Optional.empty()));
    }
    return new Insight(failure, isNew);
  }

  @Override
  public void failed() {
    trials++;
    if (point != null) {
      optimizer.fail(point);
    }
  }

  @Override
  public List<Defect> defects() {
    return List.copyOf(found.values());
  }
}
