package dev.belay.bench.llm;

import java.time.Duration;
import java.util.List;

/**
 * What was measured under one set of conditions. Immutable.
 *
 * @param conditions under which
 * @param managed nanoseconds of calls by {@code LlmClient}, in order of size
 * @param direct the same of direct calls
 * @param control the same of direct calls again: how far two equal sides are apart
 */
record OverheadCell(
    Conditions conditions, List<Long> managed, List<Long> direct, List<Long> control) {
  /** The bar at the shorter latency, as a share. */
  static final double SHARE_BAR = 0.1;

  /** The bar of each attempt. */
  static final double MILLIS_BAR = 0.5;

  /** So many calls it takes for a percentile that one in a hundred decides. */
  static final int ENOUGH = 100;

  /**
   * What differs between cells.
   *
   * @param latency of the upstream
   * @param validators of the answer
   * @param bytes of the answer, about
   * @param callers at once
   */
  record Conditions(Duration latency, int validators, int bytes, int callers) {}

  OverheadCell {
    managed = managed.stream().sorted().toList();
    direct = direct.stream().sorted().toList();
    control = control.stream().sorted().toList();
  }

  private static double millis(List<Long> sorted, double quantile) {
    return sorted.get((int) Math.ceil(quantile * sorted.size()) - 1) / 1e6;
  }

  double directMillis() {
    return millis(direct, 0.5);
  }

  /** What is added to the median, in milliseconds. */
  double addedMillis() {
    return millis(managed, 0.5) - directMillis();
  }

  /** What is added at a quantile, as a share of the direct call. */
  double added(double quantile) {
    return millis(managed, quantile) / millis(direct, quantile) - 1;
  }

  /** What the second direct side adds to the first, where there is nothing to add. */
  double noise() {
    return millis(control, 0.5) / directMillis() - 1;
  }

  /** Whether the direct calls themselves take half as long again as their upstream. */
  boolean isSaturated() {
    return directMillis() > 1.5 * conditions.latency.toMillis();
  }

  /** Whether the bars hold; only the absolute one counts where the latency is long. */
  boolean met() {
    boolean share = conditions.latency.toMillis() > 20 || added(0.5) < SHARE_BAR;
    return share && addedMillis() < MILLIS_BAR;
  }

  /** A line of the table. */
  String markdown() {
    String tail = direct.size() < ENOUGH ? "" : percent(added(0.99));
    return "| %d ms | %d kB | %d | %d | %.2f | %s | %s | %.3f | %s | %s |"
        .formatted(
            conditions.latency.toMillis(),
            conditions.bytes / 1000,
            conditions.callers,
            conditions.validators,
            directMillis(),
            percent(added(0.5)),
            tail,
            addedMillis(),
            percent(noise()),
            verdict());
  }

  private String verdict() {
    if (met()) {
      return "yes";
    }
    return isSaturated() ? "**no**, saturated" : "**no**";
  }

  static String percent(double share) {
    return "%+.1f %%".formatted(100 * share);
  }
}
