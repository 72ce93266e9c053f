package dev.belay.simulate;

import dev.belay.BreakerEvent;
import dev.belay.Call;
import dev.belay.CallMachine;
import dev.belay.CallObserver;
import dev.belay.CircuitBreaker;
import dev.belay.Pool;
import dev.belay.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Runs a {@link Scenario}: the real state machine, pool, breakers, budget and strategies against
 * scripted endpoints, event by event on one thread in virtual time. The same scenario and seed give
 * the same result, always; the same seed under other rules gives the same calls at the same times.
 */
public final class Simulation {
  private static final double SECOND = 1e9;

  private final Scenario scenario;
  private final VirtualTime time = new VirtualTime();
  private final RandomGenerator arrivals;
  private final Counts counts;
  private final CallMachine.Rules<Host> rules;
  private final List<Call> calls;
  private final long end;
  private double nextAt;
  private long number;

  private Simulation(Scenario scenario, long seed) {
    this.scenario = scenario;
    this.counts = new Counts(scenario);
    this.arrivals = stream(seed, 1);
    this.end = scenario.load().length().toNanos();
    // even calls stand in the middle of their gaps, so that as many come as were asked for
    this.nextAt =
        scenario.load().arrivals() == Load.Arrivals.EVEN
            ? -0.5 / scenario.load().perSecond() * SECOND
            : 0;
    this.calls =
        scenario.load().regions().isEmpty()
            ? List.of(Call.DEFAULT)
            : scenario.load().regions().stream().map(Call.DEFAULT::withRegion).toList();
    RandomGenerator jitter = stream(seed, 2);
    Rules wanted = scenario.rules();
    this.rules =
        new CallMachine.Rules<>(
            Pool.of(
                scenario.name(),
                wanted.strategy().make(time, stream(seed, 3)),
                hosts(scenario, seed, jitter)),
            wanted.boundedPolicy(),
            wanted.budget().on(time),
            CallObserver.NONE,
            jitter,
            time);
  }

  private List<Host> hosts(Scenario scenario, long seed, RandomGenerator jitter) {
    Rules wanted = scenario.rules();
    Consumer<BreakerEvent> listener = wanted.breaks() ? counts::edge : event -> {};
    List<Host> hosts = new ArrayList<>();
    for (ScriptedEndpoint endpoint : scenario.endpoints()) {
      CircuitBreaker breaker =
          new CircuitBreaker(endpoint.name(), wanted.breaker(), time, jitter, listener);
      if (!wanted.breaks()) {
        breaker.holdClosed();
      }
      int index = hosts.size();
      hosts.add(new Host(endpoint, index, breaker, stream(seed, 100 + index)));
    }
    return hosts;
  }

  /** Chance for one purpose: what draws more for one leaves the others alone. */
  private static RandomGenerator stream(long seed, int purpose) {
    return RandomGeneratorFactory.of("L64X128MixRandom")
        .create(seed * 0x9E3779B97F4A7C15L + purpose);
  }

  /**
   * Runs a scenario to the end of its last call. 100,000 calls take about a second.
   *
   * @param seed the same seed, the same result
   */
  public static Result run(Scenario scenario, long seed) {
    Simulation simulation = new Simulation(scenario, seed);
    simulation.planNext();
    simulation.time.run();
    return simulation.counts.result(seed, simulation.rules.budget().refusals());
  }

  private void planNext() {
    Load load = scenario.load();
    double gap =
        switch (load.arrivals()) {
          case EVEN -> 1;
          case POISSON -> -StrictMath.log(1 - arrivals.nextDouble());
        };
    nextAt += gap / load.perSecond() * SECOND;
    if (nextAt < end) {
      time.after((long) nextAt - time.nanos(), Runnable::run, this::arrive);
    }
  }

  private void arrive() {
    planNext();
    Call call = calls.get((int) (number++ % calls.size()));
    new CallDriver(rules, call, time, counts).start();
  }
}
