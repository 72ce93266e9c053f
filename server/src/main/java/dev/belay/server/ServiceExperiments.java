package dev.belay.server;

import dev.belay.Time;
import dev.belay.chaos.Target;
import dev.belay.chaos.export.Reproducer;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.http.HttpCheck;
import dev.belay.chaos.http.HttpObserver;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorSettings;
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
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.SpaceReader;
import dev.belay.chaos.trace.ServiceMap;
import dev.belay.chaos.trace.read.TraceFiles;
import dev.belay.chaos.trace.read.UnreadableSpans;
import dev.belay.chaos.trace.receive.TraceKeeper;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import dev.belay.server.config.ChaosConfig;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * What sessions work with: the services of the configuration, asked over HTTP while the fault
 * executor holds a plan in force. Safe for any number of threads.
 */
final class ServiceExperiments implements Experiments {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String REQUEST = "the request";
  private static final String SPACE = "search_space";

  private final ChaosConfig config;
  private final FaultExecutor executor;
  private final TraceKeeper keeper;
  private final HttpClient http;
  private final Time time;
  private final RandomGenerator random;

  /** Experiments whose systems leave their spans with {@code keeper}. */
  ServiceExperiments(
      ChaosConfig config,
      FaultExecutor executor,
      TraceKeeper keeper,
      HttpClient http,
      Time time,
      RandomGenerator random) {
    this.config = config;
    this.executor = executor;
    this.keeper = keeper;
    this.http = http;
    this.time = time;
    this.random = random;
  }

  @Override
  public List<String> services() {
    return config.services().keySet().stream().sorted().toList();
  }

  @Override
  public Optional<String> unavailable() {
    return executor.unavailable();
  }

  @Override
  public Optional<ServiceMap> map(String service) {
    return Optional.ofNullable(config.services().get(service))
        .flatMap(ChaosConfig.Service::traces)
        .map(path -> surveyed(service, path));
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

  @Override
  public Experiment open(String id, SessionSpec spec) {
    ChaosConfig.Service service =
        Optional.ofNullable(config.services().get(spec.service()))
            .orElseThrow(() -> unknown(spec.service()));
    Optional<SearchSpace> space = space(spec);
    ExecutorSettings with = executor.settings(id);
    SpaceWay way =
        space
            .map(one -> SpaceWayReader.read(REQUEST, SPACE, spec.space(), one, usualWay()))
            .orElse(SpaceWay.DEFAULT);
    AnalyzerSettings scores = scores(spec, space);
    BlastRadius radius = config.bounds().radius().sparing();
    space.ifPresent(one -> SpaceSearch.checkWithin(one, spec.service(), radius));
    Beginning beginning = Beginning.read(spec.space()).within(radius);
    ExecutorClient client = executor.client(with); // nothing is refused from here on
    HttpObserver observer = observer(service, id);
    List<Target> ways = new ArrayList<>();
    int apart = executor.strikesEverybody() ? 1 : spec.parallel();
    for (int i = 1; i <= apart; i++) {
      String own = i == 1 ? id : id + "-" + i;
      ways.add(client.target(observer(service, own), longest(service), executor.aim(own)));
    }
    return new ServiceExperiment(
        spec,
        space,
        way,
        beginning,
        new ServiceExperiment.Means(
            new ServiceExperiment.Line(
                client,
                () -> executor.close(client),
                executor.unlessHalted(new SideBySide(ways)),
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
            Map.of(FaultExecutor.BAGGAGE, mark)),
        http,
        time,
        random);
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
    List<String> known = services();
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
}
