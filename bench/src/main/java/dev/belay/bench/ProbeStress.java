package dev.belay.bench;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two ask a breaker whose open time is over: one of them gets the probe. */
@JCStressTest
@Outcome(id = "true, false, 1", expect = Expect.ACCEPTABLE, desc = "the first")
@Outcome(id = "false, true, 1", expect = Expect.ACCEPTABLE, desc = "the second")
@Outcome(expect = Expect.FORBIDDEN, desc = "two probes, or none")
@State
public class ProbeStress {
  private final Stage stage = new Stage(Stage.opensAfter(1));

  /** Open, and its time is over. */
  public ProbeStress() {
    stage.readyForProbe();
  }

  /** One asks. */
  @Actor
  public void one(ZZI_Result r) {
    r.r1 = stage.breaker.tryAcquire().isGranted();
  }

  /** Another asks. */
  @Actor
  public void two(ZZI_Result r) {
    r.r2 = stage.breaker.tryAcquire().isGranted();
  }

  /** How many are out. */
  @Arbiter
  public void end(ZZI_Result r) {
    r.r3 = stage.breaker.snapshot().probesOut();
  }
}
