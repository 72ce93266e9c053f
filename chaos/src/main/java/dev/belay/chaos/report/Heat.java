package dev.belay.chaos.report;

import java.util.Locale;

/** What is known of a kind of fault at an edge. A later one outweighs an earlier one. */
public enum Heat {
  /** No plan had it. */
  UNTESTED("untested", "no trial tried it"),
  /** Plans had it, and it did not strike: the call was not made. */
  NEVER_STRUCK("never struck", "planned, but no such call was made while it was in force"),
  /** It struck only in trials that failed for other faults. */
  UNCLEAR("unclear", "struck only beside faults that broke the system by themselves"),
  /** It struck, and the system held. */
  TOLERATED("tolerated", "struck, and the system held"),
  /** It is a part of what breaks the system. */
  FAILS("fails", "a part of a plan that breaks the system");

  private final String label;
  private final String meaning;

  Heat(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** What it is called, for people. */
  public String label() {
    return label;
  }

  /** What it means, for people. */
  public String meaning() {
    return meaning;
  }

  /** Its name in documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
