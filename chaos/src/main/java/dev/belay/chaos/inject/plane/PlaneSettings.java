package dev.belay.chaos.inject.plane;

import dev.belay.Check;
import java.time.Duration;
import java.util.List;

/**
 * What a data plane stands in front of.
 *
 * @param id its name among the data planes; not blank
 * @param fronts its ports, at least one
 * @param callerHeader the header in which callers say who they are, where a port does not say it
 * @param silence how long a request may go without a byte, either way
 */
public record PlaneSettings(String id, List<Front> fronts, String callerHeader, Duration silence) {
  /** The header in which callers say who they are, unless another one is named. */
  public static final String CALLER = "x-belay-caller";

  public PlaneSettings {
    fronts = List.copyOf(fronts);
    Check.that(
        id.matches("[A-Za-z0-9._-]{1,64}"),
        "id must be 1 to 64 letters, digits, dots, underscores and hyphens, was '%s'",
        id);
    Check.that(!fronts.isEmpty(), "a data plane must have at least one front");
    Check.that(!callerHeader.isBlank(), "caller header must not be blank");
    Check.that(
        silence.toSeconds() >= 1 && silence.compareTo(Duration.ofHours(1)) <= 0,
        "silence must be in 1s..1h, was %s",
        silence);
  }

  /** The usual ones. */
  public static PlaneSettings of(String id, List<Front> fronts) {
    return new PlaneSettings(id, fronts, CALLER, Duration.ofMinutes(5));
  }
}
