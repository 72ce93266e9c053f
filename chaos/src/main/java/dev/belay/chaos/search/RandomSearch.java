package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Tries any plan at all: what every other search has to be better than. */
public final class RandomSearch implements Search {
  private final FaultSpace space;
  private final Signature signature;
  private final SplittableRandom random;
  private final Map<String, Defect> found = new LinkedHashMap<>();
  private final Unanswered<Proposal> unanswered = new Unanswered<>();

  /**
   * A search.
   *
   * @param healthy what the healthy system did
   */
  public RandomSearch(FaultSpace space, List<Observation> healthy, long seed) {
    this.space = space;
    this.signature = new Signature(healthy);
    this.random = new SplittableRandom(seed);
  }

  @Override
  public Optional<Proposal> next() {
    Proposal proposal = new Proposal(space.any(random), "random", Map.of());
    int unused = unanswered.add(proposal);
    return Optional.of(proposal);
  }

  @Override
  public Insight saw(int number, Observation observation, Score score) {
    Proposal proposal = unanswered.take(number);
    Optional<String> failure = signature.of(observation, score);
    boolean isNew = failure.isPresent() && !found.containsKey(failure.get());
    if (isNew) {
      found.put(
          failure.get(), new Defect(failure.get(), proposal.plan(), number, Optional.empty()));
    }
    return new Insight(failure, isNew);
  }

  @Override
  public void failed(int number) {
    var unused = unanswered.take(number);
  }

  @Override
  public List<Defect> defects() {
    return List.copyOf(found.values());
  }
}
