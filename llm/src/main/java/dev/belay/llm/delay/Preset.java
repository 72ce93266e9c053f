package dev.belay.llm.delay;

import dev.belay.Jitter;
import dev.belay.llm.ErrorKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Sets of waits to start from. */
public enum Preset {
  /** Somebody waits for the answer: a minute at most for a hint, then fall back. */
  INTERACTIVE,
  /** Nobody waits: twice the attempts and longer waits, and park what takes longer than 10 min. */
  BATCH,
  /** The waits of before, without hints: see {@link DelayPolicy#legacy}. */
  LEGACY;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** The rules for every kind of failure. */
  Map<ErrorKind, ClassRule> classes() {
    Map<ErrorKind, ClassRule> rules = new EnumMap<>(ErrorKind.class);
    for (ErrorKind kind : ErrorKind.values()) {
      ClassRule rule = rule(kind);
      rules.put(kind, this == BATCH && rule.attempts() > 1 ? patient(rule) : rule);
    }
    return rules;
  }

  private static ClassRule patient(ClassRule rule) {
    Duration cap = rule.cap().multipliedBy(2);
    return rule.withCap(cap.compareTo(MINUTE) < 0 ? MINUTE : cap)
        .withAttempts(Math.min(10, rule.attempts() * 2))
        .withFallbackAfter(rule.fallbackAfter() * 2);
  }

  private static ClassRule rule(ErrorKind kind) {
    return switch (kind) {
      case RATE_LIMIT -> growing(2_000, 60).withAttempts(5);
      case OVERLOADED -> growing(1_000, 30).withAttempts(4).withFallbackAfter(2);
      case SERVER_ERROR -> growing(500, 20).withAttempts(4);
      case NETWORK, STREAM_BROKEN -> growing(250, 8).withAttempts(4).withFirstAtOnce(true);
      case TIMEOUT -> growing(500, 8).withAttempts(3);
      case CONFLICT, GARBAGE -> growing(500, 8).withAttempts(3);
      case CIRCUIT_OPEN -> growing(1_000, 30).withAttempts(4).withFallbackAfter(1);
      case QUOTA_EXHAUSTED, AUTH, CONTEXT_OVERFLOW ->
          growing(1_000, 30).withAttempts(1).withFallbackAfter(1);
      case TRUNCATED, INVALID_REQUEST, CONTENT_BLOCKED, BAD_OUTPUT, CANCELLED ->
          growing(1_000, 30).withAttempts(1);
    };
  }

  private static ClassRule growing(long baseMillis, long capSeconds) {
    return new ClassRule(
        Duration.ofMillis(baseMillis), 2, Duration.ofSeconds(capSeconds), Jitter.FULL, 1, 0, false);
  }

  /** What is done with hints. */
  HintRules hints() {
    return switch (this) {
      case INTERACTIVE -> new HintRules(true, MINUTE, HintRules.OverLimit.FALLBACK);
      case BATCH -> new HintRules(true, Duration.ofMinutes(10), HintRules.OverLimit.PARK);
      case LEGACY -> new HintRules(false, MINUTE, HintRules.OverLimit.FAIL);
    };
  }

  /** What one call may cost. */
  Spending budget() {
    return switch (this) {
      case INTERACTIVE -> new Spending(6, Duration.ofMinutes(2), 0.2, 0, 0);
      case BATCH -> new Spending(10, Duration.ofHours(1), 0.2, 0, 0);
      case LEGACY -> new Spending(LegacyDelays.ATTEMPTS, Duration.ofHours(1), 1, 0, 0);
    };
  }
}
