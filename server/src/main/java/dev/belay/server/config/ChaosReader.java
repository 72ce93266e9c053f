package dev.belay.server.config;

import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.guard.GuardSettings;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.http.HttpAsk;
import dev.belay.chaos.http.HttpCheck;
import dev.belay.chaos.inject.plane.Front;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.session.Sessions;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads {@code chaos}. */
final class ChaosReader {
  private static final Pattern FILE = Pattern.compile("[^\\x00-\\x1f]{1,4096}");
  private static final Pattern SERVICE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final String SERVICE_FORM = "1 to 63 of a-z, 0-9 and hyphens, not at the ends";
  private static final Pattern URL = Pattern.compile("(?i)https?://[^\\s/?#@]+(/[^\\s#]*)?");
  private static final String URL_FORM = "an http or https address without a user";
  private static final Pattern TEXT = Pattern.compile("(?s).{0,65536}");
  private static final Pattern NAME = Pattern.compile("[^\\x00-\\x1f]{1,128}");
  private static final Pattern PATH = Pattern.compile("/[^\\s]{0,1024}");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Range<Duration> TIMEOUT =
      Range.of(Duration.ofMillis(100), Duration.ofMinutes(10));
  private static final Range<Duration> DELAY =
      Range.of(Duration.ofMillis(1), Duration.ofSeconds(30));
  private static final Range<Duration> LIFE = Range.of(Duration.ofSeconds(1), Duration.ofHours(1));
  private static final Range<Duration> LEASE = Range.of(Duration.ofSeconds(3), Duration.ofHours(1));
  private static final Range<Duration> LATENCY =
      Range.of(Duration.ofMillis(1), Duration.ofHours(1));
  private static final Range<Duration> EVERY =
      Range.of(Duration.ofMillis(100), Duration.ofMinutes(1));
  private static final Range<Duration> KEEP =
      Range.of(Duration.ofMinutes(1), Duration.ofDays(3_653));

  private static final Range<Double> WEIGHT = Range.above(0.0, 1_000.0);

  private static final int NO_PORT = -1;

  /** So many times the usual latency is too slow. */
  private static final int TIMES = 5;

  private ChaosReader() {}

  static ChaosConfig read(Section section) {
    ChaosConfig from = ChaosConfig.DEFAULT;
    given(section);
    ChaosConfig.Executor executor =
        ExecutorReader.read(
            section.section("executor"), section.length("lease", LEASE, from.executor().lease()));
    int port = section.whole("traces_port", ControlReader.PORT, NO_PORT);
    OptionalInt tracesPort = port == NO_PORT ? OptionalInt.empty() : OptionalInt.of(port);
    ChaosConfig.Storage storage =
        new ChaosConfig.Storage(
            Path.of(section.text("sessions", FILE, "a path", from.storage().folder().toString())),
            new Sessions.Settings(
                section.whole("max_sessions", Range.of(1, 1_000), from.storage().limits().most()),
                section.length("retention", KEEP, from.storage().limits().keep()),
                section.whole("max_trials", Range.of(1, 1_000), from.storage().limits().trials())),
            section.place("initial_points").stream()
                .flatMap(place -> place.whole(Range.of(1, 1_000)).stream())
                .mapToInt(Integer::intValue)
                .findFirst());
    ChaosConfig config =
        new ChaosConfig(
            executor,
            tracesPort,
            storage,
            scores(section),
            bounds(section.section("guard")),
            services(section.section("services")),
            section.list("fronts", "fronts", ChaosReader::front, List.of()));
    section.close();
    return config;
  }

  private static void given(Section section) {
    section.givenText("sessions", "SESSION_STORAGE_PATH");
    section.givenNumber("retention", "SESSION_AUTO_CLEANUP_DAYS", "d");
    section.givenNumber("max_trials", "OPTIMIZER_MAX_TRIALS", "");
    section.givenNumber("initial_points", "OPTIMIZER_INITIAL_POINTS", "");
    section.givenNumber("baseline_latency", "ANALYZER_BASELINE_MS", "ms");
    section.givenNumber("threshold_latency", "ANALYZER_THRESHOLD_MS", "ms");
  }

  private static Optional<URI> address(Place place) {
    return place.text(URL, URL_FORM).map(URI::create);
  }

  private static AnalyzerSettings scores(Section section) {
    AnalyzerSettings.Latency usual = AnalyzerSettings.Latency.DEFAULT;
    boolean hasBaseline = section.has("baseline_latency");
    boolean hasThreshold = section.has("threshold_latency");
    Duration baseline = section.length("baseline_latency", LATENCY, usual.baseline());
    Duration threshold = section.length("threshold_latency", LATENCY, usual.threshold());
    if (hasBaseline && !hasThreshold) { // one of them brings the other along
      threshold = baseline.multipliedBy(TIMES);
    } else if (hasThreshold && !hasBaseline) {
      baseline = threshold.dividedBy(TIMES);
    }
    String profile = section.oneOf("profile", List.of("design", "parity"), "design");
    AnalyzerSettings from =
        profile.equals("parity") ? AnalyzerSettings.PARITY : AnalyzerSettings.DESIGN;
    AnalyzerSettings weighed =
        manner(section, from.withWeights(weights(section.section("weights"), from.weights())));
    if (threshold.compareTo(baseline) <= 0) {
      section.wrong("threshold_latency", "must be longer than baseline_latency");
      return weighed;
    }
    return weighed.withLatency(new AnalyzerSettings.Latency(baseline, threshold, !hasBaseline));
  }

  private static AnalyzerSettings manner(Section section, AnalyzerSettings from) {
    AnalyzerSettings.Structure rules = from.structure();
    boolean sum = section.oneOf("structure_mode", List.of("max", "sum"), "max").equals("sum");
    return from.withAggregation(
            oneOf(
                section, "aggregation", AnalyzerSettings.Aggregation.values(), from.aggregation()))
        .withMissing(oneOf(section, "missing", AnalyzerSettings.Missing.values(), from.missing()))
        .withStructure(
            new AnalyzerSettings.Structure(rules.increase(), rules.edits(), rules.spike(), sum));
  }

  private static <E extends Enum<E>> E oneOf(Section section, String key, E[] all, E otherwise) {
    List<String> words =
        Arrays.stream(all).map(one -> one.name().toLowerCase(Locale.ROOT)).toList();
    return section
        .place(key)
        .flatMap(place -> place.oneOf(words))
        .map(word -> all[words.indexOf(word)])
        .orElse(otherwise);
  }

  private static AnalyzerSettings.Weights weights(Section section, AnalyzerSettings.Weights from) {
    section.givenNumber("bug", "ANALYZER_BUG_WEIGHT", "");
    section.givenNumber("performance", "ANALYZER_PERF_WEIGHT", "");
    section.givenNumber("structure", "ANALYZER_STRUCT_WEIGHT", "");
    AnalyzerSettings.Weights weights =
        new AnalyzerSettings.Weights(
            section.number("bug", WEIGHT, from.bug()),
            section.number("performance", WEIGHT, from.performance()),
            section.number("structure", WEIGHT, from.structure()));
    section.close();
    return weights;
  }

  private static GuardedTarget.Bounds bounds(Section section) {
    section.givenNumber("trial_timeout", "OPTIMIZER_TIMEOUT_SECONDS", "s");
    BlastRadius.Limits limits = BlastRadius.Limits.DEFAULT;
    GuardSettings settings = GuardSettings.DEFAULT;
    BlastRadius radius =
        new BlastRadius(
            new LinkedHashSet<>(
                section.list(
                    "services",
                    "names of services",
                    place -> place.text(SERVICE, SERVICE_FORM),
                    List.of())),
            section.whole("max_faults", Range.of(1, 20), BlastRadius.DEFAULT.faults()),
            new BlastRadius.Limits(
                section.whole("max_percentage", Range.of(1, 100), limits.percentage()),
                section.length("max_delay", DELAY, limits.delay()),
                section.length("max_duration", LIFE, limits.life())),
            section.list(
                "protected_paths",
                "paths",
                place -> place.text(PATH, "a path that begins with /"),
                List.of()),
            section.list("windows", "windows", WindowReader::read, List.of()));
    GuardSettings guard =
        new GuardSettings(
            section.length("probe_interval", EVERY, settings.every()),
            section.length("recovery", LIFE, settings.recovery()),
            section.whole("error_budget", Range.of(1, 1_000), settings.breaches()),
            section.length("trial_timeout", LIFE, settings.trial()),
            section.whole("healthy_every", Range.of(0, 1_000), settings.healthyEvery()));
    section.close();
    return new GuardedTarget.Bounds(radius, guard);
  }

  private static Map<String, ChaosConfig.Service> services(Section section) {
    Map<String, ChaosConfig.Service> services = new LinkedHashMap<>();
    for (String name : section.keys()) {
      if (!SERVICE.matcher(name).matches()) {
        section.wrong(name, "is no name of a service: must be " + SERVICE_FORM);
      }
      section
          .place(name)
          .flatMap(Place::section)
          .flatMap(ChaosReader::service)
          .ifPresent(service -> services.put(name, service));
    }
    section.close();
    return services;
  }

  private static Optional<ChaosConfig.Service> service(Section section) {
    Optional<HttpAsk> ask = ask(section, Duration.ofSeconds(30));
    int healthy = section.whole("healthy_runs", Range.of(1, 1_000), 30);
    List<ChaosConfig.Question> invariants =
        section.list("invariants", "checks", ChaosReader::question, List.of());
    List<ChaosConfig.Question> probes =
        section.list("probes", "checks", ChaosReader::question, List.of());
    Optional<Path> traces =
        section.place("traces").flatMap(place -> place.text(FILE, "a path")).map(Path::of);
    section.close();
    return ask.map(found -> new ChaosConfig.Service(found, healthy, invariants, probes, traces));
  }

  private static Optional<HttpAsk> ask(Section section, Duration patience) {
    Optional<URI> url = section.place("url").flatMap(ChaosReader::address);
    if (!section.has("url")) {
      section.wrong("url", "is missing: what is asked in each trial");
    }
    String method = section.oneOf("method", METHODS, "GET");
    Map<String, String> headers = new LinkedHashMap<>();
    Section written = section.section("headers");
    for (String name : written.keys()) {
      headers.put(name, written.secret(name, TEXT, "a text", ""));
    }
    written.close();
    Optional<String> body =
        section.place("body").flatMap(place -> place.text(TEXT, "at most 65536 characters"));
    Duration timeout = section.length("timeout", TIMEOUT, patience);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    HttpAsk plain = new HttpAsk(method, url.get(), Map.of(), body, timeout);
    return Optional.of(
        section.build(() -> new HttpAsk(method, url.get(), headers, body, timeout), plain));
  }

  private static Optional<ChaosConfig.Question> question(Place place) {
    Optional<Section> there = place.section();
    if (there.isEmpty()) {
      return Optional.empty();
    }
    Section section = there.get();
    Optional<HttpAsk> ask = ask(section, Duration.ofSeconds(5));
    String name = section.text("name", NAME, "1 to 128 characters", "");
    if (name.isEmpty()) {
      section.wrong("name", "is missing: what must hold, in a few words");
    }
    HttpCheck.Expected expected =
        new HttpCheck.Expected(
            section.whole("status", Range.of(100, 599), 200),
            section.place("contains").flatMap(at -> at.text(TEXT, "a text")));
    section.close();
    return name.isEmpty()
        ? Optional.empty()
        : ask.map(found -> new ChaosConfig.Question(name, found, expected));
  }

  private static Optional<Front> front(Place place) {
    Optional<Section> there = place.section();
    if (there.isEmpty()) {
      return Optional.empty();
    }
    Section section = there.get();
    List<String> missing = new ArrayList<>();
    String service = section.text("service", SERVICE, SERVICE_FORM, "");
    String caller = section.text("caller", SERVICE, SERVICE_FORM, "");
    int port = section.whole("port", ControlReader.PORT, 0);
    String upstream =
        section.text(
            "upstream", Pattern.compile("[A-Za-z0-9._-]{1,253}:[0-9]{1,5}"), "HOST:PORT", "");
    if (service.isEmpty()) {
      missing.add("service");
    }
    if (upstream.isEmpty()) {
      missing.add("upstream");
    }
    missing.forEach(key -> section.wrong(key, "is missing"));
    section.close();
    if (!missing.isEmpty()) {
      return Optional.empty();
    }
    int colon = upstream.indexOf(':');
    Front.At to =
        new Front.At(upstream.substring(0, colon), Integer.parseInt(upstream.substring(colon + 1)));
    Front plain = Front.of(service, Math.max(1, to.port()));
    return Optional.of(
        section.build(
            () ->
                new Front(
                    Front.At.loopback(port),
                    service,
                    "",
                    caller.isEmpty() ? Optional.empty() : Optional.of(caller),
                    to),
            plain));
  }
}
