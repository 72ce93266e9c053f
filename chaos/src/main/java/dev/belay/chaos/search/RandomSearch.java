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
import org.jspecify.annotations.Nullable;

/** Tries any plan at all: what every other search has to be better than. */
public final class RandomSearch implements Search {
  private final FaultSpace space;
  private final Signature signature;
  private final SplittableRandom random;
  private final Map<String, Defect> found = new LinkedHashMap<>();
  private @Nullable Proposal last;
  private int trials;

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
    last = new Proposal(space.any(random), "random", Map.of());
    return Optional.of(last);
  }

  @Override
  public Insight saw(Observation observation, Score score) {
    trials++;
    if (last == null) {
      throw new IllegalStateException("nothing was proposed that this could be the answer to");
    }
    Proposal proposal = last;
    Optional<String> failure = signature.of(observation, score);
    boolean isNew = failure.isPresent() && !found.containsKey(failure.get());
    if (isNew) {
      found.put(
          failure.get(), new Defect(failure.get(), proposal.plan(), trials, Optional.empty()));
    }
    return new Insight(failure, isNew);
  }

  @Override
  public void failed() {
    trials++;
  }

  @Override
  public List<Defect> defects() {
    return List.copyOf(found.values());
  }
}
