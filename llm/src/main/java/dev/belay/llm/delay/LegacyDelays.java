package dev.belay.llm.delay;

import dev.belay.Backoff;
import dev.belay.Pace;
import dev.belay.Verdict;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** The waits of before, kept as they were so that there is a way back. */
final class LegacyDelays implements DelayPolicy {
  /** The first and three retries. */
  static final int ATTEMPTS = 4;

  private enum Group {
    TRANSIENT_LLM,
    TRANSIENT_INFRA,
    DETERMINISTIC
  }

  @Override
  public String name() {
    return "legacy";
  }

  @Override
  public Decision decide(Situation situation, RandomGenerator random) {
    ErrorKind kind = situation.error().kind();
    Group group = group(kind);
    String why = kind + " " + group.name().toLowerCase(Locale.ROOT);
    if (group == Group.DETERMINISTIC) {
      return new Decision.Stop(Decision.Cause.NOT_RETRYABLE, why, Decision.UNKNOWN);
    }
    if (situation.failure() + 1 >= ATTEMPTS) {
      return new Decision.Stop(Decision.Cause.ATTEMPTS_EXHAUSTED, why, Decision.UNKNOWN);
    }
    Duration after = delay(group, situation.failure(), random);
    return after.compareTo(situation.left()) >= 0
        ? new Decision.Stop(Decision.Cause.DEADLINE, why, situation.now().plus(after))
        : new Decision.Retry(after, why, situation.now().plus(after));
  }

  @Override
  public Verdict verdict(String provider, ProviderError error, RandomGenerator random) {
    Group group = group(error.kind());
    Verdict plain = Verdicts.of(error.kind(), group != Group.DETERMINISTIC);
    Backoff backoff = Backoff.custom(failure -> delay(group, failure, random));
    return group == Group.DETERMINISTIC
        ? plain
        : plain.withPace(new Pace(group.name().toLowerCase(Locale.ROOT), backoff, ATTEMPTS));
  }

  private static Group group(ErrorKind kind) {
    return switch (kind) {
      case RATE_LIMIT, OVERLOADED, TRUNCATED -> Group.TRANSIENT_LLM;
      case SERVER_ERROR, NETWORK, TIMEOUT, CONFLICT, STREAM_BROKEN -> Group.TRANSIENT_INFRA;
      case QUOTA_EXHAUSTED,
          CONTEXT_OVERFLOW,
          AUTH,
          INVALID_REQUEST,
          CONTENT_BLOCKED,
          BAD_OUTPUT,
          GARBAGE,
          CIRCUIT_OPEN,
          CANCELLED ->
          Group.DETERMINISTIC;
    };
  }

  /** Jitter comes after the cap here: 300 s can be 450. */
  private static Duration delay(Group group, int failure, RandomGenerator random) {
    double seconds =
        switch (group) {
          case TRANSIENT_LLM -> Math.min(60 * Math.pow(2, failure), 300);
          case TRANSIENT_INFRA -> Math.min(5.0 * (failure + 1), 30);
          case DETERMINISTIC -> 0;
        };
    return Duration.ofSeconds((long) (seconds * (0.5 + random.nextDouble())));
  }
}
