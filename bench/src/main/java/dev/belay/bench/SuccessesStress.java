package dev.belay.bench;

import dev.belay.CircuitBreaker;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Successes that collide, and so make the window spread out, are all counted. */
@JCStressTest
@Outcome(id = "8", expect = Expect.ACCEPTABLE, desc = "all counted")
@Outcome(expect = Expect.FORBIDDEN, desc = "a success was lost")
@State
public class SuccessesStress {
  private final CircuitBreaker breaker = new Stage(Stage.opensOnShareOf(1_000)).breaker;

  /** Four. */
  @Actor
  public void one() {
    succeedFourTimes();
  }

  /** Four more. */
  @Actor
  public void two() {
    succeedFourTimes();
  }

  private void succeedFourTimes() {
    for (int i = 0; i < 4; i++) {
      breaker.tryAcquire().success(0);
    }
  }

  /** How many it knows of. */
  @Arbiter
  public void end(I_Result r) {
    r.r1 = breaker.snapshot().calls();
  }
}
