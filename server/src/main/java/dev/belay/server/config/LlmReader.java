package dev.belay.server.config;

import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.cache.AnswerCache;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.delay.ModelsFile;
import dev.belay.llm.delay.SettingsException;
import dev.belay.llm.gateway.GatewaySettings;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.Prices;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code llm}. */
final class LlmReader {
  /** How providers may speak. */
  static final List<String> DIALECTS =
      List.of("openai", "openai-responses", "openai-compatible", "anthropic", "gemini");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final String NAME_FORM = "1 to 64 letters, digits, dots, underscores or hyphens";
  private static final Pattern MODEL = Pattern.compile("[^\\s\\x00-\\x1f]{1,256}");
  private static final Pattern FILE = Pattern.compile("[^\\x00-\\x1f]{1,4096}");
  private static final Pattern KEY = Pattern.compile("[!-~]{0,4096}");
  private static final Pattern URL = Pattern.compile("(?i)https?://[^\\s/?#@]+(/[^\\s?#]*)?");
  private static final Range<Double> PRICE = Range.of(0.0, 10_000.0);
  private static final Range<Duration> DRAIN = Range.of(Duration.ZERO, Duration.ofMinutes(10));

  private static final Range<Duration> TO_LIVE =
      Range.of(Duration.ofSeconds(1), Duration.ofDays(365));
  private static final Range<Duration> HOLD = Range.of(Duration.ZERO, Duration.ofHours(1));

  private final Map<String, RetryPolicy> policies;
  private final Map<String, LlmConfig.Provider> providers = new LinkedHashMap<>();

  private LlmReader(Map<String, RetryPolicy> policies) {
    this.policies = policies;
  }

  static LlmConfig read(Section section, Map<String, RetryPolicy> policies) {
    LlmReader reader = new LlmReader(policies);
    GatewaySettings gateway = gateway(section);
    reader.providers(section.section("providers"));
    List<LlmConfig.Route> routes = reader.routes(section.section("routes"));
    Optional<Path> models = section.place("models").flatMap(LlmReader::models);
    BreakerPolicy breakers =
        BreakerReader.read(section.section("circuit_breaker"), LlmEndpoint.BREAKER);
    LlmConfig.Reviews reviews = reviews(section.section("reviews"));
    AnswerCache.Settings cache = cache(section.section("cache"));
    LlmConfig.Records records =
        records(section.section("transcripts"), section.section("error_reports"));
    section.close();
    return new LlmConfig(
        gateway, reader.providers, routes, breakers, models, reviews, cache, records);
  }

  private static LlmConfig.Reviews reviews(Section section) {
    LlmConfig.Reviews from = LlmConfig.Reviews.DEFAULT;
    Duration timeToLive = section.length("time_to_live", TO_LIVE, from.timeToLive());
    Duration hold = section.length("hold", HOLD, from.hold());
    section.close();
    return new LlmConfig.Reviews(timeToLive, hold);
  }

  private static AnswerCache.Settings cache(Section section) {
    AnswerCache.Settings from = AnswerCache.Settings.DEFAULT;
    Duration timeToLive = section.length("time_to_live", TO_LIVE, from.timeToLive());
    int entries = section.whole("entries", Range.of(1, 1_000_000), from.entries());
    long size = section.size("size", Range.of(1_000L, 1L << 40), from.characters());
    section.close();
    return new AnswerCache.Settings(timeToLive, entries, size);
  }

  private static LlmConfig.Records records(Section transcripts, Section errors) {
    LlmConfig.Records from = LlmConfig.Records.NONE;
    Optional<Path> folder = folder(transcripts);
    int files = transcripts.whole("files", Range.of(1, 1_000_000), from.mostTranscripts());
    transcripts.close();
    Optional<Path> errorFolder = folder(errors);
    int perRun = errors.whole("per_run", Range.of(1, 100_000), from.mostPerRun());
    int runs = errors.whole("runs", Range.of(1, 100_000), from.mostRuns());
    errors.close();
    return new LlmConfig.Records(folder, files, errorFolder, perRun, runs);
  }

  private static Optional<Path> folder(Section section) {
    return section.place("dir").flatMap(at -> at.text(FILE, "a path")).map(Path::of);
  }

  /** What is wrong with the file is told now, before anybody waits by it. */
  private static Optional<Path> models(Place place) {
    Optional<Path> path = place.text(FILE, "a path").map(Path::of);
    if (path.isPresent()) {
      try {
        var unused = ModelsFile.parse(path.get().toString(), Files.readString(path.get()));
      } catch (SettingsException wrong) {
        place.wrong(String.valueOf(wrong.getMessage()));
      } catch (IOException unreadable) {
        place.wrong("%s cannot be read: %s".formatted(path.get(), unreadable));
      }
    }
    return path;
  }

  private static GatewaySettings gateway(Section section) {
    GatewaySettings from = GatewaySettings.DEFAULT;
    String host = section.text("host", ControlReader.HOST, ControlReader.HOST_FORM, from.host());
    int port = section.whole("port", ControlReader.PORT, from.port());
    int body =
        Math.toIntExact(
            section.size("body_bytes", Range.of(1L << 10, 1L << 30), (long) from.bodyBytes()));
    int underWay = section.whole("under_way", Range.of(1, 1_000_000), from.underWay());
    Duration drain = section.length("drain", DRAIN, from.drain());
    Section named = section.section("keys");
    Map<String, String> keys = new LinkedHashMap<>();
    for (String client : named.keys()) {
      if (!NAME.matcher(client).matches()) {
        named.wrong(client, "a client's name must be " + NAME_FORM);
      }
      String key = named.secret(client, KEY, "visible ASCII without spaces", "");
      if (key.isEmpty()) {
        named.wrong(client, "must not be empty; leave the client out, or give it a key");
      }
      keys.put(client, key);
    }
    if (!Loopback.is(host) && keys.isEmpty()) {
      section.wrong(
          "host", "is %s, which others can reach: add llm.keys, or use 127.0.0.1".formatted(host));
      return from;
    }
    return new GatewaySettings(host, port, keys, body, underWay, drain);
  }

  private void providers(Section section) {
    for (String name : section.keys()) {
      if (!NAME.matcher(name).matches()) {
        section.wrong(name, "a provider's name must be " + NAME_FORM);
      }
      Section one = section.section(name);
      String dialect = one.oneOf("dialect", DIALECTS, "openai");
      String url = one.place("url").flatMap(LlmReader::url).orElse("");
      String key = one.secret("key", KEY, "visible ASCII without spaces", "");
      one.close();
      if (!one.has("url")) {
        section.wrong(name, "needs a url such as https://api.example.com/v1");
      }
      providers.put(name, new LlmConfig.Provider(name, dialect, url, key));
    }
  }

  private static Optional<String> url(Place place) {
    return place
        .text(URL, "an http or https address without user, query and fragment")
        .filter(text -> {
          try {
            return URI.create(text).getHost() != null;
          } catch (IllegalArgumentException notOne) {
            place.wrong("must be an http or https address with a host");
            return false;
          }
        });
  }

  private List<LlmConfig.Route> routes(Section section) {
    return section.keys().stream()
        .map(name -> {
          if (!MODEL.matcher(name).matches()) {
            section.wrong(name, "a model's name must be 1 to 256 characters without spaces");
          }
          return route(section, name);
        })
        .toList();
  }

  private LlmConfig.Route route(Section above, String name) {
    Section section = above.section(name);
    List<LlmConfig.Target> targets =
        section.list("targets", "mappings with a provider and a model", this::target, List.of());
    String named = section.text("policy", NAME, NAME_FORM, "");
    Optional<RetryPolicy> policy = Optional.ofNullable(policies.get(named));
    Json.Arr checks = section.place("check").map(at -> checks(at, name)).orElse(Json.of(List.of()));
    CorrectionPolicy corrections =
        new CorrectionReader(Set.copyOf(above.keys())).read(section.section("correct"));
    BudgetLimits budget = CorrectionReader.budget(section.section("budget"));
    boolean cached = section.yesNo("cache", false);
    section.close();
    if (!section.has("targets")) {
      above.wrong(name, "needs targets, each with a provider and a model");
    }
    if (!named.isEmpty() && !policies.containsKey(named)) {
      section.wrong(
          "policy", "there is no such policy; there are " + String.join(", ", policies.keySet()));
    }
    return new LlmConfig.Route(name, targets, policy, checks, corrections, budget, cached);
  }

  /** Validators are made once here, so that what is wrong with them is told before anybody asks. */
  private static Json.Arr checks(Place place, String route) {
    try {
      Json json = NodeJson.of(place.node());
      Json.Arr list = json instanceof Json.Arr many ? many : Json.of(List.of(json));
      var made = CheckList.validators(CheckList.NOBODY, route).from(list);
      return made.isEmpty() ? Json.of(List.of()) : list;
    } catch (IllegalArgumentException wrong) {
      place.wrong(String.valueOf(wrong.getMessage()));
      return Json.of(List.of());
    }
  }

  private Optional<LlmConfig.Target> target(Place place) {
    return place.section().flatMap(section -> target(section, place));
  }

  private Optional<LlmConfig.Target> target(Section section, Place place) {
    Optional<String> provider =
        section.place("provider").flatMap(at -> at.text(NAME, NAME_FORM)).filter(this::isKnown);
    Optional<String> model =
        section.place("model").flatMap(at -> at.text(MODEL, "1 to 256 characters without spaces"));
    Prices prices =
        new Prices(
            section.number("input_price", PRICE, 0.0),
            section.number("output_price", PRICE, 0.0),
            section.number("cached_price", PRICE, 0.0));
    int window = section.whole("context_window", Range.of(0, Integer.MAX_VALUE), 0);
    section.close();
    if (!section.has("provider") || !section.has("model")) {
      place.wrong("needs a provider and a model");
    } else if (provider.isEmpty()) {
      section.wrong(
          "provider", "must be one of llm.providers: " + String.join(", ", providers.keySet()));
    }
    return provider.flatMap(
        name -> model.map(known -> new LlmConfig.Target(name, known, prices, window)));
  }

  private boolean isKnown(String provider) {
    return providers.containsKey(provider);
  }
}
