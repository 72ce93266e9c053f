package dev.belay.server.config;

import dev.belay.Backoff;
import dev.belay.ErrorClass;
import dev.belay.Hedge;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the keys of a retry policy, each of which starts at the value of another policy. */
final class RetryReader {
  private static final Range<Duration> ANY = Range.of(Duration.ZERO, RetryPolicy.FOREVER);
  private static final Range<Duration> POSITIVE = Range.above(Duration.ZERO, RetryPolicy.FOREVER);
  private static final Range<Duration> TO_AN_HOUR = Range.above(Duration.ZERO, Duration.ofHours(1));
  private static final Range<Duration> TO_A_DAY = Range.above(Duration.ZERO, Duration.ofHours(24));

  private static final List<String> SHAPES =
      Stream.of(
              Backoff.Shape.EXPONENTIAL,
              Backoff.Shape.LINEAR,
              Backoff.Shape.FIXED,
              Backoff.Shape.FIBONACCI)
          .map(RetryReader::lower)
          .toList();

  private static final List<String> JITTERS =
      Arrays.stream(Jitter.values()).map(RetryReader::lower).toList();

  private static final List<String> CLASSES =
      Arrays.stream(ErrorClass.values())
          .filter(kind -> kind != ErrorClass.NONE && kind != ErrorClass.CANCELLED)
          .map(RetryReader::lower)
          .toList();

  private RetryReader() {}

  /** The policy of this name that differs from {@code from} by what is in the section. */
  static RetryPolicy read(Section section, String name, RetryPolicy from) {
    RetryPolicy.Builder policy =
        RetryPolicy.named(name)
            .maxAttempts(section.whole("max_attempts", Range.of(1, 10), from.maxAttempts()))
            .backoff(backoff(section, from.backoff()))
            .retryStatusCodes(statuses(section, from.retryStatusCodes()))
            .timeout(section.lengthOrNone("timeout", POSITIVE, from.timeout()))
            .retryNonIdempotent(section.yesNo("retry_non_idempotent", from.retryNonIdempotent()))
            .attemptTimeout(
                section.lengthOrNone("attempt_timeout", POSITIVE, from.attemptTimeout()))
            .maxHintWait(section.length("max_hint_wait", ANY, from.maxHintWait()))
            .maxOpenWait(section.length("max_open_wait", ANY, from.maxOpenWait()))
            .retryClasses(classes(section, from.retryClasses()))
            .immediateFailover(section.yesNo("immediate_failover", from.immediateFailover()))
            .hedge(hedge(section, from.hedge()));
    return section.build(policy::build, from);
  }

  private static Backoff backoff(Section section, Backoff from) {
    String shape = section.oneOf("backoff_strategy", SHAPES, lower(from.shape()));
    return Backoff.of(
            Backoff.Shape.valueOf(upper(shape)),
            section.length("base_delay", TO_AN_HOUR, from.base()))
        .withMultiplier(section.number("multiplier", Range.above(1.0, 10.0), from.multiplier()))
        .withCap(section.length("max_backoff_delay", TO_A_DAY, from.cap()))
        .withJitter(section.place("jitter").flatMap(RetryReader::jitter).orElse(from.jitter()));
  }

  /** Yes and no are the words of the contract, the names are ours. */
  private static Optional<Jitter> jitter(Place place) {
    if (place.isYesNo()) {
      return place.yesNo().map(yes -> yes ? Jitter.PROPORTIONAL : Jitter.NONE);
    }
    return place
        .oneOf(Stream.concat(Stream.of("true", "false"), JITTERS.stream()).toList())
        .map(RetryReader::jitter);
  }

  private static Jitter jitter(String name) {
    return switch (name) {
      case "true" -> Jitter.PROPORTIONAL;
      case "false" -> Jitter.NONE;
      default -> Jitter.valueOf(upper(name));
    };
  }

  private static Set<Integer> statuses(Section section, Set<Integer> from) {
    return Set.copyOf(
        section.list(
            "retry_status_codes", "HTTP statuses", RetryReader::status, List.copyOf(from)));
  }

  private static Optional<Integer> status(Place place) {
    return place.whole(
        code -> (code >= 500 && code <= 599) || code == 408 || code == 425 || code == 429,
        "408, 425, 429 or 500 to 599");
  }

  private static Set<ErrorClass> classes(Section section, Set<ErrorClass> from) {
    return new LinkedHashSet<>(
        section.list(
            "retry_classes",
            "names such as connect and timeout",
            place -> place.oneOf(CLASSES).map(name -> ErrorClass.valueOf(upper(name))),
            List.copyOf(from)));
  }

  private static Hedge hedge(Section section, Hedge from) {
    Optional<Place> place = section.place("hedge");
    if (place.isEmpty() || place.get().isNothing()) {
      return place.isEmpty() ? from : Hedge.OFF;
    }
    return place.get().section().map(hedge -> hedge(hedge, from, place.get())).orElse(from);
  }

  private static Hedge hedge(Section hedge, Hedge from, Place place) {
    int extra = hedge.whole("extra", Range.of(0, 3), from.isOn() ? from.extra() : 1);
    if (extra > 0 && !from.isOn() && hedge.place("delay").isEmpty()) {
      place.wrong("needs a delay, after which the extra attempt starts");
    }
    Range<Duration> toADay = Range.of(Duration.ZERO, Duration.ofHours(24));
    Duration delay = hedge.length("delay", toADay, from.delay());
    double percentile = hedge.number("percentile", Range.below(0.0, 1.0), from.percentile());
    hedge.close();
    return extra == 0 ? Hedge.OFF : new Hedge(extra, delay, percentile);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
