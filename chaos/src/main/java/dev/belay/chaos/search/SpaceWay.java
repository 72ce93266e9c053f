package dev.belay.chaos.search;

import dev.belay.Check;
import dev.belay.chaos.propose.LatinHypercube;
import dev.belay.chaos.propose.Portfolio;
import dev.belay.chaos.propose.Proposal;
import dev.belay.chaos.propose.Proposer;
import dev.belay.chaos.propose.RandomForestEi;
import dev.belay.chaos.propose.RandomSearch;
import dev.belay.chaos.propose.Tried;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import java.util.List;
import java.util.Optional;

/**
 * How a space is searched: points that are tried first, some by a plain design, and then what a
 * model expects most of.
 *
 * @param warm points that are tried before all others, in this order; at most 100
 * @param design how it goes on; none if the model says so by itself
 * @param model what chooses after that
 */
public record SpaceWay(List<Point> warm, Optional<Design> design, Model model) {
  /** Whatever helps, from the first trial on. */
  public static final SpaceWay DEFAULT =
      new SpaceWay(List.of(), Optional.empty(), new Model.Several());

  private static final int MOST_WARM = 100;

  /** The same that begins with so many points that no model chooses; 1 to 1,000. */
  public SpaceWay beginningWith(int points) {
    return new SpaceWay(
        warm, Optional.of(new Design(points, design.orElse(Design.DEFAULT).even())), model);
  }

  public SpaceWay {
    Check.that(
        warm.size() <= MOST_WARM,
        "cold_start.warm_start_points must be at most %d, were %d",
        MOST_WARM,
        warm.size());
    warm = List.copyOf(warm);
  }

  /**
   * Points that no model chooses.
   *
   * @param points how many; 1 to 1,000
   * @param even whether they visit each part of each dimension, rather than fall anywhere
   */
  public record Design(int points, boolean even) {
    /** Ten, anywhere. */
    public static final Design DEFAULT = new Design(10, false);

    public Design {
      Check.that(
          points >= 1 && points <= 1_000,
          "cold_start.n_initial_points must be in 1..1000, was %d",
          points);
    }
  }

  /** What chooses the points after the first ones. */
  public sealed interface Model {
    /** Several ways, those more often that help. */
    record Several() implements Model {}

    /**
     * A random forest and the improvement it expects.
     *
     * @param xi how much better than the best a point has to be; 0 to 10
     */
    record Forest(double xi) implements Model {
      /** What is usual. */
      public static final double USUAL_XI = 0.01;
    }
  }

  /** The way as a proposer; the warm points are not its business. */
  Proposer proposer() {
    int initial = design.orElse(Design.DEFAULT).points();
    Proposer then =
        switch (model) {
          case Model.Several none -> new Portfolio();
          case Model.Forest forest -> new RandomForestEi(initial, forest.xi());
        };
    return design.<Proposer>map(first -> new Cold(first, warm.size(), then)).orElse(then);
  }

  /** A design first. */
  private record Cold(Design design, int before, Proposer then) implements Proposer {
    @Override
    public Proposal propose(SearchSpace space, List<Tried> history, long seed) {
      if (history.size() - before >= design.points()) {
        return then.propose(space, history, seed);
      }
      return design.even() && design.points() > 1
          ? new LatinHypercube(design.points()).propose(space, history, seed)
          : new RandomSearch().propose(space, history, seed);
    }
  }
}
