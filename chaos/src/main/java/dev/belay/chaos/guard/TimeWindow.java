package dev.belay.chaos.guard;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Set;

/**
 * A part of the day on some days of the week, in UTC. One that ends before it begins goes on past
 * midnight, and belongs to the day on which it began.
 *
 * @param days the days; all if it is empty
 * @param from when it begins
 * @param to when it ends, that moment not included; the same as {@code from} for the whole day
 */
public record TimeWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
  public TimeWindow {
    days = Set.copyOf(days);
  }

  /** Whether a moment is in it. */
  public boolean contains(Instant moment) {
    ZonedDateTime at = moment.atZone(ZoneOffset.UTC);
    LocalTime time = at.toLocalTime();
    if (from.equals(to)) {
      return on(at.getDayOfWeek());
    }
    if (from.isBefore(to)) {
      return on(at.getDayOfWeek()) && !time.isBefore(from) && time.isBefore(to);
    }
    return !time.isBefore(from)
        ? on(at.getDayOfWeek())
        : time.isBefore(to) && on(at.getDayOfWeek().minus(1));
  }

  private boolean on(DayOfWeek day) {
    return days.isEmpty() || days.contains(day);
  }
}
