package dev.belay.llm.transcript.replay;

import dev.belay.llm.ErrorKind;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.delay.DelayPolicy;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.Situation;
import dev.belay.llm.transcript.Place;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.TranscriptLine;
import dev.belay.llm.transcript.WaitedFor;
import dev.belay.llm.transcript.replay.WaitsReport.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Goes through one call in virtual time: attempts take as long as they took, and are waited for as
 * long as other settings say. For one thread, once.
 */
final class WaitsReplay {
  private final Transcript transcript;
  private final DelaySettings settings;
  private final DelayPolicy policy;
  private final RandomGenerator random;
  private final Duration deadline;
  private final List<WaitStep> steps = new ArrayList<>();
  private final Map<ErrorKind, Integer> failures = new EnumMap<>(ErrorKind.class);
  private int request = 1;
  private Duration clock = Duration.ZERO;
  private Optional<Duration> pending = Optional.empty();
  private boolean hinted;
  private Totals recorded = Totals.NOTHING;
  private Totals now = Totals.NOTHING;
  private Optional<Fate> fate = Optional.empty();
  private String why = "";

  WaitsReplay(Transcript transcript, DelaySettings settings, RandomGenerator random) {
    this.transcript = transcript;
    this.settings = settings;
    this.policy = settings.enabled() ? DelayPolicy.of(settings) : DelayPolicy.legacy();
    this.random = random;
    this.deadline =
        transcript.call().terms().ownDeadline()
            ? transcript.call().terms().deadline()
            : settings.budget().deadline();
  }

  WaitsReport run() {
    List<TranscriptLine> lines = transcript.lines();
    for (int i = 0; i < lines.size(); i++) {
      switch (lines.get(i)) {
        case TranscriptLine.Attempt attempt -> attempt(attempt);
        case TranscriptLine.Failed failed -> failed(failed, Followed.after(lines, i));
        case TranscriptLine.Answered answered -> answered(answered);
        case TranscriptLine.Correction correction -> pause(correction.pause());
        case TranscriptLine.Truncated truncated ->
            leave(Fate.UNKNOWN, "lines are missing from the transcript");
        case TranscriptLine.Call call -> {}
        case TranscriptLine.Checked checked -> {}
        case TranscriptLine.End end -> {}
      }
    }
    if (transcript.end().isEmpty()) {
      leave(Fate.UNKNOWN, "the transcript has no end");
    }
    return new WaitsReport(policy.name(), steps, fate.orElse(Fate.SAME), why, recorded, now);
  }

  private boolean isOpen() {
    return fate.isEmpty();
  }

  private void leave(Fate what, String reason) {
    if (isOpen()) {
      fate = Optional.of(what);
      why = reason;
    }
  }

  private void pause(Duration length) {
    recorded = recorded.pause(length);
    if (isOpen()) {
      clock = clock.plus(length);
      now = now.pause(length);
    }
  }

  private void attempt(TranscriptLine.Attempt attempt) {
    recorded = recorded.attempt(attempt.waited());
    if (attempt.place().request() != request) {
      request = attempt.place().request();
      failures.clear();
      pending = Optional.empty();
    }
    if (!isOpen()) {
      return;
    }
    Duration wait = wait(attempt);
    pending = Optional.empty();
    if (clock.plus(wait).compareTo(deadline) >= 0) {
      leave(Fate.GIVES_UP, "the deadline passes before " + words(attempt.place()));
      return;
    }
    clock = clock.plus(wait);
    now = now.attempt(wait);
  }

  /** A gate that was closed for another reason than this call's own hint is closed still. */
  private Duration wait(TranscriptLine.Attempt attempt) {
    if (pending.isEmpty()) {
      return attempt.waited();
    }
    boolean imposed = attempt.waitedFor() == WaitedFor.GATE && !hinted;
    Duration own = pending.get();
    return imposed && attempt.waited().compareTo(own) > 0 ? attempt.waited() : own;
  }

  private void answered(TranscriptLine.Answered answered) {
    recorded = recorded.cost(answered.dollars());
    if (!isOpen()) {
      return;
    }
    clock = clock.plus(answered.took());
    now = now.cost(answered.dollars());
    if (clock.compareTo(deadline) > 0) {
      leave(Fate.GIVES_UP, "the deadline passes before the answer of " + words(answered.place()));
    }
  }

  private void failed(TranscriptLine.Failed failed, Followed followed) {
    int before = failures.merge(failed.error().kind(), 1, Integer::sum) - 1;
    if (isOpen()) {
      clock = clock.plus(failed.took());
    }
    Duration elapsed = isOpen() ? clock : Duration.between(transcript.call().at(), failed.at());
    Duration left = deadline.minus(elapsed);
    Situation situation =
        new Situation(
            failed.place().provider(),
            failed.error(),
            before,
            left.isNegative() ? Duration.ZERO : left,
            transcript.call().at().plus(elapsed));
    Decision decision = capped(policy.decide(situation, random), failed.place(), followed);
    Deed deed = followed.deed(failed);
    WaitStep.Range range = range(situation, decision);
    WaitStep step =
        new WaitStep(failed, deed, decision, range, differ(deed, decision, range), isOpen());
    steps.add(step);
    if (isOpen()) {
      hinted = failed.error().hint().isPresent();
      follow(step, followed);
    }
  }

  /** The engine counts attempts of all kinds; policies count those of one. */
  private Decision capped(Decision decision, Place place, Followed followed) {
    int most = settings.budget().attempts();
    boolean goesOn = decision instanceof Decision.Retry || decision instanceof Decision.Fallback;
    return goesOn && place.attempt() >= most && followed.isAttempt()
        ? new Decision.Stop(
            Decision.Cause.ATTEMPTS_EXHAUSTED,
            "all %d attempts are used".formatted(most),
            decision.retryAt())
        : decision;
  }

  private WaitStep.Range range(Situation situation, Decision decision) {
    if (!(decision instanceof Decision.Retry drawn)) {
      return WaitStep.Range.NONE;
    }
    return new WaitStep.Range(
        bound(situation, Extreme.LEAST, drawn), bound(situation, Extreme.MOST, drawn));
  }

  private Duration bound(Situation situation, Extreme extreme, Decision.Retry drawn) {
    return policy.decide(situation, extreme) instanceof Decision.Retry retry
        ? retry.after()
        : drawn.after();
  }

  private static boolean differ(Deed deed, Decision decision, WaitStep.Range range) {
    if (!deed.isKnown()) {
      return false;
    }
    if (!deed.action().equals(Deed.of(decision).action())) {
      return true;
    }
    return deed.told() && deed.after().isPresent() && !range.holds(deed.after().get());
  }

  /** From the decision to what came next in the record, if that is where it leads. */
  private void follow(WaitStep step, Followed followed) {
    String place = words(step.failed().place());
    switch (step.now()) {
      case Decision.Stop stop -> {
        if (differsInDeed(step)) {
          leave(Fate.GIVES_UP, "it ends after %s: %s".formatted(place, stop.why()));
        }
      }
      case Decision.Park park -> {
        if (differsInDeed(step)) {
          leave(Fate.PARKS, "it is put away after %s: %s".formatted(place, park.why()));
        }
      }
      case Decision.Retry retry -> retry(step, retry, followed);
      case Decision.Fallback fallback -> fallback(step, followed);
    }
  }

  private static boolean differsInDeed(WaitStep step) {
    return !step.recorded().action().equals(Deed.of(step.now()).action());
  }

  private void retry(WaitStep step, Decision.Retry retry, Followed followed) {
    String place = words(step.failed().place());
    switch (followed.what()) {
      case AGAIN -> pending = Optional.of(retry.after());
      case ELSEWHERE -> {
        // with another endpoint at hand the engine does not wait, whatever the policy says
        if (differsInDeed(step)) {
          leave(Fate.UNKNOWN, "the endpoint of %s was not asked again".formatted(place));
        }
      }
      case NOTHING -> {
        boolean over = step.failed().place().attempt() >= settings.budget().attempts();
        if (differsInDeed(step) || !over) {
          leave(Fate.UNKNOWN, "after %s nobody was asked any more".formatted(place));
        }
      }
    }
  }

  private void fallback(WaitStep step, Followed followed) {
    String place = words(step.failed().place());
    if (followed.what() == Followed.What.ELSEWHERE || !differsInDeed(step)) {
      return;
    }
    if (transcript.call().origin().endpoints().size() == 1) {
      leave(Fate.GIVES_UP, "it ends after %s: there is no other endpoint".formatted(place));
    } else {
      leave(Fate.UNKNOWN, "after %s no other endpoint was asked".formatted(place));
    }
  }

  private static String words(Place place) {
    return place.request() == 1
        ? "attempt " + place.attempt()
        : "attempt %d of request %d".formatted(place.attempt(), place.request());
  }
}
