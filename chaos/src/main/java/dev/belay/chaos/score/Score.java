package dev.belay.chaos.score;

import dev.belay.Check;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How bad something is.
 *
 * @param total the weighted mean of bug, performance and structure, or what the settings say
 *     instead; 0 to 10
 * @param discovery how bad it is what the system did by itself, without what the faults explain; 0
 *     to 10
 * @param components why {@code total} is that, by dimension
 * @param amplified why {@code discovery} is that, by dimension
 * @param warnings what could not be looked at
 */
public record Score(
    double total,
    double discovery,
    Map<Dimension, Component> components,
    Map<Dimension, Component> amplified,
    List<String> warnings) {
  /** From this score on, what a system did by itself is a failure. */
  public static final double FAILURE = 7;

  public Score {
    Check.that(total >= 0 && total <= 10, "total must be in 0..10, was %s", total);
    Check.that(discovery >= 0 && discovery <= 10, "discovery must be in 0..10, was %s", discovery);
    components = copy(components);
    amplified = copy(amplified);
    warnings = List.copyOf(warnings);
  }

  private static Map<Dimension, Component> copy(Map<Dimension, Component> from) {
    EnumMap<Dimension, Component> copy = new EnumMap<>(Dimension.class);
    copy.putAll(from);
    return Collections.unmodifiableMap(copy);
  }

  /** Why the total is that, as far as one dimension goes. */
  public Component component(Dimension dimension) {
    return of(components, dimension);
  }

  /** Why the discovery score is that, as far as one dimension goes. */
  public Component amplification(Dimension dimension) {
    return of(amplified, dimension);
  }

  private static Component of(Map<Dimension, Component> parts, Dimension dimension) {
    return Optional.ofNullable(parts.get(dimension)).orElse(Component.missing("score"));
  }

  /** How much longer an answer took than usual and than its faults explain, if that is told. */
  public Optional<Duration> unexplained() {
    return Amplification.excess(amplification(Dimension.PERFORMANCE));
  }

  /** The worst that the system did by itself; nothing if it did not fail. */
  public Optional<Component> failure() {
    return amplified.values().stream().filter(part -> part.score() >= FAILURE).findFirst();
  }

  /** The score of the answer, 0 to 10. */
  public double bug() {
    return component(Dimension.BUG).score();
  }

  /** The score of the time it took, 0 to 10. */
  public double performance() {
    return component(Dimension.PERFORMANCE).score();
  }

  /** The score of what happened inside, 0 to 10. */
  public double structure() {
    return component(Dimension.STRUCTURE).score();
  }
}
