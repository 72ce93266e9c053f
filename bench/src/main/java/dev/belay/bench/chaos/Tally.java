package dev.belay.bench.chaos;

import dev.belay.chaos.Defect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one entrant came to on one ground. For one thread. */
final class Tally {
  /** After so many trials it is counted what was found. */
  static final List<Integer> BUDGETS = List.of(25, 50, 100, 200, 400);

  private final Map<Integer, List<Integer>> found = new LinkedHashMap<>();
  private final Map<String, List<Integer>> first = new LinkedHashMap<>();
  private final Map<String, Integer> orders = new LinkedHashMap<>();
  private int planted;
  private int reports;
  private int wrong;
  private int minimal;
  private int exact;
  private double seconds;

  /** So many different ones were found with a budget, in one more run. */
  void found(int budget, int count) {
    found.computeIfAbsent(budget, none -> new ArrayList<>()).add(count);
  }

  /** When one of them showed first; the largest number if it never did. */
  void first(Course.Plant plant, int trial) {
    first.computeIfAbsent(plant.kind(), none -> new ArrayList<>()).add(trial);
    orders.put(plant.kind(), plant.order());
    planted++;
  }

  /** Something was reported; what was really there when its failure showed. */
  void report(Defect defect, Set<Course.Plant> real) {
    reports++;
    if (real.isEmpty()) {
      wrong++;
    } else if (defect.minimal().isPresent()) {
      minimal++;
      int size = defect.minimal().get().plan().size();
      exact += real.stream().anyMatch(one -> one.order() == size) ? 1 : 0;
    }
  }

  void took(double more) {
    seconds += more;
  }

  List<Integer> at(int budget) {
    return found.getOrDefault(budget, List.of());
  }

  double mean(int budget) {
    return at(budget).stream().mapToInt(Integer::intValue).average().orElse(Double.NaN);
  }

  int runs() {
    return at(BUDGETS.getFirst()).size();
  }

  /** How many are planted in a system, on average. */
  double planted() {
    return (double) planted / Math.max(1, runs());
  }

  double seconds() {
    return seconds;
  }

  int reports() {
    return reports;
  }

  int wrong() {
    return wrong;
  }

  int minimal() {
    return minimal;
  }

  int exact() {
    return exact;
  }

  /** The kinds of defects, and how many faults each takes. */
  Map<String, Integer> orders() {
    return orders;
  }

  /** The trial by which half of those of a kind have shown. */
  int median(String kind) {
    List<Integer> sorted = first.getOrDefault(kind, List.of()).stream().sorted().toList();
    return sorted.isEmpty() ? Integer.MAX_VALUE : sorted.get(sorted.size() / 2);
  }

  /** Vargha and Delaney's A at 100 trials: the odds of a run to find more; a tie counts half. */
  double oddsAgainst(Tally other) {
    double wins = 0;
    for (int mine : at(100)) {
      for (int theirs : other.at(100)) {
        wins += mine > theirs ? 1 : mine == theirs ? 0.5 : 0;
      }
    }
    return wins / at(100).size() / other.at(100).size();
  }
}
