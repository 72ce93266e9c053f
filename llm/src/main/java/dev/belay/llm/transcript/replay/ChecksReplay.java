package dev.belay.llm.transcript.replay;

import dev.belay.Deadline;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Groups;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.check.Validator;
import dev.belay.llm.correct.CorrectionMachine;
import dev.belay.llm.correct.CorrectionStep;
import dev.belay.llm.form.AnswerForm;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.TranscriptLine;
import dev.belay.llm.transcript.TranscriptLine.Verdict;
import dev.belay.llm.transcript.replay.ChecksReport.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * Checks the answers of one call anew, and lets the same machine as then decide what follows on
 * each. For one thread, once.
 */
final class ChecksReplay {
  private static final Duration ENOUGH = Duration.ofDays(365);

  private final Transcript transcript;
  private final LlmRequest request;
  private final List<Validator> validators;
  private final RandomGenerator random;
  private final List<Given> given = new ArrayList<>();

  /** An answer, what was found then, and what is found now; nothing if that cannot be known. */
  private record Given(
      TranscriptLine.Answered answer,
      Optional<TranscriptLine.Checked> then,
      Optional<Finding> finding,
      String why) {}

  /** Where the call ends. */
  private record Ended(Fate fate, String why, int answers) {}

  ChecksReplay(Transcript transcript, List<Validator> validators, RandomGenerator random) {
    this.transcript = transcript;
    this.request = transcript.call().asked();
    this.validators = validators;
    this.random = random;
  }

  ChecksReport run() throws InterruptedException {
    List<TranscriptLine> lines = transcript.lines();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i) instanceof TranscriptLine.Answered answered) {
        given.add(given(answered, then(lines, i)));
      }
    }
    Ended ended = ended();
    List<CheckStep> steps = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      steps.add(step(i, i < ended.answers()));
    }
    return new ChecksReport(
        steps, ended.fate(), ended.why(), cost(given.size()), cost(ended.answers()));
  }

  private static Optional<TranscriptLine.Checked> then(List<TranscriptLine> lines, int index) {
    for (TranscriptLine next : lines.subList(index + 1, lines.size())) {
      if (next instanceof TranscriptLine.Answered || next instanceof TranscriptLine.Truncated) {
        return Optional.empty();
      }
      if (next instanceof TranscriptLine.Checked checked) {
        return Optional.of(checked);
      }
    }
    return Optional.empty();
  }

  private Given given(TranscriptLine.Answered answered, Optional<TranscriptLine.Checked> then)
      throws InterruptedException {
    if (!answered.said().isWhole()) {
      return new Given(answered, then, Optional.empty(), "the record does not hold all of it");
    }
    Answer answer = Answer.of(answered.said().choice(), request);
    if (validators.isEmpty()) {
      return new Given(answered, then, Optional.of(Finding.valid(answer)), "");
    }
    AtomicBoolean judged = new AtomicBoolean();
    // whoever wants to ask a model asks first whether it may
    CheckContext context =
        new CheckContext(
            given.size() + 1,
            0,
            Deadline.NEVER,
            () -> {
              judged.set(true);
              return Optional.of("a replay asks no model");
            });
    Finding finding = check(answer, context);
    return judged.get()
        ? new Given(answered, then, Optional.empty(), "a model would have to judge it")
        : new Given(answered, then, Optional.of(finding), "");
  }

  private Finding check(Answer answer, CheckContext context) throws InterruptedException {
    try {
      Validator all = validators.size() == 1 ? validators.getFirst() : Groups.all(validators);
      return all.check(answer, context);
    } catch (RuntimeException broken) {
      return new Finding.Inconclusive("a check is broken: " + broken, Remedy.FAIL);
    }
  }

  private Ended ended() {
    CorrectionMachine machine =
        new CorrectionMachine(
            transcript.call().terms().corrections().policy(),
            request,
            !validators.isEmpty(),
            random);
    CorrectionStep step = machine.begin();
    int asked = 0;
    while (true) {
      switch (step) {
        case CorrectionStep.Ask ask -> {
          if (ask.attempt() - 1 > transcript.call().terms().limits().corrections()) {
            return new Ended(Fate.FAILED, "all corrections are used", asked);
          }
          if (asked == given.size()) {
            return new Ended(Fate.UNKNOWN, nobody(asked), asked);
          }
          step = machine.answered(response(given.get(asked++).answer()));
        }
        case CorrectionStep.Examine examine -> {
          Given one = given.get(asked - 1);
          if (one.finding().isEmpty()) {
            return new Ended(Fate.UNKNOWN, "answer %d: %s".formatted(asked, one.why()), asked);
          }
          step = machine.checked(one.finding().get(), ENOUGH);
        }
        case CorrectionStep.Pause pause -> step = machine.resume();
        case CorrectionStep.Done done -> {
          return new Ended(Fate.ANSWERED, "answer %d stands".formatted(asked), asked);
        }
        case CorrectionStep.Park park -> {
          return new Ended(Fate.HUMAN, park.reason(), asked);
        }
        case CorrectionStep.Stop stop -> {
          return new Ended(Fate.FAILED, Words.of(stop.reason()) + ": " + stop.why(), asked);
        }
      }
    }
  }

  private String nobody(int asked) {
    return asked == 0
        ? "there is no answer in the record"
        : "answer %d does not stand, and nobody asked for another".formatted(asked);
  }

  private static LlmResponse response(TranscriptLine.Answered answered) {
    return new LlmResponse("", "", List.of(answered.said().choice()), answered.usage(), "");
  }

  private CheckStep step(int index, boolean reached) {
    Given one = given.get(index);
    return new CheckStep(
        one.answer().place(),
        recorded(index),
        now(one),
        reached,
        index == 0 || isSaidAgain(given.get(index - 1)));
  }

  /** The answer with which a call ended stood, even if nobody wrote down that it was checked. */
  private Optional<Verdict> recorded(int index) {
    boolean stood =
        index == given.size() - 1
            && transcript.end().map(end -> end.ending().isAnswered()).orElse(false);
    return given
        .get(index)
        .then()
        .map(TranscriptLine.Checked::verdict)
        .or(() -> stood ? Optional.of(Verdict.VALID) : Optional.empty());
  }

  private static CheckStep.Now now(Given one) {
    return one.finding()
        .map(finding ->
            switch (finding) {
              case Finding.Valid valid ->
                  new CheckStep.Now(Optional.of(Verdict.VALID), valid.warnings(), "");
              case Finding.Invalid invalid ->
                  new CheckStep.Now(Optional.of(Verdict.INVALID), invalid.problems(), "");
              case Finding.Inconclusive open ->
                  new CheckStep.Now(Optional.of(Verdict.INCONCLUSIVE), List.of(), open.why());
            })
        .orElseGet(() -> new CheckStep.Now(Optional.empty(), List.of(), one.why()));
  }

  /** Whether the model would be told what it was told then. */
  private static boolean isSaidAgain(Given one) {
    List<Json> then =
        one.then().map(TranscriptLine.Checked::problems).orElse(List.of()).stream()
            .map(ChecksReplay::kept)
            .toList();
    List<Json> now = now(one).problems().stream().map(ChecksReplay::kept).toList();
    return then.equals(now);
  }

  private static Json kept(Problem problem) {
    return Redaction.json(AnswerForm.write(problem));
  }

  private ChecksReport.Cost cost(int answers) {
    double dollars = 0;
    for (Given one : given.subList(0, answers)) {
      dollars += one.answer().dollars();
    }
    return new ChecksReport.Cost(answers, dollars);
  }
}
