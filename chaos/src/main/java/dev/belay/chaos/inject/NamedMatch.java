package dev.belay.chaos.inject;

import dev.belay.Check;
import java.util.Optional;

/**
 * A header, or a member of W3C baggage, that has to be there.
 *
 * @param name not blank; of a header without regard to case
 * @param value what it has to be; none asks for its presence alone
 */
public record NamedMatch(String name, Optional<TextMatch> value) {
  public NamedMatch {
    Check.that(!name.isBlank(), "name of a header must not be blank");
  }
}
