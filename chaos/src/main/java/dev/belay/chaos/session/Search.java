package dev.belay.chaos.session;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Score;
import java.util.List;
import java.util.Optional;

/**
 * What a session asks what to try next. Proposals are numbered from 1 in the order in which they
 * are made, and any number of them may be unanswered at a time. A pure function of what it was made
 * of, what it proposed, and what it was told, in the order in which that was: a session that goes
 * on after a crash asks and tells it everything again. For one thread.
 */
public interface Search {
  /**
   * What to try next. Each proposal is answered by one call of {@link #saw} or {@link #failed}.
   *
   * @return a proposal; nothing if all there was to try has been tried, or if an answer is needed
   *     before there is more. To say nothing changes nothing.
   */
  Optional<Proposal> next();

  /**
   * Takes what was seen under a proposal.
   *
   * @param number of the proposal
   * @return what it makes of it
   * @throws IllegalStateException if that is none, or was answered
   */
  Insight saw(int number, Observation observation, Score score);

  /**
   * A proposal could not be tried; that says nothing about it.
   *
   * @param number of the proposal
   * @throws IllegalStateException if that is none, or was answered
   */
  void failed(int number);

  /** The failures that were found so far, in the order in which they were. */
  List<Defect> defects();
}
