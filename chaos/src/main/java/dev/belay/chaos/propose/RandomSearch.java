package dev.belay.chaos.propose;

import dev.belay.chaos.space.SearchSpace;
import java.util.List;
import java.util.SplittableRandom;

/** Proposes at random; what others must beat. Safe for any number of threads. */
public final class RandomSearch implements Proposer {
  @Override
  public Proposal propose(SearchSpace space, List<Tried> history, long seed) {
    Study study = new Study(space, history);
    double[] x = study.fresh(new SplittableRandom(Seeds.of(seed, history.size())));
    return new Proposal(space.chart().point(x), "random");
  }
}
