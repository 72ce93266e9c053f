package dev.belay.llm.transcript.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.Hint;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.delay.DelayPolicy;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.ModelsFile;
import dev.belay.llm.delay.Preset;
import dev.belay.llm.delay.Situation;
import dev.belay.llm.delay.Spending;
import dev.belay.llm.transcript.CallTerms;
import dev.belay.llm.transcript.Sample;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.WaitedFor;
import dev.belay.llm.transcript.replay.WaitsReport.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaitsReplayTest {
  private static final DelaySettings INTERACTIVE = DelaySettings.DEFAULT;
  private static final DelaySettings BATCH = DelaySettings.of(Preset.BATCH);
  private static final DelaySettings LEGACY = DelaySettings.of(Preset.LEGACY);

  private static WaitsReport replay(Transcript past, DelaySettings settings) {
    try {
      return Replay.seeded(7).waitingBy(settings).of(past).waits().orElseThrow();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private static DelaySettings models(String lines) {
    return ModelsFile.parse(
            "models.yaml",
            "lovable_patterns:\n  p1_dynamic_retry_delays:\n    enabled: true\n" + lines)
        .delays();
  }

  /** A call at one endpoint that does what a policy decides, until it answers or gives up. */
  private static Transcript obedient(Preset preset, RandomGenerator random) {
    DelayPolicy policy = DelayPolicy.of(DelaySettings.of(preset));
    List<ErrorKind> kinds = List.of(ErrorKind.values());
    ErrorKind kind = kinds.get(random.nextInt(kinds.size()));
    Past past = Past.call();
    Duration wait = Duration.ZERO;
    for (int i = 0; i < 3; i++) {
      past.attempt(wait);
      Hint hint =
          random.nextBoolean()
              ? Hint.NONE
              : Hint.after(Duration.ofMillis(random.nextInt(5_000)), "Retry-After: x");
      ProviderError error = new ProviderError(kind, 429, "", "no", "", hint);
      Decision decision =
          policy.decide(new Situation("a", error, i, Duration.ofMinutes(30), past.now()), random);
      past.failed(kind, hint, Optional.of(decision));
      if (!(decision instanceof Decision.Retry retry)) {
        return past.lost();
      }
      wait = retry.after();
    }
    return past.attempt(wait).answered("yes").ended();
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void theSameWaitsDecideTheSameWhateverTheSeed(Preset preset) {
    DelaySettings patient =
        new DelaySettings(
            true,
            preset,
            DelaySettings.of(preset).rollout(),
            DelaySettings.of(preset).hints(),
            new Spending(10, Duration.ofHours(1), 1, 0, 0),
            DelaySettings.of(preset).classes(),
            DelaySettings.of(preset).providers());
    Cases.check(
        500,
        random -> obedient(preset, random),
        past -> {
          WaitsReport report = replay(past, patient);

          assertThat(report.changed()).as("%s", report).isFalse();
          assertThat(report.fate()).as("%s", report.why()).isEqualTo(Fate.SAME);
          assertThat(report.now().attempts()).isEqualTo(report.recorded().attempts());
        });
  }

  private static Transcript limited() {
    return Past.call()
        .attempt(Duration.ZERO)
        .retried(ErrorKind.RATE_LIMIT, Duration.ofSeconds(1))
        .attempt(Duration.ofSeconds(1))
        .answered("yes")
        .ended();
  }

  @Test
  void legacyWaitsLongerForALimit() {
    WaitsReport report = replay(limited(), LEGACY);

    assertThat(report.policy()).isEqualTo("legacy");
    assertThat(report.fate()).isEqualTo(Fate.SAME);
    assertThat(report.changed()).isTrue();
    assertThat(report.recorded()).isEqualTo(new Totals(2, Duration.ofSeconds(1), 0.25));
    assertThat(report.now().waited()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(90));
    WaitStep.Range range = report.steps().getFirst().range();
    assertThat(range.least()).isEqualTo(Duration.ofSeconds(30));
    assertThat(range.most()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void switchedOffIsLegacy() {
    assertThat(replay(limited(), DelaySettings.OFF).policy()).isEqualTo("legacy");
  }

  @Test
  void aWaitWithinTheJitterIsNoChange() {
    assertThat(replay(limited(), INTERACTIVE).changed()).isFalse();
    assertThat(replay(limited(), BATCH).changed()).isFalse();
    assertThat(
            replay(limited(), models("    classes: {rate_limit: {base: 9s, jitter: none}}\n"))
                .changed())
        .isTrue();
  }

  private static Transcript hinted(Duration hint) {
    return Past.callTo("a/m", "b/m")
        .attempt(Duration.ZERO)
        .failed(
            ErrorKind.RATE_LIMIT,
            Hint.after(hint, "Retry-After: " + hint.toSeconds()),
            Optional.of(new Decision.Fallback("too long", Decision.UNKNOWN)))
        .attempt("b/m", Duration.ZERO, WaitedFor.NOTHING)
        .answered("yes")
        .ended();
  }

  @Test
  void batchSleepsForALongHintAndParksForAVeryLongOne() {
    WaitsReport sleeps = replay(hinted(Duration.ofMinutes(5)), BATCH);
    WaitsReport parks = replay(hinted(Duration.ofHours(1)), BATCH);

    assertThat(sleeps.steps().getFirst().now()).isInstanceOf(Decision.Retry.class);
    assertThat(sleeps.fate()).isEqualTo(Fate.UNKNOWN);
    assertThat(sleeps.why()).isEqualTo("the endpoint of attempt 1 was not asked again");
    assertThat(sleeps.changed()).isTrue();
    assertThat(parks.fate()).isEqualTo(Fate.PARKS);
    assertThat(parks.now().attempts()).isEqualTo(1);
    assertThat(parks.now().dollars()).isZero();
    assertThat(replay(hinted(Duration.ofMinutes(5)), INTERACTIVE).fate()).isEqualTo(Fate.SAME);
  }

  @Test
  void fewerAttemptsEndTheCallSooner() {
    Transcript past =
        Past.call()
            .attempt(Duration.ZERO)
            .retried(ErrorKind.SERVER_ERROR, Duration.ofMillis(100))
            .attempt(Duration.ofMillis(100))
            .retried(ErrorKind.SERVER_ERROR, Duration.ofMillis(200))
            .attempt(Duration.ofMillis(200))
            .answered("yes")
            .ended();

    WaitsReport byClass = replay(past, models("    classes: {server_error: {attempts: 2}}\n"));
    WaitsReport byBudget = replay(past, models("    budget: {attempts: 1}\n"));

    assertThat(byClass.fate()).isEqualTo(Fate.GIVES_UP);
    assertThat(byClass.why()).isEqualTo("it ends after attempt 2: SERVER_ERROR 2 times");
    assertThat(byClass.now().attempts()).isEqualTo(2);
    assertThat(byClass.now().dollars()).isZero();
    assertThat(byBudget.why()).isEqualTo("it ends after attempt 1: all 1 attempts are used");
    assertThat(byBudget.steps().getLast().reached()).isFalse();
  }

  @Test
  void whoWouldGoOnWhereTheRecordEndsIsUnknown() {
    Transcript past = Past.call().attempt(Duration.ZERO).stopped(ErrorKind.TIMEOUT).lost();

    WaitsReport report = replay(past, INTERACTIVE);

    assertThat(report.fate()).isEqualTo(Fate.UNKNOWN);
    assertThat(report.why()).isEqualTo("after attempt 1 nobody was asked any more");
    assertThat(report.changed()).isTrue();
  }

  @Test
  void aDeadlineIsThatOfTheNewWaitsUnlessTheCallerNamedOne() {
    DelaySettings hasty = models("    budget: {deadline: 2s}\n");
    CallTerms own =
        new CallTerms(
            "interactive",
            Duration.ofMinutes(2),
            true,
            Sample.TERMS.corrections(),
            Sample.TERMS.limits());
    Past mine = Past.of(own).attempt(Duration.ZERO).answered("a").invalid("no");
    Past theirs = Past.call().attempt(Duration.ZERO).answered("a").invalid("no");

    WaitsReport kept = replay(mine.attempt(Duration.ofSeconds(3)).answered("b").ended(), hasty);
    WaitsReport changed =
        replay(theirs.attempt(Duration.ofSeconds(3)).answered("b").ended(), hasty);

    assertThat(kept.fate()).isEqualTo(Fate.SAME);
    assertThat(changed.fate()).isEqualTo(Fate.GIVES_UP);
    assertThat(changed.why()).isEqualTo("the deadline passes before attempt 1 of request 2");
    assertThat(changed.now()).isEqualTo(new Totals(1, Duration.ZERO, 0.25));
  }

  @Test
  void anAnswerThatComesTooLateIsNone() {
    WaitsReport report =
        replay(
            Past.call().attempt(Duration.ZERO).answered("a").ended(),
            models("    budget: {deadline: 500ms}\n"));

    assertThat(report.why()).isEqualTo("the deadline passes before the answer of attempt 1");
  }

  @Test
  void aTranscriptWithoutItsEndIsUnknownAndNoChange() {
    Transcript crashed =
        Past.call()
            .attempt(Duration.ZERO)
            .failed(ErrorKind.TIMEOUT, Hint.NONE, Optional.empty())
            .crashed();
    Transcript cut = Past.call().attempt(Duration.ZERO).truncated().ended();

    assertThat(replay(crashed, INTERACTIVE).fate()).isEqualTo(Fate.UNKNOWN);
    assertThat(replay(crashed, INTERACTIVE).changed()).isFalse();
    assertThat(replay(crashed, INTERACTIVE).steps().getFirst().recorded().action())
        .isEqualTo("unknown");
    assertThat(replay(cut, INTERACTIVE).why()).contains("lines are missing");
    assertThat(replay(cut, INTERACTIVE).changed()).isFalse();
  }

  @Test
  void whatWasDecidedIsTakenFromWhatFollowedIfNobodySaid() {
    Transcript past =
        Past.call()
            .attempt(Duration.ZERO)
            .failed(ErrorKind.OVERLOADED, Hint.NONE, Optional.empty())
            .attempt(Duration.ofMillis(300))
            .failed(ErrorKind.OVERLOADED, Hint.NONE, Optional.empty())
            .attempt("b/m", Duration.ZERO, WaitedFor.NOTHING)
            .failed(ErrorKind.AUTH, Hint.NONE, Optional.empty())
            .lost();

    WaitsReport report = replay(past, INTERACTIVE);

    assertThat(report.steps())
        .extracting(step -> step.recorded().action())
        .containsExactly("retry", "fallback", "stop");
    assertThat(report.steps())
        .extracting(WaitStep::changed)
        .as("auth is taken elsewhere")
        .containsExactly(false, false, true);
    assertThat(report.fate()).isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void withoutAnotherEndpointAFallbackIsTheEnd() {
    Transcript past =
        Past.callTo("a/m")
            .attempt(Duration.ZERO)
            .retried(ErrorKind.OVERLOADED, Duration.ofMillis(100))
            .attempt(Duration.ofMillis(100))
            .answered("yes")
            .ended();

    WaitsReport report = replay(past, models("    classes: {overloaded: {fallback_after: 1}}\n"));

    assertThat(report.fate()).isEqualTo(Fate.GIVES_UP);
    assertThat(report.why()).isEqualTo("it ends after attempt 1: there is no other endpoint");
  }

  @Test
  void aGateThatOthersClosedStaysClosed() {
    Transcript past =
        Past.call()
            .attempt("a/m", Duration.ofSeconds(4), WaitedFor.GATE)
            .retried(ErrorKind.NETWORK, Duration.ofNanos(1))
            .attempt("a/m", Duration.ofSeconds(5), WaitedFor.GATE)
            .answered("yes")
            .ended();

    assertThat(replay(past, INTERACTIVE).now().waited()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void kindsAreCountedApartAndAnewForEachRequest() {
    Transcript past =
        Past.call()
            .attempt(Duration.ZERO)
            .retried(ErrorKind.TIMEOUT, Duration.ofMillis(100))
            .attempt(Duration.ofMillis(100))
            .retried(ErrorKind.NETWORK, Duration.ZERO)
            .attempt(Duration.ZERO)
            .retried(ErrorKind.TIMEOUT, Duration.ofMillis(100))
            .attempt(Duration.ofMillis(100))
            .answered("a")
            .invalid("no")
            .attempt(Duration.ZERO)
            .retried(ErrorKind.TIMEOUT, Duration.ofMillis(100))
            .attempt(Duration.ofMillis(100))
            .answered("b")
            .ended();

    assertThat(replay(past, INTERACTIVE).steps())
        .extracting(step -> step.now().why())
        .containsExactly(
            "TIMEOUT backoff", "NETWORK backoff", "TIMEOUT backoff", "TIMEOUT backoff");
  }
}
