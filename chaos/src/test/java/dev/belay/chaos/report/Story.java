package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.search.PointPlan;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.Value;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A session by hand. For one test. */
final class Story {
  static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

  /** Two kinds of faults: a delay of up to 3,100 ms, or an error. */
  static final String SPACE =
      """
      {"dimensions": [
        {"name": "fault_type", "type": "categorical", "values": ["delay", "abort"]},
        {"name": "delay_ms", "type": "integer", "bounds": [100, 3100]},
        {"name": "error_code", "type": "categorical", "values": ["500", "503"],
         "condition": {"field": "fault_type", "operator": "equals", "value": "abort"}}]}
      """;

  final List<Entry> entries = new ArrayList<>();
  private final List<Observation> healthy = new ArrayList<>();
  private final List<Defect> defects = new ArrayList<>();
  private String space = "{}";
  private SessionState state = SessionState.COMPLETED;
  private Optional<String> stop = Optional.empty();
  private int trials;
  private int failed;
  private Optional<Trial> best = Optional.empty();

  static Fault fault(String from, String to, Effect effect) {
    return Fault.at(new Edge(from, to), effect);
  }

  static Effect abort() {
    return new Effect.Abort(503);
  }

  static Effect delay(long millis) {
    return new Effect.Delay(Duration.ofMillis(millis));
  }

  /** A request that took 20 ms and was answered with a status. */
  static Observation answer(int status, Trace trace) {
    return new Observation(
        "GET /",
        Observation.Reply.of(status, Duration.ofMillis(20)),
        List.of(),
        Optional.of(trace),
        List.of(),
        List.of(),
        BEGIN);
  }

  static Observation took(Observation seen, Duration latency) {
    return new Observation(
        seen.endpoint(),
        Observation.Reply.of(seen.reply().status().orElseThrow(), latency),
        seen.logs(),
        seen.trace(),
        seen.receipts(),
        seen.invariants(),
        seen.at());
  }

  static Observation broken(Observation seen, String invariant) {
    return new Observation(
        seen.endpoint(),
        seen.reply(),
        seen.logs(),
        seen.trace(),
        seen.receipts(),
        List.of(new Invariant(invariant, false, "two instead of one")),
        seen.at());
  }

  /** The same with receipts for some faults of its plan. */
  static Observation struck(Observation seen, FaultPlan plan, int... faults) {
    List<Receipt> receipts = new ArrayList<>();
    for (int fault : faults) {
      receipts.add(new Receipt(fault, plan.faults().get(fault).edge(), Optional.empty(), 0));
    }
    return new Observation(
        seen.endpoint(),
        seen.reply(),
        seen.logs(),
        seen.trace(),
        receipts,
        seen.invariants(),
        seen.at());
  }

  Story healthy(Observation seen) {
    healthy.add(seen);
    entries.add(new Entry.Healthy(seen));
    return this;
  }

  Story held(String arm, FaultPlan plan, Observation seen) {
    return trial(arm, plan, seen, Insight.HELD);
  }

  Story failed(String arm, FaultPlan plan, Observation seen, String signature) {
    return trial(arm, plan, seen, new Insight(Optional.of(signature), false));
  }

  private Story trial(String arm, FaultPlan plan, Observation seen, Insight insight) {
    Score score = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy)).score(plan, seen);
    Trial trial = done(arm, plan, new Trial.Seen(seen, score, insight));
    double most = best.flatMap(Trial::seen).map(one -> one.score().total()).orElse(-1.0);
    if (score.total() > most) {
      best = Optional.of(trial);
    }
    return this;
  }

  Story couldNot(String arm, FaultPlan plan) {
    failed++;
    Trial unused = done(arm, plan, new Trial.Failed("the executor is away"));
    return this;
  }

  Story space(String document) {
    space = document;
    return this;
  }

  /** A trial of a point of a space; an empty signature for one that held. */
  void point(Map<String, Object> values, int status, String signature) {
    Map<String, Value> point = new HashMap<>();
    values.forEach((name, value) ->
        point.put(
            name,
            value instanceof Integer number ? Value.of(number) : Value.of(String.valueOf(value))));
    FaultPlan plan = new PointPlan("shop").plan(new Point(point));
    Observation seen = answer(status, healthy.getFirst().trace().orElseThrow());
    Score score = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy)).score(plan, seen);
    Insight insight = new Insight(Optional.of(signature).filter(text -> !text.isEmpty()), false);
    Trial unused = done(new Proposal(plan, "forest", values), new Trial.Seen(seen, score, insight));
  }

  private Trial done(String arm, FaultPlan plan, Trial.Result result) {
    return done(new Proposal(plan, arm, Map.of()), result);
  }

  private Trial done(Proposal proposal, Trial.Result result) {
    trials++;
    Trial trial = new Trial(trials, proposal, result, BEGIN, Duration.ofMillis(1_500));
    entries.add(new Entry.Applying(trials, trial.proposal(), BEGIN));
    entries.add(new Entry.Done(trial));
    return trial;
  }

  Story defect(String signature, FaultPlan found) {
    defects.add(new Defect(signature, found, 1, Optional.empty()));
    return this;
  }

  Story defect(String signature, FaultPlan found, FaultPlan minimal) {
    Defect.Minimal smallest = new Defect.Minimal(minimal, new Defect.Odds(3, 3), 7);
    defects.add(new Defect(signature, found, 1, Optional.of(smallest)));
    return this;
  }

  Story safety(SafetyLog.Kind kind, String detail) {
    entries.add(new Entry.Safety(new SafetyLog.Entry(BEGIN, kind, detail)));
    return this;
  }

  Story ends(SessionState end, String why) {
    state = end;
    stop = Optional.of(why);
    entries.add(new Entry.Moved(end, BEGIN, why));
    return this;
  }

  SessionView view() {
    return new SessionView(
        "session-1",
        new SessionSpec("shop", space, 100, Duration.ofHours(1), 42),
        state,
        new SessionView.Times(BEGIN, Optional.of(BEGIN), Optional.of(BEGIN), BEGIN),
        new SessionView.Progress(
            trials,
            failed,
            best.map(trial -> new SessionView.Scores(trial, 0, 1)),
            Optional.empty(),
            SessionView.Looks.NONE),
        new SessionView.Note(stop, Optional.empty()),
        defects);
  }

  Report report() {
    return Report.of(view(), entries);
  }
}
