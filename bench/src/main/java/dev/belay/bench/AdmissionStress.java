package dev.belay.bench;

import dev.belay.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A call asks for leave, and works, while a failure opens the breaker. */
@JCStressTest
@Outcome(id = "true, OPEN", expect = Expect.ACCEPTABLE, desc = "admitted before it opened")
@Outcome(id = "false, OPEN", expect = Expect.ACCEPTABLE, desc = "refused after it opened")
@Outcome(expect = Expect.FORBIDDEN, desc = "it did not open, or did not stay open")
@State
public class AdmissionStress {
  private final Stage stage = new Stage(Stage.opensAfter(1));
  private final Permit running = stage.breaker.acquire();

  /** The failure that opens it. */
  @Actor
  public void fail() {
    Stage.fail(running);
  }

  /** The call beside it. */
  @Actor
  public void call(ZL_Result r) {
    Permit permit = stage.breaker.tryAcquire();
    r.r1 = permit.isGranted();
    permit.success(0);
  }

  /** Where it ended. */
  @Arbiter
  public void end(ZL_Result r) {
    r.r2 = stage.breaker.snapshot().state();
  }
}
