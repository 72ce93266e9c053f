package dev.belay.chaos.space;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Walks from coordinates that violate constraints to some that do not: bends one of the violated
 * ones at a time, and now and then something else, so that it does not go in circles.
 *
 * @see <a href="https://www.cs.rochester.edu/~kautz/walksat/">Selman, Kautz, Cohen: WalkSAT</a>
 */
final class Repair {
  private static final int RESTARTS = 10;
  private static final int STEPS = 200;

  private final Chart chart;
  private final List<Probe> probes;
  private final List<Probe> violated = new ArrayList<>();

  Repair(Chart chart, List<Probe> probes) {
    this.chart = chart;
    this.probes = probes;
  }

  /** Whether it arrived; {@code x} is where it stands. */
  boolean repair(double[] x, RandomGenerator random) {
    double[] start = x.clone();
    for (int restart = 0; restart < RESTARTS; restart++) {
      if (walk(x, random)) {
        return true;
      }
      if (restart % 2 == 0) {
        System.arraycopy(start, 0, x, 0, x.length);
      } else {
        for (int i = 0; i < x.length; i++) {
          x[i] = chart.draw(i, random);
        }
      }
      chart.settle(x, random);
    }
    return false;
  }

  private boolean walk(double[] x, RandomGenerator random) {
    for (int step = 0; step < STEPS; step++) {
      violated.clear();
      for (Probe probe : probes) {
        if (probe.at(x) == Truth.FALSE) {
          violated.add(probe);
        }
      }
      if (violated.isEmpty()) {
        return true;
      }
      if (step > 5 && random.nextInt(5) == 0) {
        int any = random.nextInt(x.length);
        x[any] = chart.draw(any, random);
      } else {
        violated.get(random.nextInt(violated.size())).bend(x, true, random);
      }
      chart.settle(x, random);
    }
    return false;
  }
}
