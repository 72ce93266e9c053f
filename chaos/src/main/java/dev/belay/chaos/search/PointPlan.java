package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.Value;
import dev.belay.chaos.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Makes plans of points in a space whose dimensions are those of one fault: {@code fault_type},
 * {@code percentage} or {@code abort_probability}, {@code delay_ms} or {@code delay_seconds},
 * {@code error_code} or {@code abort_http_status}, {@code error_type}, {@code bytes_per_second},
 * {@code after_bytes}, {@code start_delay_ms}, {@code duration_ms} or {@code duration_seconds},
 * {@code service}, {@code from}, {@code api}.
 */
public final class PointPlan {
  private static final double MOST_BYTES = 1e9;

  private static final Map<String, Allowed> KNOWN =
      Map.ofEntries(
          Map.entry(
              "fault_type",
              new Allowed.Words(
                  List.of(
                      "delay",
                      "abort",
                      "error_injection",
                      "reset",
                      "throttle",
                      "truncate",
                      "corrupt",
                      "rewrite"))),
          Map.entry(
              "error_type",
              new Allowed.Words(List.of("timeout", "connection_reset", "malformed_response"))),
          Map.entry("percentage", new Allowed.Numbers(0, 100)),
          Map.entry("abort_probability", new Allowed.Numbers(0, 1)),
          Map.entry("delay_ms", new Allowed.Numbers(1, (double) Effect.MAX_DELAY_MS)),
          Map.entry("delay_seconds", new Allowed.Numbers(0.001, Effect.MAX_DELAY_MS / 1e3)),
          Map.entry("error_code", new Allowed.Numbers(400, 599)),
          Map.entry("abort_http_status", new Allowed.Numbers(400, 599)),
          Map.entry("bytes_per_second", new Allowed.Numbers(1, MOST_BYTES)),
          Map.entry("after_bytes", new Allowed.Numbers(0, MOST_BYTES)),
          Map.entry("start_delay_ms", new Allowed.Numbers(0, 60_000)),
          Map.entry("duration_ms", new Allowed.Numbers(1, 3_600_000)),
          Map.entry("duration_seconds", new Allowed.Numbers(0.001, 3_600)),
          Map.entry("service", new Allowed.Texts("")),
          Map.entry("from", new Allowed.Texts("")),
          Map.entry("api", new Allowed.Texts("/")));

  private static final int DEFAULT_STATUS = 503;
  private static final long DEFAULT_DELAY_MS = 1_000;
  private static final long LONGEST_START_MS = 60_000;
  private static final double DEFAULT_RATE = 1_024;

  /** No answer within the patience of most callers. */
  private static final Effect TIMEOUT = new Effect.Delay(Duration.ofMillis(Effect.MAX_DELAY_MS));

  private final String service;

  /**
   * Plans for one service.
   *
   * @param service whose calls are struck where the point does not say
   */
  public PointPlan(String service) {
    this.service = service;
  }

  /**
   * Complains about a space with a dimension that no fault has, which would be searched for
   * nothing, or with a value that no fault can have.
   *
   * @param path what messages put before {@code dimensions}
   * @throws WireException names the dimension by its number, and what it may be
   */
  public static void check(String path, SearchSpace space) {
    for (int i = 0; i < space.dimensions().size(); i++) {
      Dimension dimension = space.dimensions().get(i);
      String place = "%s.dimensions[%d]".formatted(path, i);
      Optional.ofNullable(KNOWN.get(dimension.name()))
          .orElseThrow(() ->
              new WireException(
                  place + ".name",
                  "a dimension of a fault (%s); was %s"
                      .formatted(
                          String.join(", ", KNOWN.keySet().stream().sorted().toList()),
                          dimension.name())))
          .check(place, dimension);
    }
  }

  /** How weak the faults of a space may be: which shares of the calls, and from which delay on. */
  static FaultSpace.Kinds kinds(SearchSpace space) {
    Range delay = Range.NONE;
    Range share = Range.NONE;
    Range life = Range.NONE;
    for (Dimension dimension : space.dimensions()) {
      Range range = Range.of(dimension);
      switch (dimension.name()) {
        case "delay_ms" -> delay = range;
        case "delay_seconds" -> delay = range.times(1_000);
        case "percentage" -> share = range;
        case "abort_probability" -> share = range.times(100);
        case "duration_ms" -> life = range;
        case "duration_seconds" -> life = range.times(1_000);
        default -> {}
      }
    }
    FaultSpace.Kinds kinds =
        new FaultSpace.Kinds(List.of(DEFAULT_STATUS), delay.delays(), true, List.of());
    FaultSpace.Kinds shares = kinds.withPercentages(share.percentages());
    return life.low() < life.high()
        ? shares.withLivesFrom(Duration.ofMillis(Math.max(1, Math.round(life.low()))))
        : shares;
  }

  /** From where to where a dimension goes. */
  private record Range(double low, double high) {
    private static final List<Integer> PERCENTAGES = List.of(75, 50, 25, 10);
    static final Range NONE = new Range(0, 0);

    static Range of(Dimension dimension) {
      return switch (dimension) {
        case Dimension.Real real -> new Range(real.min(), real.max());
        case Dimension.Whole whole -> new Range(whole.min(), whole.max());
        case Dimension.Categorical none -> NONE;
      };
    }

    Range times(double unit) {
      return new Range(low * unit, high * unit);
    }

    List<Duration> delays() {
      long shortest = Math.clamp(Math.round(low), 1, Effect.MAX_DELAY_MS);
      long longest = Math.clamp(Math.round(high), 1, Effect.MAX_DELAY_MS);
      return shortest < longest
          ? List.of(Duration.ofMillis(shortest), Duration.ofMillis(longest))
          : List.of();
    }

    /** A few of them: what shows in less than one of ten cases takes too many trials to tell. */
    List<Integer> percentages() {
      if (high < 1) {
        return List.of();
      }
      List<Integer> levels = new ArrayList<>();
      levels.add(Math.clamp(Math.round(high), 1, 100));
      PERCENTAGES.stream().filter(level -> level > low && level < high).forEach(levels::add);
      if (low >= PERCENTAGES.getLast()) {
        levels.add(Math.clamp(Math.round(low), 1, 100));
      }
      return levels;
    }
  }

  /** The plan of a point. */
  public FaultPlan plan(Point point) {
    Effect effect = effect(point);
    Match match =
        text(point, "api")
            .map(path -> new Match(Optional.empty(), Optional.of(path), Map.of()))
            .orElse(Match.ALL);
    Edge edge =
        new Edge(text(point, "from").orElse(Edge.ANY), text(point, "service").orElse(service));
    Duration life = life(point);
    long latest = Math.min(LONGEST_START_MS, life.toMillis() - 1);
    Fault fault =
        new Fault(
            edge,
            effect,
            match,
            percentage(point),
            Duration.ofMillis(bounded(point, "start_delay_ms", 0, latest).orElse(0)),
            Fault.Hits.ALL);
    return new FaultPlan(List.of(fault), life);
  }

  private static Effect effect(Point point) {
    boolean slow =
        number(point, "delay_ms").isPresent() || number(point, "delay_seconds").isPresent();
    String type =
        text(point, "fault_type")
            .map(text -> text.toLowerCase(Locale.ROOT))
            .orElse(slow ? "delay" : "abort");
    return switch (type) {
      case "delay" -> delay(point);
      case "abort", "error_injection" -> abort(point);
      case "reset" -> new Effect.Reset();
      case "corrupt" -> new Effect.Corrupt();
      case "rewrite" -> new Effect.Rewrite(status(point));
      case "throttle" -> new Effect.Throttle(bytes(point, "bytes_per_second", DEFAULT_RATE));
      case "truncate" -> new Effect.Truncate(bytes(point, "after_bytes", 0));
      default -> throw new IllegalArgumentException("no fault has the fault_type " + type);
    };
  }

  private static long bytes(Point point, String name, double otherwise) {
    return Math.round(number(point, name).orElse(otherwise));
  }

  private static Effect delay(Point point) {
    double millis =
        number(point, "delay_ms")
            .orElseGet(() -> number(point, "delay_seconds").orElse(DEFAULT_DELAY_MS / 1e3) * 1_000);
    return new Effect.Delay(
        Duration.ofMillis(Math.clamp(Math.round(millis), 1, Effect.MAX_DELAY_MS)));
  }

  private static Effect abort(Point point) {
    String error = text(point, "error_type").orElse("").toLowerCase(Locale.ROOT);
    return switch (error) {
      case "" -> new Effect.Abort(status(point));
      case "timeout" -> TIMEOUT;
      case "connection_reset" -> new Effect.Reset();
      case "malformed_response" -> new Effect.Corrupt();
      default -> throw new IllegalArgumentException("no fault has the error_type " + error);
    };
  }

  private static int status(Point point) {
    double status =
        number(point, "error_code")
            .orElseGet(() -> number(point, "abort_http_status").orElse(DEFAULT_STATUS));
    return Math.clamp(Math.round(status), 400, 599);
  }

  private static int percentage(Point point) {
    double percent =
        number(point, "percentage")
            .orElseGet(() -> number(point, "abort_probability").orElse(1) * 100);
    return Math.clamp(Math.round(percent), 1, 100);
  }

  private static Duration life(Point point) {
    double millis =
        number(point, "duration_ms")
            .orElseGet(() ->
                number(point, "duration_seconds")
                        .orElse((double) FaultPlan.DEFAULT_LIFE.toSeconds())
                    * 1_000);
    return Duration.ofMillis(Math.clamp(Math.round(millis), 1, 3_600_000));
  }

  private static OptionalLong bounded(Point point, String name, long low, long high) {
    OptionalDouble value = number(point, name);
    return value.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.clamp(Math.round(value.getAsDouble()), low, high));
  }

  private static Optional<String> text(Point point, String name) {
    return point.value(name).map(Value::toString).filter(text -> !text.isBlank());
  }

  private static OptionalDouble number(Point point, String name) {
    return text(point, name).map(Allowed::number).orElse(OptionalDouble.empty());
  }

  /** The values of a point as texts, numbers and truth values. */
  static Map<String, Object> values(Point point) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(point.values().keySet());
    for (String name : names) {
      point
          .value(name)
          .ifPresent(value ->
              values.put(
                  name,
                  switch (value) {
                    case Value.Text text -> text.text();
                    case Value.Numeric numeric -> plain(numeric.number());
                    case Value.Flag flag -> flag.isTrue();
                  }));
    }
    return values;
  }

  private static Number plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? (Number) (long) number
        : (Number) number;
  }
}
