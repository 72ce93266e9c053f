package dev.belay.llm.transcript.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.ErrorKind;
import dev.belay.llm.Finish;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Validator;
import dev.belay.llm.check.Validators;
import dev.belay.llm.check.judge.AgentValidators;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.Preset;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.CallTerms;
import dev.belay.llm.transcript.CorrectionRules;
import dev.belay.llm.transcript.Sample;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.TranscriptLine.Verdict;
import dev.belay.llm.transcript.replay.ChecksReport.Fate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksReplayTest {
  private static final Validators ALL =
      new AgentValidators(
              (request, context) -> {
                throw new AssertionError("asked " + request);
              },
              "judge",
              Map.of(),
              new Random(1))
          .addTo(Validators.standard());

  private static ChecksReport replay(Transcript past, String checks) throws Exception {
    return Replay.seeded(7).checkedBy(ALL.from(Json.parse(checks))).of(past).checks().orElseThrow();
  }

  /** The first answer was refused, the second one taken. */
  private static Transcript corrected() {
    return Past.call()
        .attempt(Duration.ZERO)
        .answered("[1]")
        .invalid("is no object")
        .attempt(Duration.ZERO)
        .answered("{\"a\": 1}")
        .valid()
        .ended();
  }

  @Test
  void laxerChecksSaveTheCorrection() throws Exception {
    ChecksReport report = replay(corrected(), "[\"json\"]");

    assertThat(report.fate()).isEqualTo(Fate.ANSWERED);
    assertThat(report.why()).isEqualTo("answer 1 stands");
    assertThat(report.recorded()).isEqualTo(new ChecksReport.Cost(2, 0.5));
    assertThat(report.now()).isEqualTo(new ChecksReport.Cost(1, 0.25));
    assertThat(report.now().corrections()).isZero();
    assertThat(report.changed()).isTrue();
    assertThat(report.steps()).extracting(CheckStep::changed).containsExactly(true, false);
    assertThat(report.steps()).extracting(CheckStep::reached).containsExactly(true, false);
  }

  @Test
  void stricterChecksNeedAnAnswerThatNobodyAskedFor() throws Exception {
    ChecksReport report =
        replay(corrected(), "{\"type\": \"field_present\", \"params\": {\"field\": \"b\"}}");

    assertThat(report.fate()).isEqualTo(Fate.UNKNOWN);
    assertThat(report.why()).isEqualTo("answer 2 does not stand, and nobody asked for another");
    assertThat(report.now()).isEqualTo(new ChecksReport.Cost(2, 0.5));
    assertThat(report.changed()).isTrue();
    assertThat(report.steps().get(1).sameFeedback()).isFalse();
  }

  @Test
  void theSameVerdictsChangeNothing() throws Exception {
    ChecksReport report =
        replay(corrected(), "{\"type\": \"field_present\", \"params\": {\"field\": \"a\"}}");

    assertThat(report.fate()).isEqualTo(Fate.ANSWERED);
    assertThat(report.changed()).isFalse();
    assertThat(report.steps().getFirst().now().problems()).isNotEmpty();
  }

  @Test
  void theLastAnswerThatMayBeAskedForEndsTheCall() throws Exception {
    CallTerms once =
        new CallTerms(
            "interactive",
            Duration.ofMinutes(1),
            false,
            CorrectionRules.of(CorrectionPolicy.ONCE),
            Sample.TERMS.limits());
    Transcript past = Past.of(once).attempt(Duration.ZERO).answered("x").valid().ended();

    ChecksReport report = replay(past, "[\"json\"]");

    assertThat(report.fate()).isEqualTo(Fate.FAILED);
    assertThat(report.why()).startsWith("exhausted: ");
    assertThat(report.changed()).isTrue();
  }

  @Test
  void correctionsThatTheBudgetDoesNotHaveAreNotMade() throws Exception {
    CallTerms poor =
        new CallTerms(
            "interactive",
            Duration.ofMinutes(1),
            false,
            Sample.TERMS.corrections(),
            Sample.TERMS.limits().withCorrections(0));
    Transcript past = Past.of(poor).attempt(Duration.ZERO).answered("x").valid().ended();

    assertThat(replay(past, "[\"json\"]").why()).isEqualTo("all corrections are used");
  }

  @Test
  void aPersonIsAskedForWhereACheckSaysSo() throws Exception {
    Transcript past = Past.call().attempt(Duration.ZERO).answered("x").valid().ended();

    assertThat(replay(past, "{\"type\": \"json\", \"on_fail\": \"human\"}").fate())
        .isEqualTo(Fate.HUMAN);
  }

  @Test
  void anAnswerOfWhichSomethingIsMissingIsUnknown() throws Exception {
    Transcript cut = Past.call().attempt(Duration.ZERO).answered("{}", 500, 0).valid().ended();
    Transcript redacted =
        Past.call()
            .attempt(Duration.ZERO)
            .answered("{\"a\":\"" + Redaction.MARK + "\"}")
            .valid()
            .ended();

    for (Transcript past : new Transcript[] {cut, redacted}) {
      ChecksReport report = replay(past, "[\"json\"]");
      assertThat(report.fate()).isEqualTo(Fate.UNKNOWN);
      assertThat(report.steps().getFirst().now().verdict()).isEmpty();
      assertThat(report.changed()).isFalse();
    }
  }

  @Test
  void aCheckThatAsksAModelIsUnknownEvenIfItWouldLetItPass() throws Exception {
    ChecksReport report =
        replay(
            corrected(),
            "{\"type\": \"agent_task\", \"params\": {\"task_prompt\": \"look\","
                + " \"inconclusive\": \"skip\"}}");

    assertThat(report.fate()).isEqualTo(Fate.UNKNOWN);
    assertThat(report.why()).isEqualTo("answer 1: a model would have to judge it");
  }

  @Test
  void aBrokenCheckIsInconclusive() throws Exception {
    Validators odd =
        ALL.with(
            "odd",
            params ->
                new Validator() {
                  @Override
                  public String name() {
                    return "odd";
                  }

                  @Override
                  public Finding check(Answer answer, CheckContext context) {
                    throw new IllegalStateException("oops");
                  }
                });

    ChecksReport report =
        Replay.seeded(1).checkedBy(odd.from(Json.of("odd"))).of(corrected()).checks().orElseThrow();

    assertThat(report.steps().getFirst().now().verdict()).contains(Verdict.INCONCLUSIVE);
    assertThat(report.fate()).isEqualTo(Fate.FAILED);
  }

  @Test
  void withoutChecksAnyAnswerWillDoButARefusal() throws Exception {
    Transcript blocked =
        Past.call().attempt(Duration.ZERO).answered("", 0, 0.1, Finish.REFUSAL).lost();

    assertThat(replay(corrected(), "[]").now().answers()).isEqualTo(1);
    assertThat(replay(blocked, "[]").why()).startsWith("blocked: ");
    assertThat(replay(blocked, "[]").changed()).isFalse();
  }

  @Test
  void aCallWithoutAnswersHasNothingToCheck() throws Exception {
    assertThat(replay(Past.call().lost(), "[\"json\"]").why())
        .isEqualTo("there is no answer in the record");
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws Exception {
    Replay replay =
        Replay.seeded(42)
            .waitingBy(DelaySettings.of(Preset.LEGACY))
            .checkedBy(ALL.from(Json.parse("[\"json\"]")));
    Transcript past =
        Past.call()
            .attempt(Duration.ZERO)
            .retried(ErrorKind.RATE_LIMIT, Duration.ofSeconds(1))
            .attempt(Duration.ofSeconds(1))
            .answered("{}")
            .ended();

    String first = replay.of(past).json().toString();

    assertThat(replay.of(past).json().toString()).isEqualTo(first);
    assertThat(first)
        .contains("\"waits\":{\"policy\":\"legacy\"", "\"checks\":{\"fate\":\"answered\"");
    assertThat(
            Replay.seeded(43).waitingBy(DelaySettings.of(Preset.LEGACY)).of(past).json().toString())
        .isNotEqualTo(first);
  }

  @Test
  void nothingToCompareIsNoChange() throws Exception {
    ReplayReport report = Replay.seeded(1).of(corrected());

    assertThat(report.changed()).isFalse();
    assertThat(report.isUnknown()).isFalse();
    assertThat(report.checks()).isEqualTo(Optional.empty());
  }
}
