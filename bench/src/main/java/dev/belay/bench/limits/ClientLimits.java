package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.inject.client.ExecutorSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How soon a client of a published executor says that it cannot, once that has gone. The waits
 * between tries are virtual; what is measured is real.
 */
final class ClientLimits {
  private static final FaultPlan PLAN =
      new FaultPlan(
          List.of(Fault.at(Edge.into("price"), new Effect.Abort(503))), Duration.ofSeconds(5));
  private static final int MOST_CALLS = 20;

  private final Time time = Time.system();

  /** As published executors do: policies, and nothing of ours. */
  private static TinyServer.Answer published(TinyServer.Request request) {
    if (request.line().startsWith("GET /v1/faults")) {
      return new TinyServer.Answer(404, "{}");
    }
    return new TinyServer.Answer(request.line().startsWith("POST") ? 201 : 200, "{}");
  }

  private static Observation seen() {
    return new Observation(
        "GET /",
        Observation.Reply.of(200, Duration.ofMillis(1)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        Instant.EPOCH);
  }

  private static boolean fails(ExecutorClient client) throws InterruptedException {
    try {
      Observation unused =
          client.applyAndObserve(PLAN, Duration.ofSeconds(1), (plan, limit) -> seen());
      return false;
    } catch (ExecutorException | TargetFailed away) {
      return true;
    }
  }

  Limit measure() throws IOException, InterruptedException {
    ExecutorClient client;
    try (TinyServer executor = TinyServer.start(ClientLimits::published)) {
      client =
          new ExecutorClient(
              ExecutorSettings.of(
                  URI.create("http://127.0.0.1:%d".formatted(executor.port())), "limits"),
              new ExecutorClient.Surroundings(
                  new VirtualTime(), new SplittableRandom(1), Runnable::run));
      if (fails(client)) {
        throw new IOException("the executor did not take a plan");
      }
    }
    try (client) {
      for (int call = 0; call < MOST_CALLS && !client.isOpen(); call++) {
        boolean unused = fails(client);
      }
      List<Long> took = new ArrayList<>();
      boolean all = client.isOpen();
      for (int call = -2_000; call < 10_000; call++) {
        long begun = time.nanos();
        all &= fails(client);
        if (call >= 0) {
          took.add(time.nanos() - begun);
        }
      }
      Limit limit = Spread.of(took).below("a plan is refused while the breaker is open", 1);
      return new Limit(limit.what(), limit.figure(), limit.bar(), limit.met() && all);
    }
  }
}
