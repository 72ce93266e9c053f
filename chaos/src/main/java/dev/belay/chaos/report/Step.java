package dev.belay.chaos.report;

import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Trial;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How far a session was after a trial.
 *
 * @param trial the number of the trial
 * @param best the highest total score so far, 0 to 10
 * @param discovery the highest discovery score so far, 0 to 10
 * @param failures how many different failures had been seen
 */
public record Step(int trial, double best, double discovery, int failures) {

  /** One step for each trial. */
  static List<Step> of(List<Trial> trials) {
    List<Step> steps = new ArrayList<>();
    Set<String> failures = new HashSet<>();
    double best = 0;
    double discovery = 0;
    for (Trial trial : trials) {
      Optional<Trial.Seen> seen = trial.seen();
      if (seen.isPresent()) {
        Score score = seen.get().score();
        best = Math.max(best, score.total());
        discovery = Math.max(discovery, score.discovery());
        seen.get().insight().failure().ifPresent(failures::add);
      }
      steps.add(new Step(trial.number(), best, discovery, failures.size()));
    }
    return List.copyOf(steps);
  }
}
