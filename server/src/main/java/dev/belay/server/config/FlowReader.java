package dev.belay.server.config;

import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** Reads {@code flow}. */
final class FlowReader {
  static final Range<Duration> PATIENCE = Range.of(Duration.ZERO, Duration.ofDays(30));
  static final Range<Duration> MARGIN = Range.of(Duration.ZERO, Duration.ofHours(1));
  static final Range<Duration> LEAST = Range.of(Duration.ZERO, Duration.ofHours(24));
  static final Range<Duration> OTHERWISE = Range.of(Duration.ofSeconds(1), Duration.ofDays(8));

  private static final Pattern FILE = Pattern.compile("[^\\x00-\\x1f]{1,4096}");

  private FlowReader() {}

  static FlowConfig read(Section section) {
    FlowConfig from = FlowConfig.DEFAULT;
    FlowConfig.Cooldowns rests = from.cooldowns();
    FlowConfig config =
        new FlowConfig(
            section.yesNo("on", from.on()),
            Path.of(section.text("files", FILE, "a path", from.files().toString())),
            section.length("patience", PATIENCE, from.patience()),
            new FlowConfig.Cooldowns(
                section.length("cooldown_margin", MARGIN, rests.margin()),
                section.length("cooldown_least", LEAST, rests.least()),
                section.length("cooldown_default", OTHERWISE, rests.otherwise())),
            section.yesNo("resume", from.resume()));
    section.close();
    return config;
  }
}
