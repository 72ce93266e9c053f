package dev.belay.bench;

import dev.belay.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** Two failures at once are two failures, however they are counted. */
public final class FailuresStress {
  private FailuresStress() {}

  /** By number. */
  @JCStressTest
  @Outcome(id = "OPEN, 2", expect = Expect.ACCEPTABLE, desc = "both counted")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a failure was lost")
  @State
  public static class ByNumber extends Both {
    /** Two open it. */
    public ByNumber() {
      super(new Stage(Stage.opensAfter(2)));
    }

    /** One failure. */
    @Actor
    public void one() {
      Stage.fail(first);
    }

    /** Another. */
    @Actor
    public void other() {
      Stage.fail(second);
    }

    /** Where it ended. */
    @Arbiter
    public void end(LI_Result r) {
      tell(r);
    }
  }

  /** By share: the window's cells are made by the first failure, and no lock is taken. */
  @JCStressTest
  @Outcome(id = "OPEN, 2", expect = Expect.ACCEPTABLE, desc = "both counted")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a failure was lost")
  @State
  public static class ByShare extends Both {
    /** Two of two open it. */
    public ByShare() {
      super(new Stage(Stage.opensOnShareOf(2)));
    }

    /** One failure. */
    @Actor
    public void one() {
      Stage.fail(first);
    }

    /** Another. */
    @Actor
    public void other() {
      Stage.fail(second);
    }

    /** Where it ended. */
    @Arbiter
    public void end(LI_Result r) {
      tell(r);
    }
  }

  /** Two calls that run. */
  abstract static class Both {
    final Stage stage;
    final Permit first;
    final Permit second;

    Both(Stage stage) {
      this.stage = stage;
      this.first = stage.breaker.acquire();
      this.second = stage.breaker.acquire();
    }

    final void tell(LI_Result r) {
      r.r1 = stage.breaker.snapshot().state();
      r.r2 = stage.breaker.snapshot().failureCount();
    }
  }
}
