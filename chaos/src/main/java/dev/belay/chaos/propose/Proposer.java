package dev.belay.chaos.propose;

import dev.belay.chaos.space.SearchSpace;
import java.util.List;

/** A way to choose what to try next. Safe for any number of threads: it remembers nothing. */
public interface Proposer {

  /**
   * The next point to try: a function of what is given, the same each time.
   *
   * @param history all trials so far, in order, those under way included
   * @throws ProposalException if nothing can be proposed
   */
  Proposal propose(SearchSpace space, List<Tried> history, long seed);
}
