package dev.belay.bench;

import dev.belay.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** A result from before the opening comes in beside that of the probe: only the probe decides. */
public final class LateStress {
  private LateStress() {}

  /** The old call worked, the probe fails. */
  @JCStressTest
  @Outcome(id = "OPEN, 0", expect = Expect.ACCEPTABLE, desc = "the probe decided")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a late success closed it")
  @State
  public static class Success extends Late {
    /** The late success. */
    @Actor
    public void late() {
      early.success(0);
    }

    /** The probe. */
    @Actor
    public void probe() {
      Stage.fail(probe);
    }

    /** Where it ended. */
    @Arbiter
    public void end(LI_Result r) {
      r.r1 = stage.breaker.snapshot().state();
      r.r2 = stage.breaker.snapshot().probesOut();
    }
  }

  /** The old call failed, the probe works. */
  @JCStressTest
  @Outcome(id = "CLOSED, 0", expect = Expect.ACCEPTABLE, desc = "the probe decided")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a late failure counted")
  @State
  public static class Failure extends Late {
    /** The late failure. */
    @Actor
    public void late() {
      Stage.fail(early);
    }

    /** The probe. */
    @Actor
    public void probe() {
      probe.success(0);
    }

    /** Where it ended. */
    @Arbiter
    public void end(LI_Result r) {
      r.r1 = stage.breaker.snapshot().state();
      r.r2 = stage.breaker.snapshot().failureCount();
    }
  }

  /** Half-open, with its probe out, and a call still running from before. */
  abstract static class Late {
    final Stage stage = new Stage(Stage.opensAfter(1));
    final Permit early = stage.breaker.acquire();
    final Permit probe;

    Late() {
      stage.readyForProbe();
      probe = stage.breaker.acquire();
    }
  }
}
