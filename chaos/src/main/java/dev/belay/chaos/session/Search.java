package dev.belay.chaos.session;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Score;
import java.util.List;
import java.util.Optional;

/**
 * What a session asks what to try next. A pure function of what it was made of and of what it was
 * told, in the order in which it was told: a session that goes on after a crash tells it everything
 * again. For one thread.
 */
public interface Search {
  /**
   * What to try next. Each proposal is answered by one call of {@link #saw} or {@link #failed}
   * before the next is asked for.
   *
   * @return a proposal; nothing if all there was to try has been tried
   */
  Optional<Proposal> next();

  /**
   * Takes what was seen under the last proposal.
   *
   * @return what it makes of it
   */
  Insight saw(Observation observation, Score score);

  /** The last proposal could not be tried; that says nothing about it. */
  void failed();

  /** The failures that were found so far, in the order in which they were. */
  List<Defect> defects();
}
