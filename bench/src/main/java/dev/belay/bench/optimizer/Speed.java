package dev.belay.bench.optimizer;

import dev.belay.Time;
import dev.belay.chaos.propose.Forest;
import dev.belay.chaos.propose.Growth;
import dev.belay.chaos.propose.Optimizer;
import dev.belay.chaos.propose.Portfolio;
import dev.belay.chaos.propose.Proposal;
import dev.belay.chaos.propose.Samples;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.SearchSpace;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** How long forests and proposals take, in processor time of the thread that works. */
final class Speed {
  private static final int ROUNDS = 60;

  /** Twelve numbers and eight categories. */
  private static SearchSpace space() {
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      dimensions.add(
          i < 8
              ? Dimension.Categorical.of("d" + i, "a", "b", "c", "d")
              : Dimension.Real.of("d" + i, 0, 1));
    }
    return SearchSpace.of(dimensions.toArray(Dimension[]::new));
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  String run() {
    Time time = Time.system();
    SearchSpace space = space();
    long start = time.nanos();
    Optimizer optimizer = new Optimizer(space, new Portfolio(), 1);
    Proposal first = optimizer.ask();
    long firstAsk = time.nanos() - start;
    SplittableRandom random = new SplittableRandom(3);
    optimizer.tell(first.point(), 1);
    List<String> lines = new ArrayList<>();
    lines.add("| 20 dimensions, 8 of them categories; processor time, ms | median | p99 |");
    lines.add("|---|---:|---:|");
    for (int size : new int[] {100, 200, 500}) {
      forest(space, size, random, lines);
    }
    warm(space);
    for (int size : new int[] {100, 200}) {
      lines.add(asks(space, size));
    }
    lines.add("");
    lines.add(
        "The first proposal of the process took %.0f ms of wall time; 200 trials hold %.1f MB."
            .formatted(firstAsk / 1e6, memory(space)));
    return String.join("\n", lines);
  }

  private static void forest(
      SearchSpace space, int size, RandomGenerator random, List<String> lines) {
    Samples samples = new Samples(space.chart().rowLevels());
    for (int i = 0; i < size; i++) {
      double[] row = space.chart().draw(random);
      samples.add(row, random.nextInt(3) == 0 ? 5 * row[10] + row[2] : 0);
    }
    double[][] rows = new double[1000][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = space.chart().draw(random);
    }
    double[] means = new double[rows.length];
    double[] variances = new double[rows.length];
    long[] fits = new long[ROUNDS];
    long[] predictions = new long[ROUNDS];
    for (int round = -20; round < ROUNDS; round++) {
      long start = cpu();
      Forest forest = Forest.fit(samples, Growth.CART, round);
      long fitted = cpu();
      forest.predict(rows, rows.length, means, variances);
      long done = cpu();
      if (round >= 0) {
        fits[round] = fitted - start;
        predictions[round] = done - fitted;
      }
    }
    lines.add(line("grow 100 trees over %d trials".formatted(size), fits));
    lines.add(line("mean and variance of 1,000 points, %d trials".formatted(size), predictions));
  }

  private static String line(String what, long[] nanos) {
    Arrays.sort(nanos);
    return "| %s | %.1f | %.1f |"
        .formatted(
            what,
            nanos[nanos.length / 2] / 1e6,
            nanos[(int) Math.min(nanos.length - 1.0, nanos.length * 0.99)] / 1e6);
  }

  private static void warm(SearchSpace space) {
    var unused = asks(space, 60);
  }

  /** The trials around {@code size}, over a few searches. */
  private static String asks(SearchSpace space, int size) {
    List<Long> took = new ArrayList<>();
    for (int seed = 0; seed < 10; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Optimizer optimizer = new Optimizer(space, new Portfolio(), seed);
      for (int i = 0; i < size - 10; i++) {
        optimizer.tell(
            space.chart().point(space.chart().draw(random)),
            Math.max(0, 8 * random.nextDouble() - 5));
      }
      for (int i = 0; i < 20; i++) {
        long start = cpu();
        Proposal proposal = optimizer.ask();
        optimizer.tell(proposal.point(), Math.max(0, 8 * random.nextDouble() - 5));
        took.add(cpu() - start);
      }
    }
    return line(
        "ask and tell, %d trials".formatted(size),
        took.stream().mapToLong(nanos -> nanos).toArray());
  }

  private static double memory(SearchSpace space) {
    System.gc();
    long before = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    Optimizer optimizer = new Optimizer(space, new Portfolio(), 1);
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 200; i++) {
      optimizer.tell(space.chart().point(space.chart().draw(random)), random.nextDouble());
    }
    System.gc();
    long after = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return optimizer.history().size() == 200 ? (after - before) / 1e6 : Double.NaN;
  }
}
