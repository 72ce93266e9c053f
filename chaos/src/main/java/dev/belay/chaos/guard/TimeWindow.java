package dev.belay.chaos.guard;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A part of the day on some days of the week, by the clocks of a zone. One that ends before it
 * begins goes on past midnight, and belongs to the day on which it began.
 *
 * @param days the days; all if it is empty
 * @param from when it begins
 * @param to when it ends, that moment not included; the same as {@code from} for the whole day
 * @param zone whose clocks; they may go forward and back
 */
public record TimeWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
  public TimeWindow {
    days = Set.copyOf(days);
  }

  /** A window in UTC. */
  public TimeWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
    this(days, from, to, ZoneOffset.UTC);
  }

  /** Whether a moment is in it. */
  public boolean contains(Instant moment) {
    ZonedDateTime at = moment.atZone(zone);
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

  /** Such as {@code mon, tue 09:00-17:00 Europe/Berlin}. */
  @Override
  public String toString() {
    String on =
        days.isEmpty()
            ? "each day"
            : days.stream()
                .sorted()
                .map(day -> day.name().substring(0, 3).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    return "%s %s-%s %s".formatted(on, from, to, zone.equals(ZoneOffset.UTC) ? "UTC" : zone);
  }
}
