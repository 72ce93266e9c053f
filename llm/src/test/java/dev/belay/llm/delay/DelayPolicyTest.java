package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Backoff;
import dev.belay.Blame;
import dev.belay.Cases;
import dev.belay.Hint;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import dev.belay.http.RateAdvice.Again;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DelayPolicyTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final Duration PLENTY = Duration.ofDays(400);

  private final RandomGenerator random = new SplittableRandom(7);
  private final DelayPolicy policy = DelayPolicy.of(DelaySettings.DEFAULT);

  private static ProviderError error(ErrorKind kind) {
    return ProviderError.of(kind, "it failed");
  }

  private static ProviderError told(ErrorKind kind, Again again, Hint hint) {
    return new ProviderError(kind, 500, "", "", "", hint, again);
  }

  private static Hint hint(String length) {
    return Hint.after(Duration.parse(length), "Retry-After: x");
  }

  private static Situation situation(ProviderError error, int failure) {
    return new Situation("openai", error, failure, PLENTY, NOW);
  }

  private static DelayPolicy without(HintRules.OverLimit overLimit) {
    HintRules rules = new HintRules(true, Duration.ofMinutes(1), overLimit);
    return DelayPolicy.of(DelaySettings.DEFAULT.withHints(rules));
  }

  @ParameterizedTest
  @CsvSource({
    "RATE_LIMIT, 0, PT2S",
    "RATE_LIMIT, 3, PT16S",
    "SERVER_ERROR, 0, PT0.5S",
    "SERVER_ERROR, 2, PT2S",
    "NETWORK, 0, PT0S",
    "NETWORK, 1, PT0.25S",
    "NETWORK, 2, PT0.5S",
    "STREAM_BROKEN, 1, PT0.25S",
    "TIMEOUT, 1, PT1S",
    "CONFLICT, 1, PT1S",
    "OVERLOADED, 0, PT1S",
  })
  void waitsAsTheKindOfFailureAsks(ErrorKind kind, int failure, Duration most) {
    Decision decision = policy.decide(situation(error(kind), failure), random);

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Retry.class,
            retry -> {
              assertThat(retry.after()).isBetween(Duration.ZERO, most);
              assertThat(retry.retryAt()).isEqualTo(NOW.plus(retry.after()));
              assertThat(retry.why()).isEqualTo(kind + " backoff");
            });
  }

  @ParameterizedTest
  @CsvSource({"RATE_LIMIT, 5", "SERVER_ERROR, 4", "NETWORK, 4", "TIMEOUT, 3", "CONFLICT, 3"})
  void givesUpAfterAsManyAttemptsAsTheKindHas(ErrorKind kind, int attempts) {
    assertThat(policy.decide(situation(error(kind), attempts - 2), random))
        .isInstanceOf(Decision.Retry.class);
    assertThat(policy.decide(situation(error(kind), attempts - 1), random))
        .isInstanceOfSatisfying(
            Decision.Stop.class,
            stop -> assertThat(stop.cause()).isEqualTo(Decision.Cause.ATTEMPTS_EXHAUSTED));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorKind.class,
      names = {"TRUNCATED", "INVALID_REQUEST", "CONTENT_BLOCKED", "BAD_OUTPUT", "CANCELLED"})
  void asksOnlyOnceWhereAskingAgainDoesNotHelp(ErrorKind kind) {
    assertThat(policy.decide(situation(error(kind), 0), random))
        .isInstanceOfSatisfying(
            Decision.Stop.class,
            stop -> assertThat(stop.cause()).isEqualTo(Decision.Cause.NOT_RETRYABLE));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorKind.class,
      names = {"QUOTA_EXHAUSTED", "AUTH", "CONTEXT_OVERFLOW", "CIRCUIT_OPEN"})
  void goesElsewhereWhereAnotherMayHelp(ErrorKind kind) {
    assertThat(policy.decide(situation(error(kind), 0), random))
        .isInstanceOf(Decision.Fallback.class);
  }

  @Test
  void goesElsewhereAfterTwoOverloads() {
    ProviderError overloaded = error(ErrorKind.OVERLOADED).withHint(hint("PT10S"));

    assertThat(policy.decide(situation(overloaded, 0), random)).isInstanceOf(Decision.Retry.class);
    assertThat(policy.decide(situation(overloaded, 1), random))
        .isEqualTo(new Decision.Fallback("OVERLOADED 2 times", NOW.plusSeconds(10)));
  }

  @Test
  void neverComesBeforeTheHintAndSeldomMuchLater() {
    Cases.check(
        500,
        source -> Duration.ofMillis(source.nextLong(1, 60_000)),
        length -> {
          ProviderError limited = error(ErrorKind.RATE_LIMIT).withHint(Hint.after(length, "h: 1"));
          Decision decision = policy.decide(situation(limited, 2), random);
          Duration most = length.plusNanos(Math.max(100_000_000, length.toNanos() / 10));
          assertThat(((Decision.Retry) decision).after()).isBetween(length.plusMillis(50), most);
          assertThat(decision.why()).isEqualTo("h: 1");
        });
  }

  @Test
  void believesAtOnceOnlyTheFirstTime() {
    ProviderError atOnce =
        error(ErrorKind.RATE_LIMIT).withHint(Hint.after(Duration.ZERO, "Retry-After: 0"));

    Decision first = policy.decide(situation(atOnce, 0), random);
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 50; i++) {
      Decision later = policy.decide(situation(atOnce, 2), random);
      Duration after = ((Decision.Retry) later).after();
      longest = after.compareTo(longest) > 0 ? after : longest;
    }

    assertThat(((Decision.Retry) first).after())
        .isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(longest).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void neverSleepsForAHintBeyondTheLimit() {
    Situation long1 = situation(error(ErrorKind.RATE_LIMIT).withHint(hint("PT277403S")), 0);
    Instant then = NOW.plusSeconds(277_403);
    String why = "Retry-After: x is more than PT1M";

    assertThat(without(HintRules.OverLimit.FAIL).decide(long1, random))
        .isEqualTo(new Decision.Stop(Decision.Cause.HINT_TOO_LONG, why, then));
    assertThat(without(HintRules.OverLimit.FALLBACK).decide(long1, random))
        .isEqualTo(new Decision.Fallback(why, then));
    assertThat(without(HintRules.OverLimit.PARK).decide(long1, random))
        .isEqualTo(new Decision.Park(why, then));
  }

  @Test
  void neverSleepsPastTheDeadline() {
    ProviderError limited = error(ErrorKind.RATE_LIMIT).withHint(hint("PT30S"));
    Situation late = new Situation("openai", limited, 0, Duration.ofSeconds(30), NOW);

    assertThat(without(HintRules.OverLimit.FAIL).decide(late, random))
        .isInstanceOfSatisfying(
            Decision.Stop.class,
            stop -> {
              assertThat(stop.cause()).isEqualTo(Decision.Cause.DEADLINE);
              assertThat(stop.retryAt()).isAfter(NOW.plusSeconds(30));
            });
  }

  @Test
  void ignoresHintsIfTold() {
    HintRules deaf = new HintRules(false, Duration.ofMinutes(1), HintRules.OverLimit.FAIL);
    DelayPolicy own = DelayPolicy.of(DelaySettings.DEFAULT.withHints(deaf));
    ProviderError limited = error(ErrorKind.RATE_LIMIT).withHint(hint("PT3000S"));

    assertThat(own.decide(situation(limited, 0), random)).isInstanceOf(Decision.Retry.class);
    assertThat(own.verdict("openai", limited, random).hint()).isEqualTo(Hint.NONE);
  }

  @Test
  void theProvidersWordOverrulesTheKind() {
    ProviderError no = told(ErrorKind.SERVER_ERROR, Again.NO, Hint.NONE);
    ProviderError yes = told(ErrorKind.INVALID_REQUEST, Again.YES, Hint.NONE);

    assertThat(policy.decide(situation(no, 0), random))
        .isInstanceOfSatisfying(
            Decision.Stop.class,
            stop -> assertThat(stop.cause()).isEqualTo(Decision.Cause.TOLD_NOT_TO));
    assertThat(policy.decide(situation(yes, 0), random)).isInstanceOf(Decision.Retry.class);
    assertThat(policy.verdict("x", no, random).kind()).isEqualTo(Verdict.Kind.PERMANENT);
    assertThat(policy.verdict("x", yes, random).kind()).isEqualTo(Verdict.Kind.RETRY);
  }

  @Test
  void aCancelledCallStaysCancelledWhateverTheProviderWants() {
    ProviderError cancelled = told(ErrorKind.CANCELLED, Again.YES, Hint.NONE);

    assertThat(policy.decide(situation(cancelled, 0), random)).isInstanceOf(Decision.Stop.class);
    assertThat(policy.verdict("x", cancelled, random).kind()).isEqualTo(Verdict.Kind.CANCELLED);
  }

  @Test
  void tellsCoreToWaitForTheHintAndForNothingMore() {
    ProviderError limited = error(ErrorKind.RATE_LIMIT).withHint(hint("PT10S"));

    Verdict verdict = policy.verdict("openai", limited, random);

    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.THROTTLED);
    assertThat(verdict.blame()).isEqualTo(Blame.CALLER);
    assertThat(verdict.hint().after())
        .isBetween(Duration.ofMillis(10_050), Duration.ofMillis(11_000));
    assertThat(verdict.pace().name()).isEqualTo("rate_limit");
    assertThat(verdict.pace().attempts()).isEqualTo(5);
    assertThat(verdict.pace().backoff().draw(4, 0, random)).isZero();
  }

  @Test
  void tellsCoreThePaceOfTheKindWithoutAHint() {
    Verdict verdict = policy.verdict("openai", error(ErrorKind.SERVER_ERROR), random);

    Backoff backoff = verdict.pace().backoff();
    assertThat(backoff.base()).isEqualTo(Duration.ofMillis(500));
    assertThat(backoff.cap()).isEqualTo(Duration.ofSeconds(20));
    assertThat(backoff.jitter()).isEqualTo(Jitter.FULL);
    assertThat(verdict.pace().name()).isEqualTo("server_error");
  }

  @Test
  void anAccountWithoutMoneyIsLeftAloneForAnHour() {
    Verdict verdict = policy.verdict("openai", error(ErrorKind.QUOTA_EXHAUSTED), random);
    Verdict known =
        policy.verdict("x", error(ErrorKind.QUOTA_EXHAUSTED).withHint(hint("PT5H")), random);

    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.RETRY);
    assertThat(verdict.hint().after()).isEqualTo(Duration.ofHours(1));
    assertThat(known.hint().after()).isEqualTo(Duration.ofHours(5));
  }

  @Test
  void whatChecksFindIsNobodysFault() {
    assertThat(policy.verdict("x", error(ErrorKind.BAD_OUTPUT), random).kind())
        .isEqualTo(Verdict.Kind.IGNORED);
    assertThat(policy.verdict("x", error(ErrorKind.INVALID_REQUEST), random).blame())
        .isEqualTo(Blame.CALLER);
  }

  @Test
  void leavesTheRestToCore() {
    RetryPolicy core = DelaySettings.DEFAULT.applyTo(RetryPolicy.named("llm")).build();

    assertThat(core.maxAttempts()).isEqualTo(6);
    assertThat(core.timeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(core.maxHintWait()).isEqualTo(Duration.ofSeconds(66));
  }

  @Test
  void batchIsMorePatient() {
    DelaySettings batch = DelaySettings.of(Preset.BATCH);

    assertThat(batch.rule(ErrorKind.RATE_LIMIT, "x").attempts()).isEqualTo(10);
    assertThat(batch.rule(ErrorKind.TIMEOUT, "x").cap()).isEqualTo(Duration.ofMinutes(1));
    assertThat(batch.rule(ErrorKind.AUTH, "x").attempts()).isEqualTo(1);
    assertThat(batch.hints().overLimit()).isEqualTo(HintRules.OverLimit.PARK);
    assertThat(DelayPolicy.of(batch).name()).isEqualTo("batch");
  }

  @Test
  void rejectsRulesOutOfRange() {
    ClassRule rule = DelaySettings.DEFAULT.rule(ErrorKind.RATE_LIMIT, "x");

    assertThatThrownBy(() -> rule.withFactor(0.5)).hasMessage("factor must be 1 to 10, was 0.5");
    assertThatThrownBy(() -> rule.withBase(Duration.ZERO)).hasMessageStartingWith("base must be");
    assertThatThrownBy(() -> rule.withCap(Duration.ofDays(2))).hasMessageStartingWith("cap must");
    assertThatThrownBy(() -> rule.withAttempts(0)).hasMessageStartingWith("attempts must be");
    assertThatThrownBy(() -> rule.withFallbackAfter(-1)).hasMessageStartingWith("fallback_after");
    assertThat(rule.withFactor(1).backoff().delay(5)).isEqualTo(rule.base());
    Map<ErrorKind, ClassRule> none = new EnumMap<>(ErrorKind.class);
    assertThatThrownBy(() ->
            new DelaySettings(
                true,
                Preset.BATCH,
                RolloutPlan.ALL,
                Preset.BATCH.hints(),
                Preset.BATCH.budget(),
                none,
                Map.of()))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new Spending(11, Duration.ofSeconds(1), 0, 0, 0))
        .hasMessage("attempts must be 1 to 10, was 11");
  }

  /** The numbers that the upstream table gives. */
  @ParameterizedTest
  @CsvSource({
    "RATE_LIMIT, 0, 30, 90",
    "RATE_LIMIT, 1, 60, 180",
    "OVERLOADED, 2, 120, 360",
    "SERVER_ERROR, 0, 2, 7",
    "NETWORK, 1, 5, 15",
    "TIMEOUT, 2, 7, 22",
  })
  void legacyWaitsAsBefore(ErrorKind kind, int failure, long least, long most) {
    DelayPolicy legacy = DelayPolicy.of(DelaySettings.of(Preset.LEGACY));
    ProviderError hinted = error(kind).withHint(hint("PT1S"));
    for (int i = 0; i < 200; i++) {
      Decision decision = legacy.decide(situation(hinted, failure), random);

      Duration after = ((Decision.Retry) decision).after();
      assertThat(after.toSeconds()).isBetween(least, most);
      assertThat(after.toNanosPart()).isZero();
    }
    assertThat(legacy.name()).isEqualTo("legacy");
  }

  @Test
  void legacyCanPassItsOwnCap() {
    Verdict verdict = DelayPolicy.legacy().verdict("x", error(ErrorKind.RATE_LIMIT), random);
    long longest = 0;
    for (int i = 0; i < 500; i++) {
      longest = Math.max(longest, verdict.pace().backoff().draw(9, 0, random));
    }

    assertThat(Duration.ofNanos(longest))
        .isBetween(Duration.ofSeconds(430), Duration.ofSeconds(450));
    assertThat(verdict.pace().attempts()).isEqualTo(4);
    assertThat(verdict.hint()).isEqualTo(Hint.NONE);
  }

  @Test
  void legacyFailsFastAndAfterThreeRetries() {
    DelayPolicy legacy = DelayPolicy.legacy();

    assertThat(legacy.decide(situation(error(ErrorKind.AUTH), 0), random))
        .isInstanceOf(Decision.Stop.class);
    assertThat(legacy.decide(situation(error(ErrorKind.NETWORK), 3), random))
        .isInstanceOf(Decision.Stop.class);
    Situation late = new Situation("x", error(ErrorKind.NETWORK), 0, Duration.ofSeconds(1), NOW);
    assertThat(legacy.decide(late, random))
        .isInstanceOfSatisfying(
            Decision.Stop.class,
            stop -> assertThat(stop.cause()).isEqualTo(Decision.Cause.DEADLINE));
    assertThat(legacy.verdict("x", error(ErrorKind.AUTH), random).kind())
        .isEqualTo(Verdict.Kind.PERMANENT);
  }
}
