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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes plans of points in a space whose dimensions are those of one fault: {@code fault_type},
 * {@code percentage} or {@code abort_probability}, {@code delay_ms} or {@code delay_seconds},
 * {@code error_code} or {@code abort_http_status}, {@code start_delay_ms}, {@code duration_ms} or
 * {@code duration_seconds}, {@code service}, {@code from}, {@code api}, {@code error_type}.
 */
public final class PointPlan {
  private static final Set<String> KNOWN =
      Set.of(
          "fault_type",
          "percentage",
          "abort_probability",
          "delay_ms",
          "delay_seconds",
          "error_code",
          "abort_http_status",
          "start_delay_ms",
          "duration_ms",
          "duration_seconds",
          "service",
          "from",
          "api",
          "error_type");

  private static final int DEFAULT_STATUS = 503;
  private static final long DEFAULT_DELAY_MS = 1_000;
  private static final long LONGEST_START_MS = 60_000;

  private final String service;

  /**
   * Plans for one service.
   *
   * @param service whose calls are struck where the point does not say
   */
  public PointPlan(String service) {
    this.service = service;
  }

  /** The names of dimensions that no fault has, and which would be searched for nothing. */
  public static List<String> unknown(SearchSpace space) {
    return space.dimensions().stream()
        .map(Dimension::name)
        .filter(name -> !KNOWN.contains(name))
        .toList();
  }

  /** All names that a fault has. */
  public static List<String> known() {
    return KNOWN.stream().sorted().toList();
  }

  /** How weak the faults of a space may be: which shares of the calls, and from which delay on. */
  static FaultSpace.Kinds kinds(SearchSpace space) {
    Range delay = Range.NONE;
    Range share = Range.NONE;
    for (Dimension dimension : space.dimensions()) {
      Range range = Range.of(dimension);
      switch (dimension.name()) {
        case "delay_ms" -> delay = range;
        case "delay_seconds" -> delay = range.times(1_000);
        case "percentage" -> share = range;
        case "abort_probability" -> share = range.times(100);
        default -> {}
      }
    }
    FaultSpace.Kinds kinds =
        new FaultSpace.Kinds(List.of(DEFAULT_STATUS), delay.delays(), true, List.of());
    return kinds.withPercentages(share.percentages());
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
    String type = text(point, "fault_type").orElse("").toLowerCase(Locale.ROOT);
    return switch (type) {
      case "delay" -> delay(point);
      case "abort", "error_injection" -> abort(point);
      default ->
          number(point, "delay_ms").isPresent() || number(point, "delay_seconds").isPresent()
              ? delay(point)
              : abort(point);
    };
  }

  private static Effect delay(Point point) {
    double millis =
        number(point, "delay_ms")
            .orElseGet(() -> number(point, "delay_seconds").orElse(DEFAULT_DELAY_MS / 1e3) * 1_000);
    return new Effect.Delay(
        Duration.ofMillis(Math.clamp(Math.round(millis), 1, Effect.MAX_DELAY_MS)));
  }

  private static Effect abort(Point point) {
    String error = text(point, "error_type").orElse("");
    if (error.equals("connection_reset")) {
      return new Effect.Reset();
    }
    if (error.equals("malformed_response")) {
      return new Effect.Corrupt();
    }
    double status =
        number(point, "error_code")
            .orElseGet(() -> number(point, "abort_http_status").orElse(DEFAULT_STATUS));
    return new Effect.Abort(Math.clamp(Math.round(status), 400, 599));
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

  /** Categories may hold numbers as texts. */
  private static OptionalDouble number(Point point, String name) {
    Optional<String> text = text(point, name);
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text.get()));
    } catch (NumberFormatException none) {
      return OptionalDouble.empty();
    }
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
