package dev.belay.chaos.report;

import dev.belay.chaos.Observation;
import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.search.PastDefects;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a session came to.
 *
 * @param session how it stands
 * @param curve how far it was after each trial
 * @param heat what is known of each kind of fault at each edge
 * @param coverage how much was looked at, and what may be left
 * @param findings the defects, by the trial that found them
 * @param safety what the guard did
 * @param cost what all that took
 * @param known what has become of defects that were known before; none if none were
 */
public record Report(
    SessionView session,
    List<Step> curve,
    HeatMap heat,
    Coverage coverage,
    List<Finding> findings,
    List<SafetyLog.Entry> safety,
    Cost cost,
    Optional<PastDefects.Change> known) {
  public Report {
    curve = List.copyOf(curve);
    findings = List.copyOf(findings);
    safety = List.copyOf(safety);
  }

  /**
   * The report of a session, over or not.
   *
   * @param session how it stands
   * @param entries its journal
   */
  public static Report of(SessionView session, List<Entry> entries) {
    List<Trial> trials = new ArrayList<>();
    List<Observation> healthy = new ArrayList<>();
    List<SafetyLog.Entry> safety = new ArrayList<>();
    int looks = 0;
    for (Entry entry : entries) {
      switch (entry) {
        case Entry.Done done -> trials.add(done.trial());
        case Entry.Healthy one -> healthy.add(one.observation());
        case Entry.Looked one -> looks++;
        case Entry.Safety one -> safety.add(one.entry());
        case Entry.Moved none -> {}
        case Entry.Applying none -> {}
      }
    }
    Touches touches = new Touches(trials.stream().flatMap(trial -> trial.seen().stream()).toList());
    HeatMap heat = new Heating(touches, session.defects()).map(trials, healthy);
    Habits habits = new Habits(healthy);
    return new Report(
        session,
        Step.of(trials),
        heat,
        Coverage.of(trials, heat, touches),
        session.defects().stream().map(defect -> Finding.of(defect, trials, habits)).toList(),
        safety,
        Cost.of(trials, healthy.size() + looks),
        PastDefects.change(session, entries));
  }
}
