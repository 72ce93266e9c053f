package dev.belay.llm.delay;

import dev.belay.Backoff;
import dev.belay.Hint;
import dev.belay.Pace;
import dev.belay.Verdict;
import dev.belay.http.RateAdvice.Again;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Waits that depend on what went wrong, and on what the provider says. */
final class DynamicDelays implements DelayPolicy {
  /** How long an account without money is left alone if nobody says how long. */
  private static final Duration COOL_DOWN = Duration.ofHours(1);

  private final DelaySettings settings;

  DynamicDelays(DelaySettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return settings.preset().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Decision decide(Situation situation, RandomGenerator random) {
    ProviderError error = situation.error();
    ClassRule rule = rule(situation.provider(), error);
    Hint hint = hint(error);
    Instant told = hint.isPresent() ? situation.now().plus(hint.after()) : Decision.UNKNOWN;
    int failures = situation.failure() + 1;
    boolean elsewhere = rule.fallbackAfter() > 0 && failures >= rule.fallbackAfter();
    if (error.again() == Again.NO) {
      return new Decision.Stop(Decision.Cause.TOLD_NOT_TO, error.kind() + " told not to", told);
    }
    if (elsewhere && error.kind() != ErrorKind.CANCELLED) {
      return new Decision.Fallback("%s %d times".formatted(error.kind(), failures), told);
    }
    if (rule.attempts() == 1) {
      String why = error.kind() + " does not go away by asking again";
      return new Decision.Stop(Decision.Cause.NOT_RETRYABLE, why, told);
    }
    if (failures >= rule.attempts()) {
      String why = "%s %d times".formatted(error.kind(), failures);
      return new Decision.Stop(Decision.Cause.ATTEMPTS_EXHAUSTED, why, told);
    }
    if (hint.after().compareTo(settings.hints().maxWait()) > 0) {
      String why = "%s is more than %s".formatted(hint.source(), settings.hints().maxWait());
      return overLimit(Decision.Cause.HINT_TOO_LONG, why, told);
    }
    return wait(situation, rule, hint, random);
  }

  private Decision wait(Situation situation, ClassRule rule, Hint hint, RandomGenerator random) {
    Duration after = length(situation.failure(), rule, hint, random);
    Instant retryAt = situation.now().plus(after);
    String why = isSaid(hint) ? hint.source() : situation.error().kind() + " backoff";
    if (after.compareTo(situation.left()) >= 0) {
      return overLimit(Decision.Cause.DEADLINE, why + " does not fit the deadline", retryAt);
    }
    return new Decision.Retry(after, why, retryAt);
  }

  private static Duration length(int failure, ClassRule rule, Hint hint, RandomGenerator random) {
    if (hint.isPresent()) {
      return UpwardJitter.on(hint.after(), random);
    }
    if (isSaid(hint) && failure == 0) {
      return UpwardJitter.on(Duration.ZERO, random); // "at once" is believed the first time
    }
    return Duration.ofNanos(rule.backoff().draw(failure, 0, random));
  }

  private Decision overLimit(Decision.Cause cause, String why, Instant retryAt) {
    return switch (settings.hints().overLimit()) {
      case FAIL -> new Decision.Stop(cause, why, retryAt);
      case FALLBACK -> new Decision.Fallback(why, retryAt);
      case PARK -> new Decision.Park(why, retryAt);
    };
  }

  @Override
  public Verdict verdict(String provider, ProviderError error, RandomGenerator random) {
    ClassRule rule = rule(provider, error);
    boolean cools = isCoolDown(error.kind()) && error.again() == Again.UNSAID;
    boolean again = error.again() != Again.NO && (rule.attempts() > 1 || cools);
    Verdict plain = Verdicts.of(error.kind(), again);
    if (!again) {
      return plain.withHint(hint(error));
    }
    if (cools) {
      return plain.withHint(coolDown(hint(error)));
    }
    String name = error.kind().name().toLowerCase(Locale.ROOT);
    Hint hint = hint(error);
    return hint.isPresent()
        ? plain
            .withHint(Hint.after(UpwardJitter.on(hint.after(), random), hint.source()))
            .withPace(new Pace(name, Backoff.custom(failure -> Duration.ZERO), rule.attempts()))
        : plain.withPace(rule.pace(name));
  }

  /** Whether another account may do what this one cannot. */
  private static boolean isCoolDown(ErrorKind kind) {
    return kind == ErrorKind.QUOTA_EXHAUSTED || kind == ErrorKind.AUTH;
  }

  /** Longer than anybody sleeps, so that it is another endpoint or none. */
  private Hint coolDown(Hint hint) {
    Duration least = settings.hints().maxWait().multipliedBy(2).plusSeconds(1);
    Duration after = hint.isPresent() ? hint.after() : COOL_DOWN;
    String source = hint.isPresent() ? hint.source() : "cool-down of the account";
    return Hint.after(after.compareTo(least) > 0 ? after : least, source);
  }

  /** A provider that asks to be asked again is, as after a failure of its server. */
  private ClassRule rule(String provider, ProviderError error) {
    ClassRule rule = settings.rule(error.kind(), provider);
    boolean isTold = error.again() == Again.YES && error.kind() != ErrorKind.CANCELLED;
    return isTold && rule.attempts() == 1 ? settings.rule(ErrorKind.SERVER_ERROR, provider) : rule;
  }

  private Hint hint(ProviderError error) {
    return settings.hints().honored() ? error.hint() : Hint.NONE;
  }

  private static boolean isSaid(Hint hint) {
    return !hint.source().isEmpty();
  }
}
