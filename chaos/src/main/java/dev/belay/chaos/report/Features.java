package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.propose.Samples;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * What the trials of a session differ in: the dimensions of its space, or what happened at each
 * call. Only what was tried with more than one value is one.
 */
final class Features {
  /** The level of a category that a trial did without. */
  private static final String NONE = "none";

  private final List<Feature> all = new ArrayList<>();
  private final List<ToDoubleFunction<Trial>> values = new ArrayList<>();

  private Features() {}

  static Features of(SessionView session, List<Trial> trials) {
    Features features = new Features();
    Optional<SearchSpace> space = Spaces.of(session.spec());
    if (space.isPresent()) {
      space.get().dimensions().forEach(dimension -> features.addDimension(dimension, trials));
    } else {
      Set<Edge> edges = new TreeSet<>();
      trials.forEach(
          trial -> trial.proposal().plan().faults().forEach(fault -> edges.add(fault.edge())));
      edges.forEach(edge -> features.addEdge(edge, trials));
    }
    return features;
  }

  List<Feature> all() {
    return all;
  }

  /** For each feature, how many levels it has; 0 for numbers. */
  int[] levels() {
    return all.stream().mapToInt(feature -> feature.levels().size()).toArray();
  }

  double[] row(Trial trial) {
    return values.stream().mapToDouble(value -> value.applyAsDouble(trial)).toArray();
  }

  private void addDimension(Dimension dimension, List<Trial> trials) {
    String name = dimension.name();
    switch (dimension) {
      case Dimension.Categorical category -> {
        List<String> levels = new ArrayList<>();
        category.values().stream().map(Value::toString).forEach(levels::add);
        levels.add(NONE);
        addCategory(
            name,
            levels,
            trials,
            trial -> Optional.ofNullable(trial.proposal().point().get(name)).map(Object::toString));
      }
      case Dimension.Real none -> addNumber(name, "", trials, trial -> number(trial, name));
      case Dimension.Whole none -> addNumber(name, "", trials, trial -> number(trial, name));
    }
  }

  /** NaN if the trial did without. */
  private static double number(Trial trial, String name) {
    return trial.proposal().point().get(name) instanceof Number number
        ? number.doubleValue()
        : Double.NaN;
  }

  private void addEdge(Edge edge, List<Trial> trials) {
    addNumber(edge + " delay", "ms", trials, trial -> delay(trial, edge));
    List<String> levels = new ArrayList<>(List.of(NONE));
    Set<String> kinds = new TreeSet<>();
    trials.forEach(trial -> other(trial, edge).ifPresent(kinds::add));
    levels.addAll(kinds);
    addCategory(edge + " fault", levels, trials, trial -> other(trial, edge));
  }

  private static double delay(Trial trial, Edge edge) {
    return at(trial, edge).stream()
        .filter(fault -> fault.effect() instanceof Effect.Delay)
        .mapToDouble(fault -> ((Effect.Delay) fault.effect()).by().toMillis())
        .findFirst()
        .orElse(0);
  }

  private static Optional<String> other(Trial trial, Edge edge) {
    return at(trial, edge).stream()
        .filter(fault -> !(fault.effect() instanceof Effect.Delay))
        .map(fault -> fault.effect().kind())
        .findFirst();
  }

  private static List<Fault> at(Trial trial, Edge edge) {
    return trial.proposal().plan().faults().stream()
        .filter(fault -> fault.edge().equals(edge))
        .toList();
  }

  /** Where a trial does without, it stands just below the least number. */
  private void addNumber(
      String name, String unit, List<Trial> trials, ToDoubleFunction<Trial> value) {
    double[] there = trials.stream().mapToDouble(value).filter(Double::isFinite).sorted().toArray();
    if (there.length == 0 || there[0] == there[there.length - 1]) {
      return;
    }
    double low = there[0];
    double high = there[there.length - 1];
    double below = low - (high - low) / 10;
    all.add(Feature.number(name, unit, low, high));
    values.add(trial -> {
      double number = value.applyAsDouble(trial);
      return Double.isFinite(number) ? number : below;
    });
  }

  private interface Level {
    Optional<String> of(Trial trial);
  }

  private void addCategory(String name, List<String> known, List<Trial> trials, Level level) {
    List<String> tried =
        known.stream()
            .filter(
                one -> trials.stream().anyMatch(trial -> level.of(trial).orElse(NONE).equals(one)))
            .toList();
    if (tried.size() > 1 && tried.size() <= Samples.MAX_LEVELS) {
      all.add(Feature.category(name, tried));
      values.add(trial -> Math.max(0, tried.indexOf(level.of(trial).orElse(NONE))));
    }
  }
}
