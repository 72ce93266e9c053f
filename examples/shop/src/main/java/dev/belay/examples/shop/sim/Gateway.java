package dev.belay.examples.shop.sim;

import dev.belay.Belay;
import dev.belay.Blame;
import dev.belay.Call;
import dev.belay.CallRefused;
import dev.belay.CircuitBreaker;
import dev.belay.Classifier;
import dev.belay.Deadline;
import dev.belay.Endpoint;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.CallFailed;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Belay in virtual time between one caller and one callee. Its clock goes on with its callers: a
 * callee that works on after it was given up does not move it. For one thread.
 */
final class Gateway {
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  private final VirtualTime time = new VirtualTime();
  private final Belay<Endpoint> belay;
  private long lastNanos;

  Gateway(Edge edge, Between between, RandomGenerator random) {
    CircuitBreaker breaker =
        new CircuitBreaker(edge.toString(), between.breaker(), time, random, event -> {});
    this.belay =
        Belay.guard(new Endpoint(edge.toString(), Endpoint.Traits.NONE, breaker))
            .policy(between.policy())
            .budget(RetryBudget.of(0.2, 0, between.budget(), time))
            .classifier(classifier(between.policy()))
            .time(time)
            .random(random)
            .build();
  }

  /** The way from here to the callee. */
  @FunctionalInterface
  interface Line {
    /** One attempt. */
    SimNetwork.Outcome call(SimNetwork.Call call, Duration timeout) throws InterruptedException;
  }

  private static Classifier classifier(RetryPolicy policy) {
    return Classifier.builder()
        .value(Answer.class, answer -> !answer.isOk(), answer -> verdict(answer.status(), policy))
        .failure(CallFailed.class, failed -> Verdict.retry(error(failed), Blame.ENDPOINT))
        .build();
  }

  private static Verdict verdict(int status, RetryPolicy policy) {
    if (!policy.retryStatusCodes().contains(status)) {
      return Verdict.permanent(ErrorClass.STATUS, status < 500 ? Blame.CALLER : Blame.ENDPOINT);
    }
    return status == TOO_MANY
        ? Verdict.throttled(Blame.CALLER, Hint.NONE)
        : Verdict.retry(ErrorClass.STATUS, Blame.ENDPOINT);
  }

  private static ErrorClass error(CallFailed failed) {
    return switch (failed.kind()) {
      case TIMEOUT -> ErrorClass.TIMEOUT;
      case RESET -> ErrorClass.RESET;
      case GARBLED -> ErrorClass.PROTOCOL;
    };
  }

  /** Makes a call, in as many attempts as the policy and the caller's timeout allow. */
  SimNetwork.Outcome call(SimNetwork.Call call, Duration timeout, Line line)
      throws InterruptedException {
    time.advance(Duration.ofNanos(Math.max(0, call.atNanos() - lastNanos)));
    long ahead = call.atNanos() - time.nanos();
    Call wishes =
        Call.DEFAULT
            .withIdempotent(call.ask().method().equals("GET"))
            .withDeadline(Deadline.in(timeout, time));
    try {
      Answer answer =
          belay.call(wishes, attempt -> attempt(call, ahead, attempt.deadline().left(), line));
      return SimNetwork.Outcome.of(answer, now(ahead));
    } catch (CallRefused open) {
      return SimNetwork.Outcome.of(Answer.failed(UNAVAILABLE), now(ahead));
    } catch (dev.belay.CallFailed failed) {
      CallFailed.Kind kind =
          failed.getCause() instanceof CallFailed last ? last.kind() : CallFailed.Kind.TIMEOUT;
      return SimNetwork.Outcome.failed(kind, String.valueOf(failed.getMessage()), now(ahead));
    }
  }

  private Answer attempt(SimNetwork.Call call, long ahead, Duration left, Line line)
      throws CallFailed, InterruptedException {
    long at = time.nanos() + ahead;
    SimNetwork.Outcome outcome =
        line.call(new SimNetwork.Call(call.edge(), call.ask(), at, call.parent()), left);
    time.sleep(outcome.atNanos() - at);
    if (outcome.failure().isPresent()) {
      throw outcome.failure().get();
    }
    return outcome.answer().orElseThrow();
  }

  private long now(long ahead) {
    lastNanos = time.nanos() + ahead;
    return lastNanos;
  }
}
