package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import dev.belay.chaos.session.Trial;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How much of what may go wrong was looked at, and what may be left.
 *
 * @param edges pairs of edges that faults struck together
 * @param sites pairs of kinds of faults, at two edges, that struck together
 * @param quiet how many trials of plans drawn by chance in a row brought no new failure; at the end
 *     of the session
 */
public record Coverage(Pairs edges, Pairs sites, int quiet) {
  /** The rule of three: of something not seen in n tries, 3/n is the bound at 95 %. */
  private static final double THREE = 3;

  /** The arm whose plans are drawn by chance. */
  static final String CHANCE = "random";

  /**
   * Pairs.
   *
   * @param struck how many struck together in at least one trial
   * @param of how many there are
   */
  public record Pairs(int struck, int of) {
    /** The share that struck, in percent, 0 to 100; 100 if there is no pair. */
    public double percent() {
      return of == 0 ? 100 : 100.0 * struck / of;
    }
  }

  /**
   * With 95 % confidence, no more than this share of the plans drawn by chance shows a failure that
   * is not known; 0 to 1. Nothing is known without such trials.
   */
  public OptionalDouble risk() {
    return quiet == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.min(1, THREE / quiet));
  }

  static Coverage of(List<Trial> trials, HeatMap heat, Touches touches) {
    Set<Set<Edge>> edges = new HashSet<>();
    Set<Set<Site>> sites = new HashSet<>();
    for (Trial trial : trials) {
      trial
          .seen()
          .ifPresent(seen -> {
            List<Site> struck =
                new ArrayList<>(touches.struck(trial.proposal().plan(), seen.observation()));
            for (int i = 0; i < struck.size(); i++) {
              for (Site other : struck.subList(0, i)) {
                if (!other.edge().equals(struck.get(i).edge())) {
                  edges.add(Set.of(other.edge(), struck.get(i).edge()));
                  sites.add(Set.of(other, struck.get(i)));
                }
              }
            }
          });
    }
    int rows = heat.edges().size();
    int columns = heat.kinds().size();
    int pairs = rows * (rows - 1) / 2;
    return new Coverage(
        new Pairs(edges.size(), pairs),
        new Pairs(sites.size(), pairs * columns * columns),
        quiet(trials));
  }

  private static int quiet(List<Trial> trials) {
    Set<String> failures = new HashSet<>();
    int quiet = 0;
    for (Trial trial : trials) {
      Optional<Trial.Seen> seen = trial.seen();
      boolean isNew =
          seen.flatMap(one -> one.insight().failure()).filter(failures::add).isPresent();
      if (seen.isPresent() && trial.proposal().arm().equals(CHANCE)) {
        quiet = isNew ? 0 : quiet + 1;
      }
    }
    return quiet;
  }
}
