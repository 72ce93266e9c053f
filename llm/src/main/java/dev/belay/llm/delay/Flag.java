package dev.belay.llm.delay;

import java.util.Locale;

/** The switch from outside that overrules what the file says. */
public enum Flag {
  /** Nobody touched it: the file decides. */
  UNSET,
  /** On for all. */
  ON,
  /** Off for all: the way back. */
  OFF;

  /** The environment variable that it comes from. */
  public static final String NAME = "LOVABLE_DYNAMIC_RETRY_DELAYS";

  /**
   * Reads what an operator wrote.
   *
   * @param text {@code true}, {@code 1}, {@code yes} or {@code on}; {@code false}, {@code 0},
   *     {@code no} or {@code off}; in any case; empty for {@link #UNSET}
   * @throws IllegalArgumentException for anything else
   */
  public static Flag parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "" -> UNSET;
      case "true", "1", "yes", "on" -> ON;
      case "false", "0", "no", "off" -> OFF;
      default ->
          throw new IllegalArgumentException(
              "%s must be one of true, false, 1, 0, yes, no, on, off, was '%s'"
                  .formatted(NAME, text.length() > 40 ? text.substring(0, 40) + "…" : text));
    };
  }
}
