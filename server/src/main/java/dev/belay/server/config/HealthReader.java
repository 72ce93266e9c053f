package dev.belay.server.config;

import dev.belay.proxy.health.HealthLevel;
import dev.belay.proxy.health.HealthSettings;
import dev.belay.proxy.health.HealthSettings.Probe;
import dev.belay.proxy.health.HealthSettings.Schedule;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code proxy.health}. */
final class HealthReader {
  private static final List<String> LEVELS =
      Arrays.stream(HealthLevel.values()).map(HealthReader::text).toList();
  private static final Range<Duration> INTERVAL =
      Range.of(Duration.ofMillis(100), Duration.ofHours(24));
  private static final Range<Duration> TO_AN_HOUR = Range.above(Duration.ZERO, Duration.ofHours(1));
  private static final Pattern URL = Pattern.compile("(https?://[^\\s]+)?");
  private static final Pattern JUDGE = Pattern.compile("(http://[^\\s]+)?");
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{3,45}");

  private HealthReader() {}

  static HealthSettings read(Section section) {
    Schedule schedule = schedule(section, Schedule.DEFAULT);
    Probe from = Probe.DEFAULT;
    String level = section.oneOf("level", LEVELS, text(from.level()));
    Duration timeout = section.length("timeout", TO_AN_HOUR, from.timeout());
    String url = section.secret("url", URL, "an http:// or https:// URL", from.url());
    String judge = section.secret("judge", JUDGE, "an http:// URL", from.judge());
    List<String> own =
        section.list(
            "own_addresses",
            "IP addresses",
            place -> place.text(ADDRESS, "an IP address"),
            List.copyOf(from.ownAddresses()));
    section.close();
    Probe probe =
        section.build(
            () ->
                new Probe(
                    HealthLevel.valueOf(level.toUpperCase(Locale.ROOT)),
                    timeout,
                    url,
                    judge,
                    Set.copyOf(own)),
            from);
    return new HealthSettings(schedule, probe);
  }

  private static Schedule schedule(Section section, Schedule from) {
    return new Schedule(
        section.yesNo("active", from.active()),
        section.length("interval", INTERVAL, from.interval()),
        section.number("jitter", Range.of(0.0, 0.9), from.jitter()),
        section.whole("parallel", Range.of(1, 10_000), from.parallel()),
        section.whole("failures_to_open", Range.of(1, 10), from.failuresToOpen()));
  }

  private static String text(HealthLevel level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
