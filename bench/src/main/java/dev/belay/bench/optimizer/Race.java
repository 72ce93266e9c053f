package dev.belay.bench.optimizer;

import dev.belay.chaos.propose.Coverage;
import dev.belay.chaos.propose.LatinHypercube;
import dev.belay.chaos.propose.Optimizer;
import dev.belay.chaos.propose.Portfolio;
import dev.belay.chaos.propose.Proposal;
import dev.belay.chaos.propose.Proposer;
import dev.belay.chaos.propose.RandomForestEi;
import dev.belay.chaos.propose.RandomSearch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lets proposers search the same problems with the same seeds. */
final class Race {
  static final int TRIALS = 100;

  private final int firstSeed;
  private final int seeds;

  /** Each seed has a variant of its own. */
  Race(int firstSeed, int seeds) {
    this.firstSeed = firstSeed;
    this.seeds = seeds;
  }

  /**
   * One search.
   *
   * @param best the true score of the best trial so far, by trial
   * @param bugs how many planted bugs were seen
   * @param arms how often each way was used
   */
  record Run(List<Double> best, int bugs, Map<String, Integer> arms) {
    /** The trial that reached a score, counted from 1; none of them is one more than all. */
    int reached(double goal) {
      for (int i = 0; i < best.size(); i++) {
        if (best.get(i) >= goal) {
          return i + 1;
        }
      }
      return best.size() + 1;
    }
  }

  static Map<String, Proposer> contestants() {
    Map<String, Proposer> all = new LinkedHashMap<>();
    all.put("random", new RandomSearch());
    all.put("latin", new LatinHypercube(20));
    all.put("pairwise", Coverage.ofPairs());
    all.put("RF+EI", new RandomForestEi(10));
    all.put("portfolio", new Portfolio());
    return all;
  }

  /** The problem of a seed: families by number, dense ones first. */
  static Problem problem(int family, int variant) {
    List<Problem> all = new ArrayList<>(Dense.all(variant));
    all.addAll(Sparse.all(variant));
    return all.get(family);
  }

  static final int FAMILIES = 8;

  /** From this one on families are sparse. */
  static final int SPARSE = 4;

  List<Run> runs(int family, Proposer proposer) throws InterruptedException {
    List<Callable<Run>> tasks = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      int seed = firstSeed + i;
      Problem problem = problem(family, seed);
      tasks.add(() -> run(problem, proposer, seed));
    }
    List<Run> runs = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (Future<Run> run : threads.invokeAll(tasks)) {
        runs.add(run.get());
      }
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a search failed", failed);
    }
    return runs;
  }

  static Run run(Problem problem, Proposer proposer, long seed) {
    Optimizer optimizer = new Optimizer(problem.space(), proposer, seed);
    SplittableRandom noise = new SplittableRandom(31 * seed + 7);
    List<Double> best = new ArrayList<>();
    Map<String, Integer> arms = new LinkedHashMap<>();
    double most = Double.NEGATIVE_INFINITY;
    int bugs = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Proposal proposal = optimizer.ask();
      arms.merge(proposal.arm(), 1, Integer::sum);
      most = Math.max(most, problem.truth().applyAsDouble(proposal.point()));
      bugs |= (int) problem.bugs().applyAsDouble(proposal.point());
      optimizer.tell(proposal.point(), problem.reading(proposal.point(), noise));
      best.add(most);
    }
    return new Run(best, Integer.bitCount(bugs), arms);
  }
}
