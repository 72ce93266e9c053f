package dev.belay.examples.home;

import java.util.EnumSet;
import java.util.Set;

/** Which flaws are planted, and which of them have shown: the truth, which no search sees. */
final class Flaws {
  private final Set<Flaw> planted;
  private final Set<Flaw> shown = EnumSet.noneOf(Flaw.class);

  Flaws(Set<Flaw> planted) {
    this.planted = planted;
  }

  /** Whether the page is wrong here; says nothing of whether that does harm. */
  boolean isPlanted(Flaw flaw) {
    return planted.contains(flaw);
  }

  /** Whether the page is wrong here; notes that it has shown. Asked only where it would show. */
  boolean shows(Flaw flaw) {
    return isPlanted(flaw) && (shown.add(flaw) || shown.contains(flaw));
  }

  Set<Flaw> shown() {
    return Set.copyOf(shown);
  }
}
