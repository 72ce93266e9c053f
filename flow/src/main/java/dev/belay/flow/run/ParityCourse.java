package dev.belay.flow.run;

import static java.util.Objects.requireNonNull;

import dev.belay.flow.OutcomeClass;
import dev.belay.flow.parity.BackoffV4;
import dev.belay.flow.parity.GobreakerV1;
import dev.belay.flow.parity.GobreakerV1.Admission;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of the orchestrator: the first backend alone, every error is repeated, whatever it is,
 * and a breaker that is open ends the task.
 */
final class ParityCourse implements Course {
  private final BackoffV4 backoff;
  private final Function<AgentEndpoint, GobreakerV1> breakers;
  private @Nullable GobreakerV1 breaker;
  private Admission.@Nullable Granted leave;

  ParityCourse(BackoffV4 backoff, Function<AgentEndpoint, GobreakerV1> breakers) {
    this.backoff = backoff;
    this.breakers = breakers;
    backoff.reset();
  }

  @Override
  public Next choose(List<AgentEndpoint> able) {
    return new Ask(able.getFirst());
  }

  @Override
  public Next begin(AgentEndpoint endpoint) {
    breaker = breakers.apply(endpoint);
    return switch (breaker.before()) {
      case Admission.Granted granted -> {
        leave = granted;
        yield new Begun();
      }
      case Admission.Refused refused -> new Stop(refused.why().message());
    };
  }

  @Override
  public Next after(OutcomeClass outcome, List<AgentEndpoint> able) {
    boolean success =
        outcome == OutcomeClass.SUCCESS
            || outcome == OutcomeClass.CANCELLED
            || outcome == OutcomeClass.TIMEOUT;
    settle(success);
    if (outcome == OutcomeClass.SUCCESS) {
      return new Done();
    }
    if (outcome == OutcomeClass.CANCELLED) {
      return new Stop("cancelled");
    }
    long wait = backoff.next();
    return wait == BackoffV4.STOP
        ? new Stop("no time is left for another attempt")
        : new Pause(Duration.ofNanos(wait), "the last attempt failed");
  }

  private void settle(boolean success) {
    requireNonNull(breaker).after(requireNonNull(leave), success);
    leave = null;
  }

  /** There is no such thing there: a limit is an error like any other. */
  @Override
  public void takeBack() {
    settle(false);
  }
}
