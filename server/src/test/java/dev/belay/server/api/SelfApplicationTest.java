package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.chaos.session.MemorySessionStore;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.examples.executor.ExecutorExperiment;
import dev.belay.examples.executor.ExecutorTarget;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The search, our own client, and our own control plane, with our own fault proxy between. */
@Timeout(300)
class SelfApplicationTest {
  private static final int TRIALS = 40;

  @Test
  void noFaultMakesTheClientBreakItsWord() throws Exception {
    try (Api api = Api.start("", "");
        ExecutorTarget target =
            new ExecutorTarget(URI.create(api.server().control()), Time.system(), new Random(3))) {
      Sessions sessions =
          new Sessions(
              (id, spec) -> new ExecutorExperiment(target, spec.seed()),
              new MemorySessionStore(),
              Sessions.Settings.DEFAULT,
              Time.system(),
              Thread::startVirtualThread);

      String id =
          sessions.start(new SessionSpec("executor", "{}", TRIALS, Duration.ofMinutes(30), 5)).id();

      while (!sessions.view(id).orElseThrow().state().isOver()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      SessionView view = sessions.view(id).orElseThrow();
      assertThat(view.defects()).isEmpty();
      assertThat(view.progress().done()).isEqualTo(TRIALS);
      assertThat(view.progress().failed()).isZero();
      assertThat(api.read("/v1/policies").get("policies")).isEmpty();
    }
  }
}
