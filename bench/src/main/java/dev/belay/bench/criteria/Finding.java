package dev.belay.bench.criteria;

/**
 * What one experiment found.
 *
 * @param id of the criterion
 * @param how simulated, live or measured
 * @param value what came out
 * @param bar what was asked for
 * @param met whether it was
 */
public record Finding(String id, String how, String value, String bar, boolean met) {

  /** A line of a table. */
  String markdown() {
    return "| %s | %s | %s | %s | %s |".formatted(id, how, value, bar, met ? "pass" : "**fail**");
  }

  @Override
  public String toString() {
    return "%-4s %s, %s: %s (bar: %s)".formatted(met ? "pass" : "FAIL", id, how, value, bar);
  }
}
