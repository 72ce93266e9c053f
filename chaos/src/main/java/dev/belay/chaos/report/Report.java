package dev.belay.chaos.report;

import dev.belay.chaos.Observation;
import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.search.PastDefects;
import dev.belay.chaos.search.SessionMap;
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
 * @param tried what it looked at
 * @param findings the defects, by the trial that found them
 * @param influence what makes trials bad; none if there is too little to learn from
 * @param effort what all that took
 * @param known what has become of defects that were known before; none if none were
 */
public record Report(
    SessionView session,
    Curve curve,
    Tried tried,
    List<Finding> findings,
    Optional<Influence> influence,
    Effort effort,
    Optional<PastDefects.Change> known) {
  public Report {
    findings = List.copyOf(findings);
  }

  /**
   * The report of a session, over or not.
   *
   * @param session how it stands
   * @param entries its journal
   */
  public static Report of(SessionView session, List<Entry> entries) {
    Report brief = brief(session, entries);
    return new Report(
        session,
        brief.curve,
        brief.tried,
        brief.findings,
        Learning.of(session, trials(entries)),
        brief.effort,
        brief.known);
  }

  /**
   * The same without {@link #influence}, which takes longer to work out than all the rest: for
   * whoever asks again and again.
   */
  public static Report brief(SessionView session, List<Entry> entries) {
    List<Trial> trials = trials(entries);
    List<Observation> healthy = new ArrayList<>();
    List<SafetyLog.Entry> safety = new ArrayList<>();
    int looks = 0;
    for (Entry entry : entries) {
      switch (entry) {
        case Entry.Healthy one -> healthy.add(one.observation());
        case Entry.Looked one -> looks++;
        case Entry.Safety one -> safety.add(one.entry());
        case Entry.Done none -> {}
        case Entry.Found none -> {}
        case Entry.Moved none -> {}
        case Entry.Applying none -> {}
      }
    }
    Touches touches = new Touches(trials.stream().flatMap(trial -> trial.seen().stream()).toList());
    HeatMap heat = new Heating(touches, session.defects()).map(trials, healthy);
    Habits habits = new Habits(healthy);
    return new Report(
        session,
        new Curve(Step.of(trials), Chances.of(session, trials)),
        new Tried(heat, Coverage.of(trials, heat, touches), SessionMap.of(session, entries)),
        session.defects().stream().map(defect -> Finding.of(defect, trials, habits)).toList(),
        Optional.empty(),
        new Effort(safety, Cost.of(trials, healthy, looks)),
        PastDefects.change(session, entries));
  }

  private static List<Trial> trials(List<Entry> entries) {
    List<Trial> trials = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Done done) {
        trials.add(done.trial());
      }
    }
    return trials;
  }
}
