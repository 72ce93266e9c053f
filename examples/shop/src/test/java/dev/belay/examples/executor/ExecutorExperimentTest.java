package dev.belay.examples.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.session.MemorySessionStore;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.chaos.PublishedExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our client and an executor as published, with faults between them. */
@Timeout(300)
class ExecutorExperimentTest {
  private static final int TRIALS = 30;

  @Test
  void noFaultMakesTheClientBreakItsWord() throws Exception {
    try (PublishedExecutor executor = PublishedExecutor.start();
        ExecutorTarget target = new ExecutorTarget(executor.uri(), Time.system(), new Random(3))) {
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
      assertThat(executor.policies()).isEmpty();
    }
  }

  @Test
  void saysWhatWasAskedAndWhatWasStruck() throws Exception {
    try (PublishedExecutor executor = PublishedExecutor.start();
        ExecutorTarget target = new ExecutorTarget(executor.uri(), Time.system(), new Random(3))) {
      Observation seen =
          target.run(FaultPlan.of(Fault.at(Operation.PUT.edge(), new Effect.Abort(503))));

      assertThat(seen.receipts())
          .hasSizeGreaterThanOrEqualTo(5)
          .allSatisfy(receipt -> assertThat(receipt.edge()).isEqualTo(Operation.PUT.edge()));
      assertThat(arrived(seen, "put")).isEqualTo(5);
      assertThat(arrived(seen, "mode")).isPositive();
      assertThat(arrived(seen, "remove")).isPositive();
      assertThat(seen.invariants()).hasSize(5).allMatch(Invariant::holds);
    }
  }

  @Test
  void aReadWhoseConnectionEndsArrivesTwiceForEachOfFiveTries() throws Exception {
    try (PublishedExecutor executor = PublishedExecutor.start();
        ExecutorTarget target = new ExecutorTarget(executor.uri(), Time.system(), new Random(3))) {
      Observation seen =
          target.run(FaultPlan.of(Fault.at(Operation.MODE.edge(), new Effect.Reset())));

      assertThat(arrived(seen, "mode")).isBetween(5L, 10L);
      assertThat(broken(seen)).isEmpty();
    }
  }

  private static long arrived(Observation seen, String service) {
    return seen.trace().orElseThrow().spans().stream()
        .filter(span -> span.service().equals(service))
        .count();
  }

  @Test
  void seesThatAPolicyIsLeft() throws Exception {
    String left = "{\"policies\":[{\"metadata\":{\"name\":\"self-1-left\"}}]}";
    Script<ReceivedRequest, Reply> forgets =
        Script.answering(request ->
            switch (request.method() + " " + request.target()) {
              case "GET /v1/faults" -> Reply.status(404);
              case "GET /v1/policies" -> Reply.ok(left);
              case "POST /v1/policies" -> Reply.status(201).body(request.bodyText());
              default -> Reply.ok("{}");
            });
    try (FaultyOrigin executor = FaultyOrigin.start(forgets);
        ExecutorTarget target = new ExecutorTarget(executor.uri(), Time.system(), new Random(3))) {
      Observation seen = target.run(FaultPlan.NONE);

      assertThat(broken(seen)).containsExactly("leaves no policy, or says so");
    }
  }

  private static List<String> broken(Observation seen) {
    return seen.invariants().stream().filter(law -> !law.holds()).map(Invariant::name).toList();
  }
}
