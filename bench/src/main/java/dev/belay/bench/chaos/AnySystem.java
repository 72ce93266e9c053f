package dev.belay.bench.chaos;

import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.CallFailed;
import dev.belay.examples.shop.Service;
import dev.belay.examples.shop.Steps;
import dev.belay.examples.shop.World;
import dev.belay.examples.shop.sim.Between;
import dev.belay.examples.shop.sim.SimRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A system drawn at random: services that ask others, have helpers for those that fail, and do
 * without in the end, but for what is planted. For one thread.
 */
final class AnySystem implements Course {
  /** Goes through all services to the front door; no fault answers so. */
  private static final int FATAL = 520;

  private static final int ROUNDS = 6;
  private static final SimRequest.Question ASK = new SimRequest.Question("front", Ask.get("/all"));

  private final AnyPlan plan;
  private final SplittableRandom random;
  private Set<Plant> shown = Set.of();
  private int runs;

  private AnySystem(AnyPlan plan, SplittableRandom random) {
    this.plan = plan;
    this.random = random;
  }

  /**
   * The one of a seed.
   *
   * @param wrong whether anything is planted in it
   */
  static AnySystem of(long seed, boolean wrong) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int tries = 0; ; tries++) {
      AnySystem system = new AnySystem(new AnyPlan.Drawing(random, wrong).draw(), random.split());
      if (!wrong || system.planted().size() > 1 || tries > 100) {
        return system;
      }
    }
  }

  @Override
  public FaultSpace space() {
    Set<Edge> edges = new LinkedHashSet<>();
    for (AnyPlan.Node node : plan.nodes()) {
      for (AnyPlan.Step step : node.steps()) {
        step.helpers().forEach(helper -> edges.add(new Edge(node.name(), helper.name())));
      }
    }
    return new FaultSpace(List.copyOf(edges), FaultSpace.Kinds.DEFAULT, 3);
  }

  @Override
  public List<Plant> planted() {
    List<Plant> planted = new ArrayList<>();
    for (AnyPlan.Node node : plan.nodes()) {
      node.steps().forEach(step -> step.trap().ifPresent(trap -> planted.add(trap.plant())));
    }
    plan.apart().forEach(one -> planted.add(one.plant()));
    return planted;
  }

  @Override
  public Set<Plant> shown() {
    return shown;
  }

  @Override
  public Observation run(FaultPlan faults) throws InterruptedException {
    Request request = new Request();
    Map<String, Service> services = new HashMap<>();
    plan.nodes().forEach(node -> services.put(node.name(), new Part(node, request)));
    SimRequest asked =
        SimRequest.ask(
            ASK,
            new SimRequest.World(name -> Optional.ofNullable(services.get(name)), Between.NOTHING),
            faults,
            random,
            ++runs);
    shown = Set.copyOf(request.shown);
    return asked.seen(
        List.of(
            new Invariant("what is said is true", !request.lies, "lies " + request.lies),
            new Invariant("others are served", !request.starves, "starves " + request.starves)));
  }

  /** What has become of one request so far. */
  private static final class Request {
    private final Set<AnyPlan.Step> lost = new HashSet<>();
    private final Set<AnyPlan.Step> slow = new HashSet<>();
    private final Set<Plant> shown = new HashSet<>();
    private final Map<Long, Plant> fatal = new HashMap<>();
    private boolean lies;
    private boolean starves;

    Answer failed(Plant plant) {
      long number = fatal.size() + 1L;
      fatal.put(number, plant);
      return new Answer(FATAL, Map.of("plant", number));
    }
  }

  /** One service. */
  private final class Part implements Service {
    private final AnyPlan.Node node;
    private final Request request;

    Part(AnyPlan.Node node, Request request) {
      this.node = node;
      this.request = request;
    }

    @Override
    public String name() {
      return node.name();
    }

    private boolean isFront() {
      return node.equals(plan.nodes().getFirst());
    }

    @Override
    public Answer handle(Ask ask, World world) throws InterruptedException {
      world.work(Steps.millis(node.busyMillis()));
      for (AnyPlan.Step step : node.steps()) {
        long before = world.elapsedMillis();
        Optional<Answer> end = step(step, world);
        if (world.elapsedMillis() - before >= step.longMillis()) {
          request.slow.add(step);
        }
        if (end.isPresent()) {
          return isFront() ? front(end.get()) : end.get();
        }
      }
      return isFront() ? apart() : Answer.ok("it", 1);
    }

    private Answer front(Answer end) {
      Optional.ofNullable(request.fatal.get(end.value("plant"))).ifPresent(request.shown::add);
      return Answer.failed(500);
    }

    /** What is wrong if parts fail that do not know each other. */
    private Answer apart() {
      for (AnyPlan.Apart apart : plan.apart()) {
        if (apart.harm() == AnyPlan.Harm.FAILS && request.lost.containsAll(apart.steps())) {
          request.shown.add(apart.plant());
          return Answer.failed(500);
        }
        if (apart.harm() == AnyPlan.Harm.STARVES && request.slow.containsAll(apart.steps())) {
          request.shown.add(apart.plant());
          request.starves = true;
        }
      }
      return Answer.ok("it", 1);
    }

    /** One step; what is answered at once, if that is the end. */
    private Optional<Answer> step(AnyPlan.Step step, World world) throws InterruptedException {
      for (int round = 0; round < ROUNDS; round++) {
        List<AnyPlan.Came> came = new ArrayList<>();
        for (AnyPlan.Helper helper : step.helpers()) {
          try {
            Answer answer =
                world.call(
                    helper.name(),
                    Ask.get("/" + helper.name()),
                    Steps.millis(helper.timeoutMillis()));
            if (answer.status() == FATAL) {
              return Optional.of(answer);
            }
            if (answer.isOk()) {
              return Optional.empty();
            }
            came.add(AnyPlan.Came.ERROR);
          } catch (CallFailed none) {
            boolean slow = none.kind() == CallFailed.Kind.TIMEOUT;
            came.add(slow ? AnyPlan.Came.SLOW : AnyPlan.Came.BROKEN);
          }
        }
        request.lost.add(step);
        Optional<AnyPlan.Trap> trap = step.trap().filter(one -> one.isSprung(came));
        if (trap.isEmpty()) {
          return Optional.empty();
        }
        if (trap.get().harm() == AnyPlan.Harm.FAILS) {
          return Optional.of(request.failed(trap.get().plant()));
        }
        request.shown.add(trap.get().plant());
        if (trap.get().harm() == AnyPlan.Harm.LIES) {
          request.lies = true;
          return Optional.empty();
        }
      }
      return Optional.empty();
    }
  }
}
