package dev.belay.bench.llm;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code LlmClient} adds to a call whose first attempt succeeds, beside the JDK's client at
 * the same upstream. The sides are warmed up and then take turns, round by round, so that all see
 * the same machine.
 */
public final class Overhead {
  private static final List<Duration> LATENCIES =
      List.of(Duration.ofMillis(20), Duration.ofMillis(200));
  private static final List<Integer> SIZES = List.of(1_000, 100_000);
  private static final List<Integer> CALLERS = List.of(1, 16, 256);

  private static final Duration SHORT = Duration.ofMillis(1);

  private final PrintStream out;
  private final Effort effort;

  /**
   * How much is done.
   *
   * @param warmUp calls of each side before anything counts
   * @param rounds in which the sides take turns
   * @param calls of each side in all, by one caller where the latency is short; fewer elsewhere
   * @param validators numbers of them that are tried
   * @param latencies of the upstream that are tried
   */
  record Effort(
      int warmUp, int rounds, int calls, List<Integer> validators, List<Duration> latencies) {
    static final Effort FULL = new Effort(10_000, 5, 100, List.of(0, 3, 10), LATENCIES);
    static final Effort QUICK = new Effort(2_000, 2, 12, List.of(0, 10), LATENCIES);

    /** Where the bars are: at the shorter latency, warm. */
    static final Effort BARS =
        new Effort(10_000, 5, 60, List.of(0, 3, 10), List.of(LATENCIES.getFirst()));

    /** Calls of each caller in one round. */
    int each(Duration latency, int callers) {
      int shorter = latency.toMillis() > 20 ? 2 : 1;
      int fewer = callers == 1 ? 1 : callers == 16 ? 3 : 10;
      return Math.max(1, calls / rounds / shorter / fewer);
    }
  }

  /** Prints there; {@code quick} for a minute and a half, with medians only. */
  public Overhead(PrintStream out, boolean quick) {
    this(out, quick ? Effort.QUICK : Effort.FULL);
  }

  Overhead(PrintStream out, Effort effort) {
    this.out = out;
    this.effort = effort;
  }

  /** Only what the bars are at, in about a minute. */
  public static Overhead bars(PrintStream out) {
    return new Overhead(out, Effort.BARS);
  }

  /** Measures all cells; says each as soon as it is known. */
  public Measured run() throws IOException, InterruptedException {
    List<OverheadCell> cells = new ArrayList<>();
    warmUp();
    for (Duration latency : effort.latencies) {
      for (int bytes : SIZES) {
        for (int callers : CALLERS) {
          for (int validators : effort.validators) {
            cells.add(measured(new OverheadCell.Conditions(latency, validators, bytes, callers)));
          }
        }
      }
    }
    return new Measured(cells, effort.rounds);
  }

  private OverheadCell measured(OverheadCell.Conditions conditions)
      throws IOException, InterruptedException {
    OverheadCell cell =
        measure(conditions, effort.each(conditions.latency(), conditions.callers()));
    out.println(cell.markdown());
    return cell;
  }

  private void warmUp() throws IOException, InterruptedException {
    for (int bytes : SIZES) {
      try (FixedUpstream upstream = FixedUpstream.start(SHORT, bytes);
          Side direct = new DirectSide(upstream.uri());
          Side managed = new ManagedSide(upstream.uri(), Collections.max(effort.validators))) {
        for (int round = 0; round < 10; round++) {
          Callers.ask(direct, 4, effort.warmUp / 40, SHORT);
          Callers.ask(managed, 4, effort.warmUp / 40, SHORT);
        }
      }
    }
  }

  /** One cell; {@code each} caller asks so often in each round. */
  OverheadCell measure(OverheadCell.Conditions conditions, int each)
      throws IOException, InterruptedException {
    try (FixedUpstream upstream = FixedUpstream.start(conditions.latency(), conditions.bytes());
        Side managed = new ManagedSide(upstream.uri(), conditions.validators());
        Side direct = new DirectSide(upstream.uri());
        Side control = new DirectSide(upstream.uri())) {
      List<Side> sides = List.of(managed, direct, control);
      List<List<Long>> took = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (Side side : sides) {
        Callers.ask(side, conditions.callers(), 1, Duration.ZERO); // opens the connections
      }
      for (int round = 0; round < effort.rounds; round++) {
        for (int turn = 0; turn < sides.size(); turn++) {
          int next = (round + turn) % sides.size(); // whoever goes first alternates as well
          took.get(next)
              .addAll(
                  Callers.ask(sides.get(next), conditions.callers(), each, conditions.latency()));
        }
      }
      return new OverheadCell(conditions, took.get(0), took.get(1), took.get(2));
    }
  }

  /**
   * What came out.
   *
   * @param cells in the order in which they were measured
   * @param rounds in which the sides took turns
   */
  public record Measured(List<OverheadCell> cells, int rounds) {
    /** Keeps a copy. */
    public Measured {
      cells = List.copyOf(cells);
    }

    /** Whether all bars hold. */
    public boolean met() {
      return cells.stream().allMatch(OverheadCell::met);
    }

    /** Cells that meet the bars, and why others do not, in words. */
    public String summary() {
      List<OverheadCell> missed = cells.stream().filter(cell -> !cell.met()).toList();
      long saturated = missed.stream().filter(OverheadCell::isSaturated).count();
      return "%d of %d cells meet the bars; in %d of the others the direct calls alone keep the"
              .formatted(cells.size() - missed.size(), cells.size(), saturated)
          + " processors busy";
    }

    private Stream<OverheadCell> calm(int bytes) {
      return cells.stream()
          .filter(c -> !c.isSaturated())
          .filter(c -> c.conditions().bytes() == bytes);
    }

    /** The worst medians for one size where the processors are not short. */
    public String worst(int bytes) {
      double share = calm(bytes).mapToDouble(c -> c.added(0.5)).max().orElse(Double.NaN);
      double millis = calm(bytes).mapToDouble(OverheadCell::addedMillis).max().orElse(Double.NaN);
      return "%d kB: at most %s and %.3f ms at the median where the processors are not"
              .formatted(bytes / 1000, OverheadCell.percent(share), millis)
          + " busy with direct calls alone";
    }

    private List<String> figures() {
      List<String> lines = new ArrayList<>();
      lines.add(summary() + ".");
      SIZES.forEach(bytes -> lines.add(worst(bytes) + "."));
      return lines;
    }

    /** The table, with a few sentences below it. */
    public String markdown() {
      List<String> lines = new ArrayList<>();
      lines.add(
          "| latency | answer | callers | validators | direct p50, ms | added, p50 | added, p99"
              + " | added, ms at p50 | control, p50 | bars met |");
      lines.add("|---|---|---|---|---|---|---|---|---|---|");
      cells.forEach(cell -> lines.add(cell.markdown()));
      lines.add("");
      figures().forEach(line -> lines.add("- " + line));
      return String.join("\n", lines);
    }
  }
}
