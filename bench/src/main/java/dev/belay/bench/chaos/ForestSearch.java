package dev.belay.bench.chaos;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.propose.Optimizer;
import dev.belay.chaos.propose.Proposer;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A proposer of points over three slots, each with a call, an effect and a delay. */
final class ForestSearch {
  private static final int SLOTS = 3;
  private static final String NONE = "none";

  private final FaultSpace faults;
  private final Optimizer optimizer;
  private Optional<Point> last = Optional.empty();

  private ForestSearch(FaultSpace faults, Proposer proposer, long seed) {
    this.faults = faults;
    this.optimizer = new Optimizer(space(faults), proposer, seed);
  }

  static Contestant of(FaultSpace faults, Proposer proposer, long seed) {
    ForestSearch search = new ForestSearch(faults, proposer, seed);
    return new Contestant(
        search::next,
        (seen, score) -> search.optimizer.tell(search.last.orElseThrow(), score.total()));
  }

  private static SearchSpace space(FaultSpace faults) {
    List<String> effects = new ArrayList<>(List.of("delay", "reset", "rewrite"));
    faults.kinds().statuses().forEach(status -> effects.add(status.toString()));
    List<Dimension> dimensions = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      List<String> names = new ArrayList<>(faults.edges().stream().map(Edge::toString).toList());
      names.add(NONE);
      dimensions.add(Dimension.Categorical.of("edge" + slot, names.toArray(String[]::new)));
      dimensions.add(Dimension.Categorical.of("effect" + slot, effects.toArray(String[]::new)));
      dimensions.add(Dimension.Whole.of("delay" + slot, 50, 3_000));
    }
    return SearchSpace.of(dimensions.toArray(Dimension[]::new));
  }

  private Optional<FaultPlan> next() {
    Point point = optimizer.ask().point();
    last = Optional.of(point);
    List<Fault> chosen = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      String name = text(point, "edge" + slot);
      Optional<Edge> edge =
          faults.edges().stream().filter(one -> one.toString().equals(name)).findFirst();
      boolean taken =
          chosen.stream().anyMatch(fault -> edge.isPresent() && fault.edge().equals(edge.get()));
      if (edge.isPresent() && !taken) {
        chosen.add(Fault.at(edge.get(), effect(point, slot)));
      }
    }
    return Optional.of(new FaultPlan(chosen));
  }

  private static String text(Point point, String name) {
    return point.value(name).map(Value::toString).orElse("");
  }

  private static Effect effect(Point point, int slot) {
    return switch (text(point, "effect" + slot)) {
      case "delay" ->
          new Effect.Delay(Duration.ofMillis(Long.parseLong(text(point, "delay" + slot))));
      case "reset" -> new Effect.Reset();
      case "rewrite" -> new Effect.Rewrite(503);
      default -> new Effect.Abort(Integer.parseInt(text(point, "effect" + slot)));
    };
  }
}
