package dev.belay.flow.plan;

import dev.belay.BreakerPolicy;
import dev.belay.flow.BackendSettings;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads who carries tasks out. */
final class BackendReader {
  private static final List<String> TYPES = List.of("claude", "codex", "goose", "command", "http");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final BreakerPolicy USUAL = BackendSettings.BREAKER;

  private BackendReader() {}

  /** One backend; nothing if what is written cannot be one. */
  static Optional<BackendSettings> read(Section section, String name) {
    String type = section.oneOf("type", TYPES, TYPES.contains(name) ? name : "");
    if (type.isEmpty() && !section.has("type")) {
      section.wrong("type", "must be one of %s".formatted(String.join(", ", TYPES)));
    }
    String account = Raw.text(section, "account", name);
    List<String> command = Raw.texts(section, "command");
    List<String> args = Raw.texts(section, "args");
    var environment = Raw.pairs(section, "environment");
    Optional<URI> url = section.place("url").flatMap(BackendReader::url);
    Optional<String> key =
        section
            .place("key_variable")
            .flatMap(place -> place.text(VARIABLE, "the name of an environment variable"));
    Optional<String> model = Raw.text(section, "model");
    int concurrency = section.whole("concurrency", Range.of(1, 100_000), 100_000);
    Duration grace =
        section.length(
            "grace", Range.of(Duration.ZERO, Duration.ofMinutes(10)), Duration.ofSeconds(5));
    BreakerPolicy breaker = breaker(section.section("circuit_breaker"));
    section.close();
    if (type.isEmpty()) {
      return Optional.empty();
    }
    if (type.equals("command") && command.isEmpty()) {
      section.wrong("command", "must name a program, such as [sh, -s]");
      return Optional.empty();
    }
    return section.build(
        () ->
            Optional.of(
                new BackendSettings(
                    name,
                    type,
                    account,
                    command,
                    args,
                    environment,
                    url,
                    key,
                    model,
                    concurrency,
                    grace,
                    breaker)),
        Optional.empty());
  }

  private static Optional<URI> url(Place place) {
    Optional<String> text = Raw.text(place);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text.get());
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException broken) {
      // said below
    }
    place.wrong("must be an address such as http://127.0.0.1:8090/v1, without a user in it");
    return Optional.empty();
  }

  private static BreakerPolicy breaker(Section section) {
    int failures =
        section.whole("consecutive_failures", Range.of(1, 100_000), USUAL.trip().consecutive());
    Duration open =
        section.length(
            "timeout_duration",
            Range.above(Duration.ZERO, Duration.ofDays(1)),
            USUAL.open().base());
    double growth = section.number("open_growth", Range.of(1.0, 10.0), USUAL.open().growth());
    Duration longest =
        section.length(
            "max_open_duration",
            Range.above(Duration.ZERO, Duration.ofDays(1)),
            longer(open, USUAL.open().longest()));
    int calls = section.whole("half_open_calls", Range.of(1, 1_000), USUAL.probe().atOnce());
    int successes =
        section.whole("half_open_successes", Range.of(1, 1_000), USUAL.probe().successes());
    section.close();
    return section.build(
        () ->
            BreakerPolicy.builder()
                .failureThreshold(0)
                .consecutiveFailures(failures)
                .openFor(open)
                .openGrowth(growth, longest)
                .openJitter(USUAL.open().jitter())
                .probesAtOnce(calls)
                .probeSuccesses(successes)
                .probeLease(USUAL.probe().lease())
                .build(),
        USUAL);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
