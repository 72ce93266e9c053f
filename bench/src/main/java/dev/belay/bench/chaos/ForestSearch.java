package dev.belay.bench.chaos;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.propose.Optimizer;
import dev.belay.chaos.propose.Proposer;
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

  private final List<Edge> edges;
  private final Optimizer optimizer;
  private Optional<Point> last = Optional.empty();

  private ForestSearch(List<Edge> edges, Proposer proposer, long seed) {
    this.edges = edges;
    this.optimizer = new Optimizer(space(edges), proposer, seed);
  }

  static Contestant of(List<Edge> edges, Proposer proposer, long seed) {
    ForestSearch search = new ForestSearch(edges, proposer, seed);
    return new Contestant(
        search::next,
        (seen, score) -> search.optimizer.tell(search.last.orElseThrow(), score.total()));
  }

  private static SearchSpace space(List<Edge> edges) {
    List<Dimension> dimensions = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      List<String> names = new ArrayList<>(edges.stream().map(Edge::toString).toList());
      names.add(NONE);
      dimensions.add(Dimension.Categorical.of("edge" + slot, names.toArray(String[]::new)));
      dimensions.add(
          Dimension.Categorical.of(
              "effect" + slot, "delay", "500", "503", "429", "reset", "rewrite"));
      dimensions.add(Dimension.Whole.of("delay" + slot, 50, 3_000));
    }
    return SearchSpace.of(dimensions.toArray(Dimension[]::new));
  }

  private Optional<FaultPlan> next() {
    Point point = optimizer.ask().point();
    last = Optional.of(point);
    List<Fault> faults = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      String name = text(point, "edge" + slot);
      Optional<Edge> edge = edges.stream().filter(one -> one.toString().equals(name)).findFirst();
      boolean taken =
          faults.stream().anyMatch(fault -> edge.isPresent() && fault.edge().equals(edge.get()));
      if (edge.isPresent() && !taken) {
        faults.add(Fault.at(edge.get(), effect(point, slot)));
      }
    }
    return Optional.of(new FaultPlan(faults));
  }

  private static String text(Point point, String name) {
    return point.value(name).map(Value::toString).orElse("");
  }

  private static Effect effect(Point point, int slot) {
    return switch (text(point, "effect" + slot)) {
      case "delay" ->
          new Effect.Delay(Duration.ofMillis(Long.parseLong(text(point, "delay" + slot))));
      case "500" -> new Effect.Abort(500);
      case "429" -> new Effect.Abort(429);
      case "reset" -> new Effect.Reset();
      case "rewrite" -> new Effect.Rewrite(503);
      default -> new Effect.Abort(503);
    };
  }
}
