package dev.belay.bench;

import dev.belay.Attempt;
import dev.belay.Backoff;
import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CallMachine;
import dev.belay.CallObserver;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.ErrorClass;
import dev.belay.Pool;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Selection;
import dev.belay.Verdict;
import java.time.Duration;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two calls fail and want the budget's last token for their retry: one of them gets it. */
@JCStressTest
@Outcome(id = "true, false, 1", expect = Expect.ACCEPTABLE, desc = "the first")
@Outcome(id = "false, true, 1", expect = Expect.ACCEPTABLE, desc = "the second")
@Outcome(expect = Expect.FORBIDDEN, desc = "the token was spent twice, or lost")
@State
public class BudgetStress {
  private static final Verdict RETRY = Verdict.retry(ErrorClass.RESET, Blame.ENDPOINT);
  private static final RetryPolicy AT_ONCE =
      RetryPolicy.named("at-once").backoff(Backoff.custom(failure -> Duration.ZERO)).build();
  private static final Pool<Endpoint> POOL = pool();

  private final SetTime time = new SetTime();
  private final RetryBudget budget = RetryBudget.of(0, 0, 1, time);
  private final Failing one = new Failing();
  private final Failing two = new Failing();

  private static Pool<Endpoint> pool() {
    CircuitBreaker breaker = CircuitBreaker.of("stress", BreakerPolicy.DEFAULT);
    breaker.holdClosed();
    Endpoint endpoint = new Endpoint("stress", Endpoint.Traits.NONE, breaker);
    return Pool.of("stress", new First(), List.of(endpoint));
  }

  /** Takes what comes first. */
  private static final class First implements Selection {
    @Override
    public <E extends Endpoint> E select(List<E> candidates, Call call) {
      return candidates.getFirst();
    }
  }

  /** A call whose first attempt runs. */
  private final class Failing {
    private final CallMachine<Endpoint> machine =
        new CallMachine<>(
            new CallMachine.Rules<>(
                POOL, AT_ONCE, budget, CallObserver.NONE, Stage.NO_CHANCE, time),
            Call.DEFAULT,
            0);
    private final Attempt<Endpoint> attempt = (Attempt<Endpoint>) machine.begin(0);

    /** Whether it is tried again. */
    boolean fail() {
      return machine.after(attempt, RETRY, 0) instanceof Attempt<Endpoint>;
    }
  }

  /** One fails. */
  @Actor
  public void one(ZZI_Result r) {
    r.r1 = one.fail();
  }

  /** The other fails. */
  @Actor
  public void two(ZZI_Result r) {
    r.r2 = two.fail();
  }

  /** How many were refused. */
  @Arbiter
  public void end(ZZI_Result r) {
    r.r3 = (int) budget.refusals();
  }
}
