package dev.belay.bench.real;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/** Sessions of the same shop with different seeds, one row each. For one thread. */
final class Seeds {
  private final int planted;
  private final List<Row> rows = new ArrayList<>();

  private record Row(long seed, Findings findings, double seconds) {}

  Seeds(int planted) {
    this.planted = planted;
  }

  void add(long seed, Findings findings, double seconds) {
    rows.add(new Row(seed, findings, seconds));
  }

  /** All rows, and what they have in common. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| seed | defects of %d found | reports | false |".formatted(planted));
    text.append(" minimal is planted | trials | of them failed | seconds |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    for (Row row : rows) {
      Findings one = row.findings();
      text.append(
          "| %d | %d | %d | %d | %d of %d | %d | %d | %.0f |%n"
              .formatted(
                  row.seed(),
                  one.found(),
                  one.reports(),
                  one.wrong(),
                  one.exact(),
                  one.minimal(),
                  one.trials(),
                  one.failed(),
                  row.seconds()));
    }
    long reports = rows.stream().mapToLong(row -> row.findings().reports()).sum();
    long wrong = rows.stream().mapToLong(row -> row.findings().wrong()).sum();
    long exact = rows.stream().mapToLong(row -> row.findings().exact()).sum();
    long minimal = rows.stream().mapToLong(row -> row.findings().minimal()).sum();
    text.append(
        "%nFound: %s of %d. False: %d of %d reports. Minimal is planted: %d of %d.%n"
            .formatted(found(), planted, wrong, reports, exact, minimal));
    return text.toString().strip();
  }

  /** The mean, with its interval by Student's t if there are two seeds. */
  private String found() {
    SummaryStatistics found = new SummaryStatistics();
    rows.forEach(row -> found.addValue(row.findings().found()));
    if (rows.size() < 2) {
      return "%.1f".formatted(found.getMean());
    }
    double t = new TDistribution(rows.size() - 1.0).inverseCumulativeProbability(0.975);
    double half = t * found.getStandardDeviation() / Math.sqrt(rows.size());
    return "%.1f (at 95 %%: %.1f to %.1f)"
        .formatted(
            found.getMean(),
            Math.max(0, found.getMean() - half),
            Math.min(planted, found.getMean() + half));
  }
}
