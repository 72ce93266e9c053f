package dev.belay.chaos.inject.client;

import dev.belay.Backoff;
import dev.belay.Belay;
import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.Call;
import dev.belay.CallFailed;
import dev.belay.CallRefused;
import dev.belay.CircuitBreaker;
import dev.belay.Classifier;
import dev.belay.Endpoint;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Permit;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.chaos.inject.client.ExecutorException.Code;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks an executor until it answers, or patience ends. A call that fails after all its tries counts
 * as one failure; so many in a row, and the executor is left alone for a while, after which one
 * call finds out whether it is back. Safe for any number of threads.
 *
 * <p>The breaker stands outside of the tries, and not inside as usual: it is calls that count.
 */
final class GuardedWire {
  private static final Set<Integer> RETRYABLE = Set.of(500, 502, 503, 504);

  private final Wire wire;
  private final Time time;
  private final Tally tally = new Tally();
  private final CircuitBreaker breaker;
  private final Belay<Endpoint> belay;
  private final RetryPolicy once = RetryPolicy.named("executor-once").maxAttempts(1).build();

  GuardedWire(Wire wire, Patience patience, Time time, RandomGenerator random) {
    this.wire = wire;
    this.time = time;
    BreakerPolicy opening =
        BreakerPolicy.builder()
            .failureThreshold(0)
            .consecutiveFailures(patience.rest().failures())
            .openFor(patience.rest().length())
            // longer than the longest call, so that a probe is never given up while it runs
            .probeLease(patience.longestCall().plus(Duration.ofMinutes(1)))
            .build();
    this.breaker =
        new CircuitBreaker(
            "executor",
            opening,
            time,
            random,
            event -> {
              if (event.to() == BreakerState.OPEN) {
                tally.opened();
              }
            });
    Endpoint endpoint = Endpoint.of("executor");
    endpoint.breaker().holdClosed();
    RetryPolicy policy =
        RetryPolicy.named("executor")
            .maxAttempts(patience.retries().attempts())
            .backoff(Backoff.custom(failure -> wait(patience.retries(), failure, random)))
            .retryStatusCodes(RETRYABLE)
            .build();
    Classifier classifier =
        Classifier.builder()
            .value(
                Wire.Answer.class,
                answer -> RETRYABLE.contains(answer.status()),
                answer -> Verdict.retry(ErrorClass.STATUS, Blame.ENDPOINT))
            .build();
    this.belay =
        Belay.guard(endpoint)
            .policy(policy)
            .classifier(classifier)
            .budget(RetryBudget.unlimited())
            .observer(tally)
            .random(random)
            .time(time)
            .build();
  }

  private static Duration wait(Patience.Retries retries, int failure, RandomGenerator random) {
    double nanos = (double) retries.first().toNanos() * Math.pow(2, failure);
    double spread = 1 + retries.jitterPercent() / 100.0 * (2 * random.nextDouble() - 1);
    return Duration.ofNanos(
        (long) (Math.min(nanos, (double) retries.longest().toNanos()) * spread));
  }

  /**
   * Asks with all tries.
   *
   * @return an answer that is no failure of the executor: it may still be a refusal
   * @throws ExecutorException if there was none, or the executor is left alone for now
   */
  Wire.Answer call(Wire.Ask ask) throws ExecutorException, InterruptedException {
    return call(ask, belay.policy());
  }

  /** Asks once. */
  Wire.Answer callOnce(Wire.Ask ask) throws ExecutorException, InterruptedException {
    return call(ask, once);
  }

  /**
   * Does nothing, unless the executor is left alone for now: before something is begun that would
   * have to be taken back, however little of it was done.
   *
   * @throws ExecutorException at once, if it is
   */
  void refuseIfOpen() throws ExecutorException {
    if (isOpen()) {
      throw refused();
    }
  }

  private ExecutorException refused() {
    tally.refused();
    return unavailable(
        "the executor failed too often and is left alone for another %s"
            .formatted(breaker.untilTest()),
        null);
  }

  private Wire.Answer call(Wire.Ask ask, RetryPolicy policy)
      throws ExecutorException, InterruptedException {
    Permit permit = breaker.tryAcquire();
    if (!permit.isGranted()) {
      throw refused();
    }
    long begun = time.nanos();
    boolean settled = false;
    try {
      Wire.Answer answer = attempts(ask, policy);
      settled = true;
      permit.success(time.nanos() - begun);
      return answer;
    } catch (ExecutorException failure) {
      settled = true;
      permit.failure(Blame.ENDPOINT, Hint.NONE, time.nanos() - begun);
      throw failure;
    } finally {
      if (!settled) {
        permit.release();
      }
    }
  }

  /** Asks with all tries even if the executor is left alone: for what takes faults away. */
  Wire.Answer insist(Wire.Ask ask) throws ExecutorException, InterruptedException {
    return attempts(ask, belay.policy());
  }

  private Wire.Answer attempts(Wire.Ask ask, RetryPolicy policy)
      throws ExecutorException, InterruptedException {
    try {
      Wire.Answer answer = belay.call(Call.DEFAULT.withPolicy(policy), attempt -> wire.send(ask));
      if (RETRYABLE.contains(answer.status())) {
        throw unavailable("the executor answered with status " + answer.status(), null);
      }
      return answer;
    } catch (CallFailed failed) {
      throw unavailable("the executor cannot be reached: " + failed.getMessage(), failed);
    } catch (CallRefused refused) {
      throw unavailable("the executor is not to be asked: " + refused.getMessage(), refused);
    }
  }

  private static ExecutorException unavailable(String message, @Nullable Throwable cause) {
    return new ExecutorException(Code.EXECUTOR_UNAVAILABLE, message, cause);
  }

  /** Whether the executor is left alone now. */
  boolean isOpen() {
    return !breaker.isSelectable();
  }

  ExecutorMetrics metrics() {
    return tally.metrics();
  }
}
