package dev.belay.examples.shop.sim;

import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Trace;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One request to services in virtual time, with the faults of a plan in force. Takes well below a
 * millisecond. For one thread.
 */
public final class SimRequest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final Ask ask;
  private final Strikes strikes;
  private final SimNetwork network;
  private final SimNetwork.Outcome outcome;

  private SimRequest(Ask ask, Strikes strikes, SimNetwork network, SimNetwork.Outcome outcome) {
    this.ask = ask;
    this.strikes = strikes;
    this.network = network;
    this.outcome = outcome;
  }

  /** Who is asked for what, from outside. */
  public record Question(String service, Ask ask) {}

  /**
   * Who can be asked.
   *
   * @param services who answers to a name
   * @param between where Belay stands between two of them
   */
  public record World(Function<String, Optional<Service>> services, Between between) {}

  /**
   * Asks.
   *
   * @param random noise, and which calls a fault strikes
   * @param number which request it is, for the name of its trace
   * @throws InterruptedException if the thread was interrupted
   */
  public static SimRequest ask(
      Question question, World world, FaultPlan plan, RandomGenerator random, int number)
      throws InterruptedException {
    String trace = "%032x".formatted(number);
    Strikes strikes = new Strikes(plan, random);
    SimNetwork network =
        new SimNetwork(
            world.services(), strikes, random, trace, new Gateways(world.between(), random));
    Edge entry = new Edge(Calls.OUTSIDE, question.service());
    SimNetwork.Outcome outcome =
        network.call(new SimNetwork.Call(entry, question.ask(), 0, Optional.empty()), PATIENCE);
    return new SimRequest(question.ask(), strikes, network, outcome);
  }

  /** What was answered; nothing if no answer came. */
  public Optional<Answer> answer() {
    return outcome.answer();
  }

  /** All that was seen of it. */
  public Observation seen(List<Invariant> invariants) {
    Optional<Trace> trace =
        network.spans().isEmpty()
            ? Optional.empty()
            : Optional.of(new Trace(network.spans(), true));
    Observation.Reply reply =
        new Observation.Reply(
            outcome
                .answer()
                .map(answer -> OptionalInt.of(answer.status()))
                .orElse(OptionalInt.empty()),
            Optional.of(Duration.ofNanos(outcome.atNanos())),
            OptionalDouble.empty(),
            outcome.failure().map(failure -> failure.kind().name().toLowerCase(Locale.ROOT)));
    return new Observation(
        ask.toString(),
        reply,
        List.of(),
        trace,
        strikes.receipts(),
        invariants,
        EPOCH.plusNanos(outcome.atNanos()));
  }
}
