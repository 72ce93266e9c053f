package dev.belay.bench.limits;

/**
 * One promise, measured.
 *
 * @param what was measured, and how
 * @param figure what came out
 * @param bar what is promised
 * @param met whether it holds
 */
record Limit(String what, String figure, String bar, boolean met) {

  /** A line of a table. */
  String markdown() {
    return "| %s | %s | %s | %s |".formatted(what, figure, bar, met ? "met" : "**missed**");
  }

  @Override
  public String toString() {
    return "%-6s %s: %s (bar: %s)".formatted(met ? "met" : "MISSED", what, figure, bar);
  }
}
