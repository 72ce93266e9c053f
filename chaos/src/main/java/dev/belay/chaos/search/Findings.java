package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.export.Finding;
import dev.belay.chaos.score.Dimension;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the trials of a session tell of its defects. */
public final class Findings {
  private static final String REPEATS = " | repeats | ";

  private Findings() {}

  /**
   * What is seen of a defect.
   *
   * @param entries the journal of the session that found it
   */
  public static Finding of(Defect defect, List<Entry> entries) {
    FaultPlan plan = defect.minimal().map(Defect.Minimal::plan).orElse(defect.found());
    List<Trial.Seen> showing = showing(defect, plan, entries);
    if (showing.isEmpty()) {
      showing = showing(defect, defect.found(), entries);
    }
    return new Finding(
        defect.signature(),
        defect.minimal().map(Defect.Minimal::odds).orElse(new Defect.Odds(1, 1)),
        showing.stream().flatMap(seen -> tolerable(seen).stream()).min(Comparator.naturalOrder()),
        strikes(defect, plan, entries));
  }

  private static List<Trial.Seen> showing(Defect defect, FaultPlan plan, List<Entry> entries) {
    List<Trial.Seen> showing = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Done done && done.trial().proposal().plan().equals(plan)) {
        done.trial()
            .seen()
            .filter(seen -> seen.insight().failure().equals(Optional.of(defect.signature())))
            .ifPresent(showing::add);
      }
    }
    return showing;
  }

  /** Half-way from what the faults explain to what was seen. */
  private static Optional<Duration> tolerable(Trial.Seen seen) {
    Score score = seen.score();
    boolean failed =
        score.amplification(Dimension.BUG).score() >= Score.FAILURE
            || score.amplification(Dimension.INVARIANT).score() >= Score.FAILURE;
    boolean slow = score.amplification(Dimension.PERFORMANCE).score() >= Score.FAILURE;
    return failed || !slow
        ? Optional.empty()
        : score
            .unexplained()
            .flatMap(excess ->
                seen.observation().reply().latency().map(took -> took.minus(excess.dividedBy(2))));
  }

  /** A call that is repeated is struck as often as it is made. */
  private static Optional<Finding.Strikes> strikes(
      Defect defect, FaultPlan plan, List<Entry> entries) {
    int begin = defect.signature().indexOf(REPEATS);
    if (begin < 0) {
      return Optional.empty();
    }
    String call = defect.signature().substring(begin + REPEATS.length());
    Normal normal = Normal.of(healthy(entries));
    for (int i = 0; i < plan.size(); i++) {
      Fault fault = plan.faults().get(i);
      if (call.startsWith(fault.edge() + " ") && fault.hits().equals(Fault.Hits.ALL)) {
        return Optional.of(new Finding.Strikes(i, Math.max(1, normal.usually(fault.edge()))));
      }
    }
    return Optional.empty();
  }

  private static List<Observation> healthy(List<Entry> entries) {
    List<Observation> healthy = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Healthy one) {
        healthy.add(one.observation());
      }
    }
    return healthy;
  }
}
