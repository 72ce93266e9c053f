package dev.belay.server.config;

import dev.belay.chaos.inject.client.Patience;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code chaos.executor}. */
final class ExecutorReader {
  private static final Pattern URL = Pattern.compile("(?i)https?://[^\\s/?#@]+(/[^\\s#?]*)?");
  private static final String URL_FORM = "an http or https address without a user and a query";
  private static final Pattern TOKEN = Pattern.compile("[!-~]{0,4096}");
  private static final Range<Duration> CONNECT =
      Range.of(Duration.ofMillis(10), Duration.ofMinutes(1));
  private static final Range<Duration> WHOLE =
      Range.of(Duration.ofMillis(10), Duration.ofMinutes(10));
  private static final Range<Duration> FIRST =
      Range.of(Duration.ofMillis(1), Duration.ofMinutes(1));
  private static final Range<Duration> LONGEST =
      Range.of(Duration.ofMillis(1), Duration.ofMinutes(10));
  private static final Range<Duration> REST = Range.of(Duration.ofMillis(10), Duration.ofDays(1));
  private static final Range<Duration> HEALTH =
      Range.of(Duration.ofMillis(100), Duration.ofHours(1));
  private static final Range<Duration> SETTLE = Range.of(Duration.ZERO, Duration.ofMinutes(5));

  private ExecutorReader() {}

  static ChaosConfig.Executor read(Section section, Duration lease) {
    given(section);
    Optional<URI> url = section.place("url").flatMap(ExecutorReader::address);
    int port = section.whole("port", Range.of(1, 65535), 8080);
    String host = section.text("host", ControlReader.HOST, ControlReader.HOST_FORM, "localhost");
    if (!section.has("url") && (section.has("port") || section.has("host"))) {
      url = Optional.of(URI.create("http://%s:%d".formatted(bracketed(host), port)));
    }
    ChaosConfig.Executor executor =
        new ChaosConfig.Executor(
            url,
            section.secret("token", TOKEN, "visible ASCII without spaces", ""),
            lease,
            new ChaosConfig.Manner(
                section
                    .oneOf("strikes", List.of("session", "everybody"), "session")
                    .equals("everybody"),
                section.length("settle", SETTLE, Duration.ZERO),
                patience(section)));
    section.close();
    return executor;
  }

  private static void given(Section section) {
    section.givenText("host", "EXECUTOR_HOST");
    section.givenNumber("port", "EXECUTOR_PORT", "");
    section.givenNumber("timeout", "EXECUTOR_TIMEOUT_SECONDS", "s");
    section.givenNumber("max_attempts", "RETRY_MAX_ATTEMPTS", "");
    section.givenNumber("base_delay", "RETRY_BASE_DELAY_SECONDS", "s");
    section.givenNumber("max_delay", "RETRY_MAX_DELAY_SECONDS", "s");
    section.givenNumber("jitter_percent", "RETRY_JITTER_PERCENT", "");
    section.givenNumber("failure_threshold", "CIRCUIT_BREAKER_FAILURE_THRESHOLD", "");
    section.givenNumber("recovery_timeout", "CIRCUIT_BREAKER_RECOVERY_TIMEOUT_SECONDS", "s");
    section.givenNumber("health_interval", "HEALTH_CHECK_INTERVAL_SECONDS", "s");
  }

  private static Optional<URI> address(Place place) {
    return place.text(URL, URL_FORM).map(URI::create);
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static Patience patience(Section section) {
    Patience from = Patience.DEFAULT;
    return new Patience(
        new Patience.Timeouts(
            section.length("connect_timeout", CONNECT, from.timeouts().connect()),
            section.length("timeout", WHOLE, from.timeouts().whole())),
        retries(section, from.retries()),
        new Patience.Rest(
            section.whole("failure_threshold", Range.of(1, 1_000), from.rest().failures()),
            section.length("recovery_timeout", REST, from.rest().length())),
        section.length("health_interval", HEALTH, from.health()));
  }

  /** One of the waits brings the other along. */
  private static Patience.Retries retries(Section section, Patience.Retries from) {
    int attempts = section.whole("max_attempts", Range.of(1, 10), from.attempts());
    int jitter = section.whole("jitter_percent", Range.of(0, 100), from.jitterPercent());
    boolean hasFirst = section.has("base_delay");
    boolean hasLongest = section.has("max_delay");
    Duration first = section.length("base_delay", FIRST, from.first());
    Duration longest = section.length("max_delay", LONGEST, from.longest());
    if (first.compareTo(longest) > 0) {
      if (hasFirst && hasLongest) {
        section.wrong("max_delay", "must be at least base_delay, which is longer");
        return from;
      }
      return hasFirst
          ? new Patience.Retries(attempts, first, first, jitter)
          : new Patience.Retries(attempts, longest, longest, jitter);
    }
    return new Patience.Retries(attempts, first, longest, jitter);
  }
}
