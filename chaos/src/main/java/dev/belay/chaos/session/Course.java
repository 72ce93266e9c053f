package dev.belay.chaos.session;

import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.score.Score;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session does from its first look at the healthy system to its last trial: it tries plan
 * after plan, and goes on where it was cut off. For the thread of the session.
 */
final class Course {
  private static final Logger LOG = LoggerFactory.getLogger(Course.class);

  /** So many trials in a row that cannot be made mean that none can. */
  static final int MOST_FAILURES = 5;

  private final SessionLog log;
  private final Experiment experiment;
  private final Sight sight;
  private final IntFunction<Optional<String>> end;
  private int failures;
  private int asked;

  /**
   * How a session sees its system.
   *
   * @param target the system, tried within its bounds
   * @param looks what it does without a fault between trials
   * @param time when things happen
   */
  record Sight(Target target, HealthyLooks looks, Time time) {}

  /**
   * A course that has not begun.
   *
   * @param end why no further trial is to begin while so many are under way
   */
  Course(SessionLog log, Experiment experiment, Sight sight, IntFunction<Optional<String>> end) {
    this.log = log;
    this.experiment = experiment;
    this.sight = sight;
    this.end = end;
  }

  /**
   * Goes on until no trial is to begin any more.
   *
   * @return why it ended
   */
  String run() throws BrokenSession, InterruptedException {
    List<Observation> healthy = healthy();
    Optional<String> early = end.apply(0);
    if (early.isPresent()) {
      return early.get();
    }
    Experiment.Scoring scoring = experiment.scoring(healthy);
    if (log.trials().isEmpty()) {
      refuseBroken(healthy, scoring);
    }
    Search search = experiment.search(healthy);
    Replay before =
        Replay.of(log, search)
            .orElseThrow(() ->
                new BrokenSession(
                    "the search has changed since the session began; start a new one"));
    log.found(search.defects());
    asked = before.asked();
    int parallel = Math.min(log.spec().parallel(), experiment.mostParallel());
    try (Lanes lanes = new Lanes(sight.target(), sight.time(), parallel)) {
      search(search, scoring, lanes, before.open());
    }
    return end.apply(0).orElse("all there was to try has been tried");
  }

  private Instant now() {
    return sight.time().instant();
  }

  /** What the healthy system does; less than is wanted if the session is to end first. */
  private List<Observation> healthy() throws BrokenSession, InterruptedException {
    List<Observation> healthy = new ArrayList<>(log.healthy());
    while (healthy.size() < experiment.healthyRuns() && end.apply(0).isEmpty()) {
      try {
        Observation seen = sight.target().run(FaultPlan.NONE);
        log.add(new Entry.Healthy(seen));
        healthy.add(seen);
        failures = 0;
      } catch (TargetFailed failed) {
        failedOnce("the healthy system could not be tried", String.valueOf(failed.getMessage()));
      }
    }
    return healthy;
  }

  /** What fails by itself would be told as a defect of its first fault. */
  private static void refuseBroken(List<Observation> healthy, Experiment.Scoring scoring)
      throws BrokenSession {
    List<String> failures =
        healthy.stream()
            .flatMap(seen ->
                scoring.score(FaultPlan.NONE, seen).failure().stream()
                    .map(worst -> "%s: %s".formatted(seen.endpoint(), worst.condition())))
            .toList();
    if (2 * failures.size() > healthy.size()) {
      throw new BrokenSession(
          "the system fails without a fault, %d of %d times: %s; mend it, or ask it for what holds"
              .formatted(failures.size(), healthy.size(), failures.getFirst()));
    }
  }

  /** Makes trial after trial, until none is to begin. */
  private void search(
      Search search, Experiment.Scoring scoring, Lanes lanes, Deque<Lanes.Trying> open)
      throws BrokenSession, InterruptedException {
    while (true) {
      if (!sight.looks().isDue()) {
        fill(lanes, search, open);
      } else if (lanes.isIdle() && end.apply(0).isEmpty()) {
        look(scoring);
        continue;
      }
      if (lanes.isIdle()) {
        return;
      }
      conclude(search, scoring, lanes.take());
    }
  }

  /** Begins as many trials as there is room for; those first that were cut off before. */
  private void fill(Lanes lanes, Search search, Deque<Lanes.Trying> open) {
    while (!lanes.isFull() && end.apply(lanes.running()).isEmpty()) {
      Optional<Lanes.Trying> next = Optional.ofNullable(open.poll());
      if (next.isEmpty()) {
        next = search.next().map(proposal -> new Lanes.Trying(asked + 1, proposal, now()));
      }
      if (next.isEmpty()) {
        return;
      }
      begin(lanes, next.get().number(), next.get().proposal());
    }
  }

  private void begin(Lanes lanes, int number, Proposal proposal) {
    asked = Math.max(asked, number);
    Instant at = now();
    log.add(new Entry.Applying(number, proposal, at));
    LOG.debug("session {} trial {}: {} by {}", log.id(), number, proposal.plan(), proposal.arm());
    lanes.begin(new Lanes.Trying(number, proposal, at));
  }

  /** Looks at the system without a fault. */
  private void look(Experiment.Scoring scoring) throws BrokenSession, InterruptedException {
    try {
      sight.looks().look(scoring);
      failures = 0;
    } catch (TargetFailed failed) {
      failedOnce("the system could not be tried", String.valueOf(failed.getMessage()));
    }
  }

  /** Takes what came of a trial. */
  private void conclude(Search search, Experiment.Scoring scoring, Lanes.Ended ended)
      throws BrokenSession {
    Lanes.Trying begun = ended.trying();
    Trial.Result result;
    if (ended.seen().isPresent()) {
      Observation seen = ended.seen().get();
      Score score = scoring.score(begun.proposal().plan(), seen);
      result = new Trial.Seen(seen, score, search.saw(begun.number(), seen, score));
    } else {
      search.failed(begun.number());
      result = new Trial.Failed(ended.why());
    }
    Trial trial = new Trial(begun.number(), begun.proposal(), result, begun.at(), ended.took());
    log.found(search.defects());
    log.add(new Entry.Done(trial));
    tell(trial);
    if (ended.seen().isPresent()) {
      failures = 0;
    } else {
      failedOnce("no trial could be made", ended.why());
    }
  }

  private void failedOnce(String what, String why) throws BrokenSession {
    if (++failures >= MOST_FAILURES) {
      throw new BrokenSession("%s %d times in a row: %s".formatted(what, failures, why));
    }
  }

  private void tell(Trial trial) {
    int number = trial.number();
    FaultPlan plan = trial.proposal().plan();
    switch (trial.result()) {
      case Trial.Failed failed ->
          LOG.warn("session {} trial {} could not be made: {}", log.id(), number, failed.why());
      case Trial.Seen seen -> {
        double score = seen.score().total();
        LOG.debug("session {} trial {} ends: score {}", log.id(), number, score);
        if (log.isBest(trial)) {
          LOG.info(
              "session {} trial {}: new best score {} under {}", log.id(), number, score, plan);
        }
        if (seen.insight().isNew()) {
          String failure = seen.insight().failure().orElse("");
          LOG.info("session {} trial {}: new failure {} under {}", log.id(), number, failure, plan);
        }
      }
    }
  }
}
