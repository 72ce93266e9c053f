package dev.belay.bench;

import dev.belay.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZIZ_Result;

/** The only probe comes back undecided while another call asks for one. */
@JCStressTest
@Outcome(id = "true, 1, false", expect = Expect.ACCEPTABLE, desc = "got what had come back")
@Outcome(id = "false, 0, true", expect = Expect.ACCEPTABLE, desc = "too early; it is there now")
@Outcome(expect = Expect.FORBIDDEN, desc = "a permit was lost or given twice")
@State
public class ReleaseStress {
  private final Stage stage = new Stage(Stage.opensAfter(1));
  private final Permit probe;

  /** Half-open, with its probe out. */
  public ReleaseStress() {
    stage.readyForProbe();
    probe = stage.breaker.acquire();
  }

  /** It comes back. */
  @Actor
  public void release() {
    probe.release();
  }

  /** Another call asks. */
  @Actor
  public void ask(ZIZ_Result r) {
    r.r1 = stage.breaker.tryAcquire().isGranted();
  }

  /** How many are out, and whether there is one for the next. */
  @Arbiter
  public void end(ZIZ_Result r) {
    r.r2 = stage.breaker.snapshot().probesOut();
    r.r3 = stage.breaker.tryAcquire().isGranted();
  }
}
