package dev.belay.testkit;

import static java.util.Objects.requireNonNull;

/**
 * One header line, as written on the wire. Immutable.
 *
 * @param name the name in its original case; matching ignores case
 * @param value the value without surrounding blanks; may be empty
 */
public record Header(String name, String value) {

  /** Rejects an empty name and line breaks: use {@link Reply#raw} to send broken messages. */
  public Header {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
    Check.that(!name.isEmpty(), "a header needs a name, its value was '%s'", value);
    Check.that(!breaks(name) && !breaks(value), "header '%s' must not hold a line break", name);
  }

  /** Whether this header has that name, in any case. */
  public boolean named(String other) {
    return name.equalsIgnoreCase(other);
  }

  private static boolean breaks(String text) {
    return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0;
  }
}
