package dev.belay.chaos.propose;

import dev.belay.Check;
import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.SearchSpace;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Several ways to find the next point, each used as often as it has earned. Begins with points that
 * cover the space. Tells by the readings themselves whether the space is mostly healthy, where
 * following symptoms and exploring pays, or a landscape, where climbing pays. Safe for any number
 * of threads.
 */
public final class Portfolio implements Proposer {
  private final double confirmed;

  /** For severities of 0 to 10, of which 7 and more are failures. */
  public Portfolio() {
    this(7);
  }

  /**
   * For other scores.
   *
   * @param confirmed from which score on readings are failures, which are not worth finding again
   *     and again; infinity if there are none such
   */
  public Portfolio(double confirmed) {
    Check.that(!Double.isNaN(confirmed), "confirmed must be a number, was NaN");
    this.confirmed = confirmed;
  }

  @Override
  public Proposal propose(SearchSpace space, List<Tried> history, long seed) {
    Chart chart = space.chart();
    Study study = new Study(space, history);
    SplittableRandom random = new SplittableRandom(Seeds.of(seed, history.size()));
    if (study.size() < initial(chart)) {
      return new Proposal(chart.point(Coverage.ofTriples().best(study, random)), Arm.COVER.label());
    }
    boolean sparse = isFlat(study);
    Bandit bandit = new Bandit(study, sparse, confirmed);
    Set<Arm> failed = EnumSet.noneOf(Arm.class);
    pendingArms(history, failed);
    Ways ways = new Ways(study, sparse, confirmed, random);
    while (failed.size() < Arm.values().length) {
      Arm arm = bandit.choose(failed, random);
      Optional<double[]> found = ways.find(arm).filter(study::isNew);
      if (found.isPresent()) {
        return new Proposal(chart.point(found.get()), arm.label());
      }
      failed.add(arm);
    }
    return new Proposal(chart.point(study.fresh(random)), Arm.RANDOM.label());
  }

  private static int initial(Chart chart) {
    return Math.clamp(chart.dimensions() + 2, 8, 20);
  }

  /** What is under way came from other arms: a batch should not hold one idea twice. */
  private static void pendingArms(List<Tried> history, Set<Arm> failed) {
    for (Tried tried : history) {
      for (Arm arm : Arm.values()) {
        boolean same =
            tried.outcome() instanceof Outcome.Pending && arm.label().equals(tried.arm());
        if (same && !arm.explores()) {
          failed.add(arm);
        }
      }
    }
  }

  /**
   * Many of the readings are about as low as the lowest, or many of those that explored are exactly
   * the lowest: severities begin at zero, so healthy readings tie, however noisy the others are.
   */
  static boolean isFlat(Study study) {
    double worst = study.worst();
    double near = worst + 0.1 * (study.best() - worst);
    int low = 0;
    int lowest = 0;
    int explored = 0;
    for (int i = 0; i < study.size(); i++) {
      double score = study.scores.get(i);
      low += score <= near ? 1 : 0;
      if (Arm.isUnguided(study.arms.get(i))) {
        explored++;
        lowest += score <= worst ? 1 : 0;
      }
    }
    return low > 0.4 * study.size() || lowest > 0.15 * explored;
  }
}
