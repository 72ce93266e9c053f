package dev.belay.chaos.session;

import java.util.Optional;

/**
 * What a search makes of a trial.
 *
 * @param failure the signature of the failure that was seen; none if the system held
 * @param isNew whether it was seen for the first time
 */
public record Insight(Optional<String> failure, boolean isNew) {
  /** The system held. */
  public static final Insight HELD = new Insight(Optional.empty(), false);
}
