package dev.belay.server;

import dev.belay.Time;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.export.Reproducer;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.http.HttpCheck;
import dev.belay.chaos.http.HttpObserver;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.inject.client.ExecutorSettings;
import dev.belay.chaos.inject.plane.ControlAddress;
import dev.belay.chaos.inject.plane.FaultFronts;
import dev.belay.chaos.inject.plane.PlaneSettings;
import dev.belay.chaos.score.AnalysisReader;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.search.Beginning;
import dev.belay.chaos.search.PointPlan;
import dev.belay.chaos.search.SessionMap;
import dev.belay.chaos.search.SpaceSearch;
import dev.belay.chaos.search.SpaceWay;
import dev.belay.chaos.search.SpaceWayReader;
import dev.belay.chaos.session.Experiment;
import dev.belay.chaos.session.Experiments;
import dev.belay.chaos.session.FileSessionStore;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.SpaceReader;
import dev.belay.chaos.trace.ServiceMap;
import dev.belay.chaos.trace.read.ReadLimits;
import dev.belay.chaos.trace.read.TraceFiles;
import dev.belay.chaos.trace.read.UnreadableSpans;
import dev.belay.chaos.trace.receive.KeepLimits;
import dev.belay.chaos.trace.receive.PeerNames;
import dev.belay.chaos.trace.receive.TraceKeeper;
import dev.belay.chaos.trace.receive.TraceReceiver;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import dev.belay.http.Loops;
import dev.belay.server.config.ChaosConfig;
import dev.belay.server.live.ExecutorUse;
import dev.belay.server.live.FaultSweep;
import dev.belay.server.live.StillStarting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions that search systems for the faults that break them, the port at which those systems
 * leave their spans, and the ports through which they call each other. Safe for any number of
 * threads.
 */
final class ChaosRoom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosRoom.class);
  private static final Duration SCHEDULE_DELAY = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final String BAGGAGE = "belay-chaos";
  private static final String WATCHER = "belay-health";
  private static final String REQUEST = "the request";
  private static final String SPACE = "search_space";

  private final ChaosConfig config;
  private final String controlToken;
  private final FaultPolicies policies;
  private final Time time;
  private final SecureRandom random = new SecureRandom();
  private final Executor threads = task -> Thread.ofVirtual().name("belay-chaos").start(task);
  private final HttpClient http;
  private final TraceKeeper keeper;
  private final FileSessionStore store;
  private final Sessions sessions;
  private final ExecutorUse use = new ExecutorUse();
  private volatile @Nullable URI executor;

  /** Knows how an executor elsewhere is; none if that is this server. */
  private volatile @Nullable ExecutorClient watched;

  private @Nullable TraceReceiver receiver;
  private @Nullable FaultFronts fronts;

  /**
   * A room without ports yet.
   *
   * @param policies those that are in force here
   * @param choice takes what the configuration names, and gives what sessions work with
   */
  ChaosRoom(
      ChaosConfig config,
      String controlToken,
      FaultPolicies policies,
      Time time,
      UnaryOperator<Experiments> choice) {
    this.config = config;
    this.controlToken = controlToken;
    this.policies = policies;
    this.time = time;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(threads)
            .build();
    this.keeper = new TraceKeeper(KeepLimits.DEFAULT, SCHEDULE_DELAY, time);
    this.store = new FileSessionStore(config.storage().folder());
    this.sessions =
        new Sessions(choice.apply(configured()), store, config.storage().limits(), time, threads);
  }

  Sessions sessions() {
    return sessions;
  }

  /** What all that ask the fault executor have done. */
  ExecutorUse executorUse() {
    return use;
  }

  /**
   * Opens the ports, and goes on with sessions that had not ended.
   *
   * @param control where this server's own control API answers
   */
  void begin(Loops loops, URI control) throws IOException, InterruptedException {
    executor = config.executor().url().orElse(control);
    if (config.executor().url().isPresent()) {
      ExecutorClient client = client(settings(config.executor().url().get(), WATCHER));
      watched = client;
      client.watchHealth();
    }
    PeerNames peers = PeerNames.NONE;
    if (!config.fronts().isEmpty()) {
      FaultFronts opened =
          FaultFronts.open(
              PlaneSettings.of("belay-server", config.fronts()),
              new ControlAddress(control, token()),
              config.executor().lease(),
              time);
      fronts = opened;
      peers = peers(opened.ports());
      LOG.info("fault proxies listen on {}", opened.ports());
    }
    if (config.tracesPort().isPresent()) {
      try {
        receiver =
            TraceReceiver.start(
                    loops, config.tracesPort().getAsInt(), ReadLimits.DEFAULT, peers, keeper)
                .toCompletableFuture()
                .get();
      } catch (ExecutionException taken) {
        throw new IOException(
            "chaos.traces_port %d: %s"
                .formatted(config.tracesPort().getAsInt(), String.valueOf(taken.getCause())),
            taken);
      }
    }
    sessions.resume();
  }

  /** A call that ends at a fault proxy leaves its port only. */
  private PeerNames peers(List<Integer> ports) {
    Map<Integer, String> services = new HashMap<>();
    for (int i = 0; i < ports.size(); i++) {
      services.put(ports.get(i), config.fronts().get(i).service());
    }
    return new PeerNames(services);
  }

  /** All faults are gone and none comes in: there is nothing to search any more. */
  void halted() {
    threads.execute(() -> sessions.halt("all faults are halted"));
  }

  /** As {@link FaultSweep} has it. */
  List<String> sweep(Optional<String> owner) throws ExecutorException, InterruptedException {
    List<String> owners = owner.map(List::of).orElseGet(this::over);
    for (String one : owners) {
      int unused = policies.sweep(one);
      if (config.executor().url().isPresent()) {
        ExecutorClient client = client(settings(config.executor().url().get(), one));
        try {
          client.sweep();
        } finally {
          use.close(client);
        }
      }
    }
    return owners;
  }

  private List<String> over() {
    return sessions.list().stream()
        .filter(view -> view.state().isOver())
        .map(SessionView::id)
        .toList();
  }

  /** The executor elsewhere knows nothing of a halt here. */
  private Target unlessHalted(Target target) {
    return plan -> {
      if (plan.size() > 0 && policies.isHalted()) {
        throw new TargetFailed("all faults are halted; go on with: belay chaos resume");
      }
      return target.run(plan);
    };
  }

  private Optional<String> token() {
    return Optional.of(controlToken).filter(text -> !text.isEmpty());
  }

  private Experiments configured() {
    return new Experiments() {
      @Override
      public Experiment open(String session, SessionSpec spec) {
        return ChaosRoom.this.open(session, spec);
      }

      @Override
      public List<String> services() {
        return config.services().keySet().stream().sorted().toList();
      }

      @Override
      public Optional<ServiceMap> map(String service) {
        return Optional.ofNullable(config.services().get(service))
            .flatMap(ChaosConfig.Service::traces)
            .map(path -> surveyed(service, path));
      }

      @Override
      public Optional<String> unavailable() {
        return Optional.ofNullable(watched)
            .filter(client -> !client.wasWell())
            .map(client -> "the fault executor at %s is not well".formatted(executor));
      }
    };
  }

  private ServiceMap surveyed(String service, Path path) {
    try {
      return TraceFiles.survey(path, time.instant());
    } catch (UnreadableSpans unreadable) {
      throw new WireException(
          SessionMap.KEY,
          "given: chaos.services.%s.traces cannot be read: %s"
              .formatted(service, unreadable.reason()));
    }
  }

  private Experiment open(String id, SessionSpec spec) {
    ChaosConfig.Service service =
        Optional.ofNullable(config.services().get(spec.service()))
            .orElseThrow(() -> unknown(spec.service()));
    Optional<SearchSpace> space = space(spec);
    URI address = executor;
    if (address == null) {
      throw new StillStarting("the server is still starting; ask again in a moment");
    }
    SpaceWay way =
        space
            .map(one -> SpaceWayReader.read(REQUEST, SPACE, spec.space(), one, usualWay()))
            .orElse(SpaceWay.DEFAULT);
    AnalyzerSettings scores = scores(spec, space);
    BlastRadius radius = config.bounds().radius().sparing();
    space.ifPresent(one -> SpaceSearch.checkWithin(one, spec.service(), radius));
    Beginning beginning = Beginning.read(spec.space()).within(radius);
    ExecutorSettings with = settings(address, id);
    ExecutorClient client = client(with); // nothing is refused from here on
    HttpObserver observer = observer(service, id);
    List<Target> ways = new ArrayList<>();
    int apart = config.executor().manner().everybody() ? 1 : spec.parallel();
    for (int i = 1; i <= apart; i++) {
      String own = i == 1 ? id : id + "-" + i;
      ways.add(client.target(observer(service, own), longest(service), aim(own)));
    }
    return new ServiceExperiment(
        spec,
        space,
        way,
        beginning,
        new ServiceExperiment.Means(
            new ServiceExperiment.Line(
                client,
                () -> use.close(client),
                unlessHalted(new SideBySide(ways)),
                plan -> observer.observe(plan, longest(service)),
                with,
                service.ask(),
                laws(service)),
            checks(service.probes()).stream().map(check -> (Probe) check).toList(),
            new GuardedTarget.Bounds(radius, config.bounds().settings()),
            scores,
            service.healthyRuns()));
  }

  /** Those of the server, where the document of the space says nothing else. */
  private AnalyzerSettings scores(SessionSpec spec, Optional<SearchSpace> space) {
    return space.isPresent()
        ? AnalysisReader.read(REQUEST, SPACE, spec.space(), config.scores())
        : config.scores();
  }

  private HttpObserver observer(ChaosConfig.Service service, String mark) {
    return new HttpObserver(
        service.ask(),
        new HttpObserver.Senses(
            Optional.of(keeper).filter(any -> config.tracesPort().isPresent()),
            PATIENCE,
            checks(service.invariants()),
            Map.of(BAGGAGE, mark)),
        http,
        time,
        random);
  }

  private Aim aim(String mark) {
    Aim meant = config.executor().manner().everybody() ? Aim.EVERYBODY : Aim.baggage(BAGGAGE, mark);
    return meant.sparing(config.bounds().radius().protectedPaths());
  }

  private ExecutorSettings settings(URI address, String owner) {
    ChaosConfig.Manner manner = config.executor().manner();
    ExecutorSettings settings =
        ExecutorSettings.of(address, owner)
            .withAim(aim(owner))
            .withLease(config.executor().lease())
            .withSettle(manner.settle())
            .withPatience(manner.patience());
    Optional<String> secret =
        config.executor().url().isPresent()
            ? Optional.of(config.executor().token()).filter(text -> !text.isEmpty())
            : token();
    return secret.map(settings::withToken).orElse(settings);
  }

  private ExecutorClient client(ExecutorSettings settings) {
    return use.counted(
        new ExecutorClient(settings, new ExecutorClient.Surroundings(time, random, threads)));
  }

  private SpaceWay usualWay() {
    OptionalInt points = config.storage().initialPoints();
    return points.isPresent()
        ? SpaceWay.DEFAULT.beginningWith(points.getAsInt())
        : SpaceWay.DEFAULT;
  }

  /** How long it may take to look at a system: to ask, to gather its spans, to check its laws. */
  private static Duration longest(ChaosConfig.Service service) {
    Duration laws =
        service.invariants().stream()
            .map(question -> question.ask().timeout())
            .reduce(Duration.ZERO, Duration::plus);
    return service.ask().timeout().plus(PATIENCE).plus(laws);
  }

  private WireException unknown(String service) {
    List<String> known = config.services().keySet().stream().sorted().toList();
    return new WireException(
        "service_name",
        known.isEmpty()
            ? "a service under chaos.services of belay.yaml, where none is; it was " + service
            : "one of %s, was %s".formatted(String.join(", ", known), service));
  }

  private List<HttpCheck> checks(List<ChaosConfig.Question> questions) {
    return questions.stream()
        .map(question -> new HttpCheck(question.name(), question.ask(), question.expected(), http))
        .toList();
  }

  private static List<Reproducer.Law> laws(ChaosConfig.Service service) {
    return service.invariants().stream()
        .map(law -> new Reproducer.Law(law.name(), law.ask(), law.expected()))
        .toList();
  }

  /** The space of dimensions, if the document has any. */
  private static Optional<SearchSpace> space(SessionSpec spec) {
    Tree document = Json.read(spec.space());
    if (!document.has("dimensions")) {
      return Optional.empty();
    }
    SearchSpace space = SpaceReader.read(REQUEST, SPACE, spec.space());
    PointPlan.check(SPACE, space);
    return Optional.of(space);
  }

  @Override
  public void close() {
    sessions.close();
    ExecutorClient watching = watched;
    if (watching != null) {
      use.close(watching);
    }
    if (fronts != null) {
      fronts.close();
    }
    if (receiver != null) {
      var unused = receiver.stop();
    }
    store.close();
  }
}
