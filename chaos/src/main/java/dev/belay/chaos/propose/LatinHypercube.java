package dev.belay.chaos.propose;

import dev.belay.Check;
import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.SearchSpace;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Proposes in blocks that visit each part of each dimension once. Safe for any number of threads.
 *
 * @see <a href="https://doi.org/10.2307/1268522">McKay, Beckman, Conover, 1979</a>
 */
public final class LatinHypercube implements Proposer {
  private final int block;

  /** With blocks of so many trials; 2 to 1000. */
  public LatinHypercube(int block) {
    Check.that(block >= 2 && block <= 1000, "block must be in 2..1000, was %d", block);
    this.block = block;
  }

  @Override
  public Proposal propose(SearchSpace space, List<Tried> history, long seed) {
    Study study = new Study(space, history);
    int number = history.size();
    SplittableRandom random = new SplittableRandom(Seeds.of(seed, number));
    double[] x = point(space.chart(), number, seed, random);
    boolean ready = space.chart().settleFeasible(x, random) && study.isNew(x);
    return new Proposal(space.chart().point(ready ? x : study.fresh(random)), "latin");
  }

  private double[] point(Chart chart, int number, long seed, SplittableRandom random) {
    double[] x = new double[chart.dimensions()];
    for (int i = 0; i < x.length; i++) {
      long key = Seeds.of(Seeds.of(seed, -1L - number / block), i);
      int part = part(new SplittableRandom(key), number % block);
      double at = (part + random.nextDouble()) / block;
      x[i] = chart.levels(i) > 0 ? Math.floor(at * chart.levels(i)) : chart.snap(i, at);
    }
    return x;
  }

  /** An entry of a random permutation. */
  private int part(SplittableRandom random, int index) {
    int[] parts = new int[block];
    for (int i = 0; i < block; i++) {
      int other = random.nextInt(i + 1);
      parts[i] = parts[other];
      parts[other] = i;
    }
    return parts[index];
  }
}
