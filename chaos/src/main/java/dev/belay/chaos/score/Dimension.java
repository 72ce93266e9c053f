package dev.belay.chaos.score;

import java.util.Locale;

/** What a score looks at. */
public enum Dimension {
  /** Whether the answer is an error. */
  BUG,
  /** How long the answer took. */
  PERFORMANCE,
  /** What the request did inside. */
  STRUCTURE,
  /** Whether what must always hold still does. */
  INVARIANT;

  /** Its name in documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
