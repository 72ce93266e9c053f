package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.score.Strikes;
import dev.belay.chaos.session.Trial;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A defect, and what there is to say of it.
 *
 * @param defect the defect
 * @param evidence the trial that shows it best: one of the smallest plan, if there is one
 * @param hints what is probably wrong, the most telling first; empty if no pattern fits
 * @param healthy what the request does in the healthy system
 * @param failing what it did in the trial
 */
public record Finding(
    Defect defect,
    Optional<Trial> evidence,
    List<Hint> hints,
    Optional<Waterfall> healthy,
    Optional<Waterfall> failing) {
  public Finding {
    hints = List.copyOf(hints);
  }

  /** The smallest plan that shows it, as far as it is known. */
  public FaultPlan plan() {
    return defect.minimal().map(Defect.Minimal::plan).orElse(defect.found());
  }

  /** How bad it is what the system did by itself, in the trial that shows it best. */
  public Optional<Score> amplification() {
    return evidence.flatMap(Trial::seen).map(Trial.Seen::score);
  }

  static Finding of(Defect defect, List<Trial> trials, Habits habits) {
    FaultPlan plan = defect.minimal().map(Defect.Minimal::plan).orElse(defect.found());
    Optional<Trial> evidence = evidence(defect, plan, trials);
    Optional<Trial.Seen> seen = evidence.flatMap(Trial::seen);
    if (seen.isEmpty()) {
      return new Finding(defect, evidence, List.of(), Optional.empty(), Optional.empty());
    }
    FaultPlan tried = evidence.get().proposal().plan();
    return new Finding(
        defect,
        evidence,
        Diagnosis.of(tried, seen.get(), habits),
        habits
            .trace(seen.get().observation().endpoint())
            .map(trace -> Waterfall.of(trace, Map.of())),
        seen.get()
            .observation()
            .trace()
            .map(trace ->
                Waterfall.of(trace, new Strikes(tried, seen.get().observation()).struck())));
  }

  /**
   * Of the trials that showed it, one of that plan; else the smallest one, the first of several.
   */
  private static Optional<Trial> evidence(Defect defect, FaultPlan plan, List<Trial> trials) {
    List<Trial> shows =
        trials.stream()
            .filter(trial ->
                trial
                    .seen()
                    .flatMap(seen -> seen.insight().failure())
                    .filter(defect.signature()::equals)
                    .isPresent())
            .toList();
    return shows.stream()
        .filter(trial -> trial.proposal().plan().equals(plan))
        .findFirst()
        .or(() ->
            shows.stream().min(Comparator.comparingInt(trial -> trial.proposal().plan().size())));
  }
}
