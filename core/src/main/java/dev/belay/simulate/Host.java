package dev.belay.simulate;

import dev.belay.Blame;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import java.util.random.RandomGenerator;

/** A scripted endpoint in a run. For one thread. */
final class Host extends Endpoint {
  private static final Verdict REFUSED = Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT);
  private static final long REFUSAL_NANOS = 1_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final long LONGEST_QUEUE_NANOS = 5 * SECOND;

  private final ScriptedEndpoint script;
  private final int index;
  private final RandomGenerator random;
  private double freeAt;
  private double quota = Double.NaN;
  private long quotaAt;

  Host(ScriptedEndpoint script, int index, CircuitBreaker breaker, RandomGenerator random) {
    super(script.name(), script.traits(), breaker);
    this.script = script;
    this.index = index;
    this.random = random;
  }

  /**
   * What comes back.
   *
   * @param nanos after how long; {@link Long#MAX_VALUE} for never
   */
  record Reply(Verdict verdict, long nanos) {}

  /** Its place among the others. */
  int index() {
    return index;
  }

  /** The share of attempts that fails at its hands now. */
  double failureRate(long now) {
    return script.at(now).failureRate();
  }

  /** Takes an attempt. */
  Reply reply(long now, RetryPolicy policy) {
    // all chance is drawn for each attempt, so that what one phase does leaves the next alone
    long latency = script.latency().draw(random);
    double luck = random.nextDouble();
    return switch (script.at(now)) {
      case Behaviour.Hangs hangs -> new Reply(Verdict.IGNORED, Long.MAX_VALUE);
      case Behaviour.Refuses refuses -> new Reply(REFUSED, Math.min(latency, REFUSAL_NANOS));
      case Behaviour.Throttles throttles ->
          takes(throttles, now)
              ? worked(Verdict.SUCCESS, latency, 1, now)
              : new Reply(tooMany(throttles, policy), latency);
      case Behaviour.Answers answers -> {
        Verdict verdict =
            luck < answers.successRate() ? Verdict.SUCCESS : status(answers.status(), policy);
        yield isFull(now)
            ? new Reply(status(503, policy), Math.min(latency, REFUSAL_NANOS))
            : worked(verdict, latency, answers.slowness(), now);
      }
    };
  }

  private static Verdict status(int status, RetryPolicy policy) {
    return policy.retryStatusCodes().contains(status)
        ? Verdict.retry(ErrorClass.STATUS, Blame.ENDPOINT)
        : Verdict.permanent(ErrorClass.STATUS, Blame.ENDPOINT);
  }

  private static Verdict tooMany(Behaviour.Throttles throttles, RetryPolicy policy) {
    Hint hint = Hint.after(throttles.retryAfter(), "Retry-After");
    return policy.retryStatusCodes().contains(429)
        ? Verdict.throttled(Blame.ENDPOINT, hint)
        : Verdict.permanent(ErrorClass.THROTTLED, Blame.TARGET).withHint(hint);
  }

  private boolean takes(Behaviour.Throttles throttles, long now) {
    double most = Math.max(1, throttles.perSecond());
    double earned = (double) (now - quotaAt) / SECOND * throttles.perSecond();
    quota = Double.isNaN(quota) ? most : Math.min(most, quota + earned);
    quotaAt = now;
    if (throttles.perSecond() == 0 || quota < 1) {
      return false;
    }
    quota -= 1;
    return true;
  }

  private boolean isFull(long now) {
    return freeAt - now > LONGEST_QUEUE_NANOS;
  }

  /** One after the other; without a limit nothing ever waits. */
  private Reply worked(Verdict verdict, long latency, double slowness, long now) {
    double begins = Math.max(freeAt, (double) now);
    freeAt = begins + SECOND * slowness / script.capacity();
    double nanos = begins - now + latency * slowness;
    return new Reply(verdict, (long) Math.min(nanos, (double) Latency.LONGEST.toNanos()));
  }
}
