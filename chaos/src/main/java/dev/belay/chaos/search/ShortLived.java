package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A search whose plans stay in force no longer than a guard allows. How long a plan may be in force
 * is no part of what is searched; it is only there in case nobody takes the plan back.
 */
public final class ShortLived implements Search {
  private final Search search;
  private final Duration longest;

  /**
   * The same search with shorter plans.
   *
   * @param longest how long one may stay in force; 1 ms to 1 h
   */
  public ShortLived(Search search, Duration longest) {
    this.search = search;
    this.longest = longest;
  }

  @Override
  public Optional<Proposal> next() {
    return search
        .next()
        .map(next -> new Proposal(next.plan().atMost(longest), next.arm(), next.point()));
  }

  @Override
  public Insight saw(int number, Observation observation, Score score) {
    return search.saw(number, observation, score);
  }

  @Override
  public void failed(int number) {
    search.failed(number);
  }

  @Override
  public List<Defect> defects() {
    return search.defects().stream().map(this::shortened).toList();
  }

  private Defect shortened(Defect defect) {
    return new Defect(
        defect.signature(),
        defect.found().atMost(longest),
        defect.trial(),
        defect
            .minimal()
            .map(one -> new Defect.Minimal(one.plan().atMost(longest), one.odds(), one.runs())));
  }
}
