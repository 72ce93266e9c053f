package dev.belay.examples.shop.sim;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.session.Experiment;
import dev.belay.chaos.session.Search;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The shop in virtual time as an experiment for a session. For one session. */
public final class ShopExperiment implements Experiment {
  private static final int HEALTHY = 30;

  private final SimShop shop;
  private final BiFunction<FaultSpace, List<Observation>, Search> search;

  /** The shop, searched by {@link HybridSearch}. */
  public ShopExperiment(SimShop shop, long seed) {
    this(shop, (space, healthy) -> new HybridSearch(space, healthy, seed));
  }

  /** The shop, searched in another way. */
  public ShopExperiment(SimShop shop, BiFunction<FaultSpace, List<Observation>, Search> search) {
    this.shop = shop;
    this.search = search;
  }

  /** All calls between services of the shop, those that are rare included. */
  public static List<Edge> edges() {
    return Stream.of(
            "edge>catalog",
            "edge>cart",
            "edge>audit",
            "edge>pricing",
            "pricing>promo",
            "pricing>tax",
            "edge>cache",
            "edge>inventory",
            "edge>inventory-replica",
            "edge>payment-a",
            "edge>payment-b",
            "payment-b>ledger",
            "edge>shipping",
            "edge>recommendation",
            "recommendation>trending",
            "edge>trending",
            "edge>search")
        .map(text -> text.split(">", 2))
        .map(ends -> new Edge(ends[0], ends[1]))
        .toList();
  }

  /** Everything that may fail in the shop, three faults together. */
  public static FaultSpace space() {
    return new FaultSpace(edges(), FaultSpace.Kinds.DEFAULT, 3);
  }

  @Override
  public void sweep() {
    // each trial has a shop of its own, and nothing is left of it
  }

  @Override
  public Target target() {
    return shop;
  }

  @Override
  public int healthyRuns() {
    return HEALTHY;
  }

  @Override
  public Search search(List<Observation> healthy) {
    return search.apply(space(), healthy);
  }

  @Override
  public Scoring scoring(List<Observation> healthy) {
    return new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy))::score;
  }
}
