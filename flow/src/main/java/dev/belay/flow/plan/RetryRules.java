package dev.belay.flow.plan;

import dev.belay.Backoff;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.flow.ParityRules;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads how failed attempts are repeated. */
final class RetryRules {
  /** Retries and breakers of two libraries of Go. */
  static final String BACKOFF_V4 = "backoff-v4";

  static final String GOBREAKER_V1 = "gobreaker-v1";

  private static final Range<Duration> LENGTH = Range.of(Duration.ZERO, Duration.ofDays(1));
  private static final List<String> SHAPES = names(Backoff.Shape.values());
  private static final List<String> JITTERS = names(Jitter.values());

  private RetryRules() {}

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT))
        .filter(name -> !name.equals("custom"))
        .toList();
  }

  static RetryPolicy read(Section section, RetryPolicy from) {
    int attempts = section.whole("max_attempts", Range.of(1, 100), from.maxAttempts());
    Backoff usual = from.backoff();
    String shape =
        section.oneOf("backoff_strategy", SHAPES, usual.shape().name().toLowerCase(Locale.ROOT));
    Duration base = section.length("base_delay", LENGTH, usual.base());
    Duration cap = section.length("max_backoff_delay", LENGTH, usual.cap());
    double multiplier = section.number("multiplier", Range.of(1.0, 100.0), usual.multiplier());
    String jitter =
        section.oneOf("jitter", JITTERS, usual.jitter().name().toLowerCase(Locale.ROOT));
    section.close();
    return section.build(
        () ->
            from.toBuilder()
                .maxAttempts(attempts)
                .backoff(
                    Backoff.of(Backoff.Shape.valueOf(shape.toUpperCase(Locale.ROOT)), base)
                        .withMultiplier(multiplier)
                        .withCap(cap)
                        .withJitter(Jitter.valueOf(jitter.toUpperCase(Locale.ROOT))))
                .build(),
        from);
  }

  /** The settings of {@code retry} and {@code circuit_breaker} when they name the presets. */
  static ParityRules parity(Section retry, Section breaker) {
    ParityRules usual = ParityRules.DEFAULT;
    Duration initial = retry.length("initial", LENGTH, usual.initial());
    double multiplier = retry.number("multiplier", Range.of(1.0, 100.0), usual.multiplier());
    double factor = retry.number("factor", Range.of(0.0, 1.0), usual.factor());
    Duration maxInterval = retry.length("max_interval", LENGTH, usual.maxInterval());
    Duration maxElapsed = retry.length("max_elapsed", LENGTH, usual.maxElapsed());
    int requests = breaker.whole("max_requests", Range.of(0, 1_000_000), usual.maxRequests());
    Duration interval = breaker.length("interval", LENGTH, usual.interval());
    Duration timeout = breaker.length("timeout", LENGTH, usual.timeout());
    int failures = breaker.whole("failures", Range.of(1, 1_000_000), usual.failures());
    return new ParityRules(
        initial,
        multiplier,
        factor,
        maxInterval,
        maxElapsed,
        requests,
        interval,
        timeout,
        failures);
  }
}
