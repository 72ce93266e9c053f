package dev.belay.bench.chaos;

import dev.belay.chaos.Defect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.math3.stat.inference.MannWhitneyUTest;

/** What one entrant came to on one ground. For one thread. */
final class Tally {
  /** After so many trials it is counted what was found. */
  static final List<Integer> BUDGETS = List.of(25, 50, 100, 200, 400);

  private final Map<Integer, List<Integer>> found = new LinkedHashMap<>();
  private final Map<String, List<Integer>> first = new LinkedHashMap<>();
  private final Map<String, Integer> orders = new LinkedHashMap<>();
  private int planted;
  private int complete;
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

  /** All that is planted was found with the largest budget, in one more run. */
  void foundAll() {
    complete++;
  }

  /**
   * Something was reported.
   *
   * @param real what was really there when its failure showed
   * @param again what its smallest plan shows when it is tried again
   */
  void report(Defect defect, Set<Course.Plant> real, Set<Course.Plant> again) {
    reports++;
    if (real.isEmpty()) {
      wrong++;
    } else if (defect.minimal().isPresent()) {
      minimal++;
      int size = defect.minimal().get().plan().size();
      // what takes so many faults, and is shown by as many: none of them is there in vain
      boolean equal = again.stream().anyMatch(one -> real.contains(one) && one.order() == size);
      exact += equal ? 1 : 0;
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

  /** In which share of the runs all that is planted was found with the largest budget. */
  double allFound() {
    return (double) complete / Math.max(1, runs());
  }

  /** Which share of what is planted was found, on average over the trials up to a budget. */
  double area(int budget) {
    long trials =
        first.values().stream()
            .flatMap(List::stream)
            .mapToLong(trial -> Math.max(0L, budget - (trial - 1L)))
            .sum();
    return (double) trials / budget / Math.max(1, planted);
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

  /** The trial by which so many quarters of those of a kind have shown. */
  int quartile(String kind, int quarters) {
    List<Integer> sorted = first.getOrDefault(kind, List.of()).stream().sorted().toList();
    return sorted.isEmpty() ? Integer.MAX_VALUE : sorted.get(sorted.size() * quarters / 4);
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

  /** How likely it is to differ as much at 100 trials by chance: Mann and Whitney's, two-sided. */
  double chanceOfDiffering(Tally other) {
    return new MannWhitneyUTest().mannWhitneyUTest(doubles(at(100)), doubles(other.at(100)));
  }

  private static double[] doubles(List<Integer> counts) {
    return counts.stream().mapToDouble(Integer::doubleValue).toArray();
  }
}
