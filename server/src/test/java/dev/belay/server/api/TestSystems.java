package dev.belay.server.api;

import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.session.Experiment;
import dev.belay.chaos.session.Experiments;
import dev.belay.chaos.session.Search;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.sim.ShopExperiment;
import dev.belay.examples.shop.sim.SimShop;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Systems in this process that a server can search: the shop in virtual time with all its defects,
 * and one whose names mean harm. Each look at one of them waits until it is let through.
 */
final class TestSystems {
  static final String SHOP = "shop";
  static final String ODD = "odd";

  /** How often the healthy system is looked at first. */
  static final int HEALTHY = 30;

  private static final int ALL = 1 << 20;

  private final Semaphore gate = new Semaphore(0);
  private final String name;

  /**
   * Some systems.
   *
   * @param name of a service and of whatever else of the odd one has a name
   */
  TestSystems(String name) {
    this.name = name;
  }

  /** Lets so many more looks through. */
  void let(int looks) {
    gate.release(looks);
  }

  void letAll() {
    gate.release(ALL);
  }

  /** Lets none through from now on. */
  void hold() {
    gate.drainPermits();
  }

  /** These, and those that are configured. */
  Experiments beside(Experiments configured) {
    return new Experiments() {
      @Override
      public Experiment open(String session, SessionSpec spec) {
        return switch (spec.service()) {
          case SHOP -> shop(spec);
          case ODD -> odd(spec);
          default -> configured.open(session, spec);
        };
      }

      @Override
      public List<String> services() {
        return Stream.concat(Stream.of(ODD, SHOP), configured.services().stream()).toList();
      }
    };
  }

  private Experiment shop(SessionSpec spec) {
    SimShop shop = new SimShop(EnumSet.allOf(Planted.class), spec.seed());
    ShopExperiment whole = new ShopExperiment(shop, spec.seed());
    return new Gated(whole, gated(shop), List.of(), healthy -> whole.search(healthy));
  }

  private Experiment odd(SessionSpec spec) {
    FaultSpace space =
        new FaultSpace(List.of(new Edge("front", name)), FaultSpace.Kinds.DEFAULT, 1);
    SimShop unused = new SimShop(EnumSet.noneOf(Planted.class), spec.seed());
    return new Gated(
        new ShopExperiment(unused, spec.seed()),
        gated(this::answer),
        List.of(new OnceUnsteady(name)),
        healthy -> new HybridSearch(space, healthy, spec.seed()));
  }

  private Target gated(Target target) {
    return plan -> {
      gate.acquire();
      return target.run(plan);
    };
  }

  /** Bears everything but that the service is not there. It gives no receipts. */
  private Observation answer(FaultPlan plan) {
    boolean broken =
        plan.faults().stream().anyMatch(fault -> fault.effect().kind().equals("abort"));
    Trace trace =
        new Trace(
            List.of(
                span("1", Optional.empty(), "front", 20, broken),
                span("2", Optional.of("1"), name, 8, broken)),
            true);
    return new Observation(
        "GET /" + name,
        Observation.Reply.of(broken ? 500 : 200, Duration.ofMillis(20)),
        List.of(),
        Optional.of(trace),
        List.of(),
        List.of(),
        Instant.EPOCH);
  }

  private static Span span(
      String id, Optional<String> parent, String service, long millis, boolean error) {
    return new Span(
        new SpanId("t", id, parent),
        service,
        "GET /" + service,
        SpanKind.SERVER,
        0,
        millis * 1_000_000,
        new Span.Outcome(error, Map.of(), List.of()));
  }

  /** Does not hold the first time that it is asked. */
  private record OnceUnsteady(String name, AtomicBoolean asked) implements Probe {
    OnceUnsteady(String name) {
      this(name, new AtomicBoolean());
    }

    @Override
    public Finding check() {
      return new Finding(asked.getAndSet(true), "shaky " + name);
    }
  }

  @FunctionalInterface
  private interface Searches {
    Search of(List<Observation> healthy);
  }

  private record Gated(Experiment whole, Target target, List<Probe> probes, Searches searches)
      implements Experiment {
    @Override
    public void sweep() throws TargetFailed, InterruptedException {
      whole.sweep();
    }

    @Override
    public GuardedTarget.Bounds bounds() {
      return whole.bounds();
    }

    @Override
    public int healthyRuns() {
      return HEALTHY;
    }

    @Override
    public Search search(List<Observation> healthy) {
      return searches.of(healthy);
    }

    @Override
    public Scoring scoring(List<Observation> healthy) {
      return whole.scoring(healthy);
    }
  }
}
