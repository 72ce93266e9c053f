package dev.belay.server.config;

import dev.belay.chaos.guard.TimeWindow;
import dev.belay.settings.Place;
import dev.belay.settings.Section;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads when faults may be in force. */
final class WindowReader {
  private static final Pattern CLOCK = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
  private static final String CLOCK_FORM = "a time of day from \"00:00\" to \"23:59\", in quotes";
  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9+:/_-]{1,64}");
  private static final String ZONE_FORM = "a zone such as UTC or Europe/Berlin";
  private static final List<String> DAYS =
      Stream.of(DayOfWeek.values()).map(WindowReader::word).toList();

  private WindowReader() {}

  private static String word(DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }

  static Optional<TimeWindow> read(Place place) {
    return place.section().flatMap(WindowReader::window);
  }

  private static Optional<TimeWindow> window(Section section) {
    List<DayOfWeek> days =
        section.list(
            "days",
            "days of the week",
            day -> day.oneOf(DAYS).map(name -> DayOfWeek.of(DAYS.indexOf(name) + 1)),
            List.of());
    LocalTime from = LocalTime.parse(section.text("from", CLOCK, CLOCK_FORM, "00:00"));
    LocalTime to = LocalTime.parse(section.text("to", CLOCK, CLOCK_FORM, "00:00"));
    String zone = section.text("zone", ZONE, ZONE_FORM, "UTC");
    section.close();
    try {
      return Optional.of(
          new TimeWindow(
              new LinkedHashSet<>(days),
              from,
              to,
              zone.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone)));
    } catch (DateTimeException unknown) {
      section.wrong("zone", "must be %s; was %s".formatted(ZONE_FORM, zone));
      return Optional.empty();
    }
  }
}
