package dev.belay.chaos;

import dev.belay.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Faults that are in force together: what one trial tries. Two plans with the same faults are
 * equal, whatever the order they were given in.
 *
 * @param faults none twice, and each begins before the life is over; none at all is a trial of the
 *     healthy system
 * @param life how long they stay in force at the most, should nobody take them back; 1 ms to 1 h
 */
public record FaultPlan(List<Fault> faults, Duration life) {
  /** How long faults stay in force at the most, unless a plan says otherwise. */
  public static final Duration DEFAULT_LIFE = Duration.ofSeconds(60);

  /** No plan lasts longer. */
  public static final Duration LONGEST_LIFE = Duration.ofHours(1);

  private static final Comparator<Fault> ORDER =
      Comparator.comparing(Fault::edge).thenComparing(Fault::toString);

  /** No fault: what the healthy system does. */
  public static final FaultPlan NONE = new FaultPlan(List.of());

  public FaultPlan {
    faults = faults.stream().sorted(ORDER).toList();
    Check.that(
        faults.stream().distinct().count() == faults.size(),
        "a fault must not be in a plan twice, was %s",
        faults);
    Check.that(
        life.toMillis() >= 1 && life.compareTo(LONGEST_LIFE) <= 0,
        "life must be in 1ms..1h, was %s",
        life);
    for (Fault fault : faults) {
      Check.that(
          fault.startDelay().compareTo(life) < 0,
          "start_delay_ms must be in 0..%d, below duration_ms, was %d: %s",
          life.toMillis() - 1,
          fault.startDelay().toMillis(),
          fault);
    }
  }

  /** A plan of some faults that stay in force for {@link #DEFAULT_LIFE} at the most. */
  public FaultPlan(List<Fault> faults) {
    this(faults, DEFAULT_LIFE);
  }

  /** A plan of some faults. */
  public static FaultPlan of(Fault... faults) {
    return new FaultPlan(List.of(faults));
  }

  /** The same and one fault more. */
  public FaultPlan and(Fault fault) {
    List<Fault> more = new ArrayList<>(faults);
    more.add(fault);
    return new FaultPlan(more, life);
  }

  /** The same without one of its faults. */
  public FaultPlan without(Fault fault) {
    List<Fault> fewer = new ArrayList<>(faults);
    fewer.remove(fault);
    return new FaultPlan(fewer, life);
  }

  /** The same, in force for that long at the most. */
  public FaultPlan atMost(Duration longest) {
    return life.compareTo(longest) <= 0 ? this : new FaultPlan(faults, longest);
  }

  /** How many faults it has. */
  public int size() {
    return faults.size();
  }

  /**
   * Such as {@code cart>pricing delay 1500ms + edge>cart reset}; {@code no fault} if it has none.
   */
  @Override
  public String toString() {
    return faults.isEmpty()
        ? "no fault"
        : faults.stream().map(Fault::toString).collect(Collectors.joining(" + "));
  }
}
