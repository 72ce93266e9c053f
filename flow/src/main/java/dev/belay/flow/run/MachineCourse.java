package dev.belay.flow.run;

import static java.util.Objects.requireNonNull;

import dev.belay.Attempt;
import dev.belay.BreakerState;
import dev.belay.Call;
import dev.belay.CallMachine;
import dev.belay.CallObserver;
import dev.belay.Endpoint;
import dev.belay.Pool;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Selection;
import dev.belay.Step;
import dev.belay.StopReason;
import dev.belay.Time;
import dev.belay.flow.OutcomeClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Belay's own way: the machine of the engine decides. Attempts that are used up while a backend is
 * failing for everybody are no reason to give a task up: it goes on when the backend does, within
 * some hours.
 */
final class MachineCourse implements Course {
  private static final Selection IN_ORDER =
      new Selection() {
        @Override
        public <E extends Endpoint> E select(List<E> candidates, Call call) {
          return candidates.getFirst();
        }
      };

  private final RetryPolicy policy;
  private final Duration patience;
  private final Time time;
  private final RandomGenerator random;
  private final Pool<AgentEndpoint> pool;
  private final long started;
  private CallMachine<AgentEndpoint> machine;
  private final List<AgentEndpoint> tried = new ArrayList<>();
  private boolean begun;
  private @Nullable Attempt<AgentEndpoint> running;

  /**
   * One for a step.
   *
   * @param patience how long after its begin a failing backend is still waited for
   */
  MachineCourse(RetryPolicy policy, Duration patience, Time time, RandomGenerator random) {
    this.policy = policy;
    this.patience = patience;
    this.time = time;
    this.random = random;
    this.pool = Pool.of("flow", IN_ORDER, List.of());
    this.started = time.nanos();
    this.machine = newMachine();
  }

  private CallMachine<AgentEndpoint> newMachine() {
    CallMachine.Rules<AgentEndpoint> rules =
        new CallMachine.Rules<>(
            pool, policy, RetryBudget.unlimited(), CallObserver.NONE, random, time);
    return new CallMachine<>(rules, Call.DEFAULT, time.nanos());
  }

  @Override
  public Next choose(List<AgentEndpoint> able) {
    List<AgentEndpoint> free = able.stream().filter(AgentEndpoint::isSelectable).toList();
    if (free.isEmpty()) {
      Duration soonest =
          able.stream()
              .map(endpoint -> endpoint.breaker().untilTest())
              .min(Duration::compareTo)
              .orElse(RetryPolicy.FOREVER);
      return new Rest(soonest, "%s failing".formatted(names(able)));
    }
    return new Ask(
        free.stream().filter(one -> !tried.contains(one)).findFirst().orElse(free.getFirst()));
  }

  private static String names(List<AgentEndpoint> able) {
    return String.join(" and ", able.stream().map(Endpoint::name).toList())
        + (able.size() == 1 ? " is" : " are");
  }

  @Override
  public Next begin(AgentEndpoint endpoint) {
    pool.replace(List.of(endpoint));
    long now = time.nanos();
    Step<AgentEndpoint> step = begun ? machine.next(now) : machine.begin(now);
    begun = true;
    return switch (step) {
      case Attempt<AgentEndpoint> attempt -> {
        running = attempt;
        tried.add(endpoint);
        yield new Begun();
      }
      case Step.Pause<AgentEndpoint> pause ->
          new Rest(Duration.ofNanos(pause.nanos()), endpoint + " is failing");
      case Step.Await<AgentEndpoint> none -> throw new IllegalStateException("nothing runs beside");
      case Step.Stop<AgentEndpoint> stop -> new Stop(words(stop.reason()));
    };
  }

  @Override
  public Next after(OutcomeClass outcome, List<AgentEndpoint> able) {
    Attempt<AgentEndpoint> attempt = requireNonNull(running);
    running = null;
    AgentEndpoint endpoint = attempt.endpoint();
    // a wait of nothing would let the machine choose before there is a place
    pool.replace(able);
    Step<AgentEndpoint> step = machine.after(attempt, Verdicts.of(outcome), time.nanos());
    return switch (step) {
      case Step.Pause<AgentEndpoint> pause ->
          new Pause(Duration.ofNanos(pause.nanos()), "the last attempt failed");
      case Attempt<AgentEndpoint> atOnce -> {
        machine.takeBack(atOnce, time.nanos());
        yield new Pause(Duration.ZERO, "the last attempt failed");
      }
      case Step.Await<AgentEndpoint> none -> throw new IllegalStateException("nothing runs beside");
      case Step.Stop<AgentEndpoint> stop -> stopped(stop.reason(), endpoint);
    };
  }

  private Next stopped(StopReason reason, AgentEndpoint endpoint) {
    if (reason == StopReason.SUCCESS) {
      return new Done();
    }
    boolean failsForAll = endpoint.breaker().state() != BreakerState.CLOSED;
    boolean patient = time.nanos() - started < patience.toNanos();
    if (reason == StopReason.ATTEMPTS_EXHAUSTED && failsForAll && patient) {
      machine = newMachine();
      begun = false;
      tried.clear();
      return new Pause(Duration.ZERO, endpoint + " is failing");
    }
    return new Stop(words(reason));
  }

  private String words(StopReason reason) {
    return switch (reason) {
      case ATTEMPTS_EXHAUSTED ->
          policy.maxAttempts() == 1
              ? "its only attempt"
              : "the last of %d attempts".formatted(policy.maxAttempts());
      case DEADLINE -> "its time is over";
      case REFUSED -> "nobody takes it";
      case SUCCESS,
          PERMANENT,
          IGNORED,
          BUDGET_EXHAUSTED,
          HINT_TOO_LONG,
          NOT_REPEATABLE,
          CANCELLED ->
          "another attempt cannot help";
    };
  }

  @Override
  public void takeBack() {
    Attempt<AgentEndpoint> attempt = requireNonNull(running);
    running = null;
    tried.removeLast();
    machine.takeBack(attempt, time.nanos());
  }
}
