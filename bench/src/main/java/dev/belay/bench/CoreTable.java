package dev.belay.bench;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** The results of one number of threads as a Markdown table, ours beside the peers'. */
final class CoreTable {
  private static final String ALLOCATION = "gc.alloc.rate.norm";
  private static final List<Peer> COLUMNS =
      List.of(Peer.BELAY, Peer.BELAY_COUNT, Peer.BELAY_LAST, Peer.R4J, Peer.FAILSAFE);

  private final int threads;
  private final Map<Subject, Price> prices = new HashMap<>();

  /**
   * What a call costs one thread. The median says more than the mean where a scheduler or a lock
   * convoy makes single iterations many times longer.
   */
  private record Price(double nanos, double least, double most, double bytes) {

    static Price of(RunResult result) {
      var iterations = new DescriptiveStatistics();
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          iterations.addValue(iteration.getPrimaryResult().getScore());
        }
      }
      return new Price(
          iterations.getPercentile(50),
          iterations.getMin(),
          iterations.getMax(),
          requireNonNull(result.getSecondaryResults().get(ALLOCATION), ALLOCATION).getScore());
    }

    @Override
    public String toString() {
      return "%s [%s, %s] %.0f B".formatted(rounded(nanos), rounded(least), rounded(most), bytes);
    }

    private static String rounded(double nanos) {
      return (nanos < 20 ? "%.1f" : "%.0f").formatted(nanos);
    }
  }

  CoreTable(int threads, Collection<RunResult> results) {
    this.threads = threads;
    for (RunResult result : results) {
      prices.put(Subject.parse(result.getParams().getParam("subject")), Price.of(result));
    }
  }

  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("**%d thread%s**".formatted(threads, threads == 1 ? "" : "s"));
    lines.add("");
    lines.add(
        "| ns [least, most], bytes | belay | belay-count | belay-last | r4j | failsafe | r4j ÷ belay |"
            + " failsafe ÷ belay |");
    lines.add("|---|---:|---:|---:|---:|---:|---:|---:|");
    Subject.Row.ALL.stream().filter(this::isMeasured).map(this::line).forEach(lines::add);
    return String.join("\n", lines);
  }

  private boolean isMeasured(Subject.Row row) {
    return prices.keySet().stream().anyMatch(subject -> subject.row().equals(row));
  }

  private String line(Subject.Row row) {
    List<String> cells = new ArrayList<>(List.of(row.toString()));
    if (row.duty() == Duty.BARE) {
      cells.add(price(Peer.BARE, row).map(Price::toString).orElse("") + " unguarded");
    } else {
      for (Peer peer : COLUMNS) {
        cells.add(price(peer, row).map(Price::toString).orElse(""));
      }
      cells.add(ratio(Peer.R4J, row));
      cells.add(ratio(Peer.FAILSAFE, row));
    }
    while (cells.size() < 1 + COLUMNS.size() + 2) {
      cells.add("");
    }
    return "| " + String.join(" | ", cells) + " |";
  }

  private Optional<Price> price(Peer peer, Subject.Row row) {
    return Optional.ofNullable(prices.get(new Subject(peer, row.duty(), row.failEvery())));
  }

  private String ratio(Peer peer, Subject.Row row) {
    Optional<Price> ours = price(Peer.BELAY, row);
    Optional<Price> theirs = price(peer, row);
    if (ours.isEmpty() || theirs.isEmpty()) {
      return "";
    }
    double ratio = theirs.get().nanos() / ours.get().nanos();
    return ratio < 10 ? "%.1f".formatted(ratio) : "%.0f".formatted(ratio);
  }
}
