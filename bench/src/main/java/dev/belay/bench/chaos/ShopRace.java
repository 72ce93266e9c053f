package dev.belay.bench.chaos;

import dev.belay.Time;
import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.propose.RandomForestEi;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.search.RandomSearch;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.sim.ShopExperiment;
import dev.belay.examples.shop.sim.SimShop;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Searches of the shop with all its defects, each with the same seeds and numbers of trials. Each
 * run of the shop counts, whatever it is for. What was found is what the shop itself knows.
 */
public final class ShopRace {
  private static final List<Integer> BUDGETS = List.of(25, 50, 100, 200, 400);
  private static final int HEALTHY = 30;
  private static final int FOREST_SEEDS = 20;
  private static final int FOREST_TRIALS = 200;

  private final PrintStream out;
  private final int seeds;

  /**
   * A race.
   *
   * @param seeds how many each contestant runs with; those before them were for choosing
   */
  public ShopRace(PrintStream out, int seeds) {
    this.out = out;
    this.seeds = seeds;
  }

  /** Makes a search for one seed. */
  @FunctionalInterface
  private interface Maker {
    Search make(List<Observation> healthy, long seed);
  }

  private record Entrant(String name, Maker maker, int seeds, int trials) {}

  /** What one entrant came to. */
  private static final class Tally {
    private final Map<Integer, List<Integer>> found = new LinkedHashMap<>();
    private final Map<Planted, List<Integer>> first = new EnumMap<>(Planted.class);
    private int reports;
    private int wrong;
    private int minimal;
    private int exact;
    private double seconds;

    private List<Integer> at(int budget) {
      return found.getOrDefault(budget, List.of());
    }

    double mean(int budget) {
      return at(budget).stream().mapToInt(Integer::intValue).average().orElse(Double.NaN);
    }
  }

  /** Runs all; gives tables. */
  public String run() throws InterruptedException {
    List<Edge> edges = ShopExperiment.edges();
    List<Entrant> entrants =
        List.of(
            new Entrant(
                "random, 1 to 3 faults",
                (healthy, seed) -> new RandomSearch(ShopExperiment.space(), healthy, seed),
                seeds,
                400),
            new Entrant(
                "singles, then pairs",
                (healthy, seed) -> Levels.exhaustive(edges, seed),
                seeds,
                400),
            new Entrant(
                "pairwise covering rows",
                (healthy, seed) -> Levels.pairwise(edges, seed),
                seeds,
                400),
            new Entrant(
                "random forest and EI",
                (healthy, seed) -> ForestSearch.of(edges, new RandomForestEi(10), seed),
                Math.min(seeds, FOREST_SEEDS),
                FOREST_TRIALS),
            new Entrant(
                "**Belay**",
                (healthy, seed) -> new HybridSearch(ShopExperiment.space(), healthy, seed),
                seeds,
                400));
    Map<String, Tally> tallies = new LinkedHashMap<>();
    for (Entrant entrant : entrants) {
      tallies.put(entrant.name(), race(entrant));
      out.println("%s: %s".formatted(entrant.name(), means(tallies.get(entrant.name()))));
    }
    return table(entrants, tallies) + "\n\n" + byDefect(tallies) + "\n\n" + bars(tallies);
  }

  private static String means(Tally tally) {
    return String.join(" ", BUDGETS.stream().map(budget -> number(tally.mean(budget))).toList());
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static Tally race(Entrant entrant) throws InterruptedException {
    Tally tally = new Tally();
    long from = Time.system().nanos();
    for (int i = 0; i < entrant.seeds(); i++) {
      one(entrant, 1_000 + i, tally);
    }
    tally.seconds = (Time.system().nanos() - from) / 1e9;
    return tally;
  }

  private static void one(Entrant entrant, long seed, Tally tally) throws InterruptedException {
    SimShop shop = new SimShop(EnumSet.allOf(Planted.class), seed);
    List<Observation> healthy = new ArrayList<>();
    for (int i = 0; i < HEALTHY; i++) {
      healthy.add(shop.run(FaultPlan.NONE));
    }
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    Search search = entrant.maker().make(healthy, seed);
    Set<Planted> shown = EnumSet.noneOf(Planted.class);
    Map<String, Set<Planted>> truth = new HashMap<>();
    Map<Planted, Integer> first = new EnumMap<>(Planted.class);
    int number = 0;
    for (int trial = 1; trial <= entrant.trials(); trial++) {
      Optional<Proposal> proposal = search.next();
      if (proposal.isPresent()) {
        number++;
        Observation seen = shop.run(proposal.get().plan());
        for (Planted defect : shop.shown()) {
          shown.add(defect);
          first.putIfAbsent(defect, trial);
        }
        search
            .saw(number, seen, analyzer.score(proposal.get().plan(), seen))
            .failure()
            .ifPresent(failure ->
                truth
                    .computeIfAbsent(failure, none -> EnumSet.noneOf(Planted.class))
                    .addAll(shop.shown()));
      }
      if (BUDGETS.contains(trial)) {
        tally.found.computeIfAbsent(trial, none -> new ArrayList<>()).add(shown.size());
      }
    }
    for (Planted defect : Planted.values()) {
      tally
          .first
          .computeIfAbsent(defect, none -> new ArrayList<>())
          .add(first.getOrDefault(defect, Integer.MAX_VALUE));
    }
    search.defects().forEach(defect -> judge(defect, truth, tally));
  }

  private static void judge(Defect defect, Map<String, Set<Planted>> truth, Tally tally) {
    Set<Planted> real = truth.getOrDefault(defect.signature(), Set.of());
    tally.reports++;
    if (real.isEmpty()) {
      tally.wrong++;
    } else if (defect.minimal().isPresent()) {
      tally.minimal++;
      int size = defect.minimal().get().plan().size();
      tally.exact += real.stream().anyMatch(one -> one.order() == size) ? 1 : 0;
    }
  }

  private String table(List<Entrant> entrants, Map<String, Tally> tallies) {
    StringBuilder text = new StringBuilder();
    text.append("Distinct defects of %d, mean".formatted(Planted.values().length));
    text.append(" over %d seeds from 1000 on; A is the odds that".formatted(seeds));
    text.append(" a run beats one of random's at 100 trials, a tie counting half.\n\n");
    text.append("| search | seeds | 25 | 50 | 100 | 200 | 400 | A | false reports | minimal is");
    text.append(" planted | s per 1,000 trials |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
    Tally random = tallies.values().iterator().next();
    for (Entrant entrant : entrants) {
      Tally tally = tallies.getOrDefault(entrant.name(), random);
      boolean boils = tally.minimal > 0;
      text.append("| %s | %d |".formatted(entrant.name(), entrant.seeds()));
      BUDGETS.forEach(budget -> text.append(" ").append(number(tally.mean(budget))).append(" |"));
      text.append(
          " %s | %s | %s | %s |%n"
              .formatted(
                  number(odds(tally.at(100), random.at(100))),
                  tally.reports == 0 ? "-" : "%d of %d".formatted(tally.wrong, tally.reports),
                  boils ? "%d of %d".formatted(tally.exact, tally.minimal) : "-",
                  number(tally.seconds * 1_000 / entrant.seeds() / entrant.trials())));
    }
    return text.toString().strip();
  }

  /** Vargha and Delaney's A. */
  private static double odds(List<Integer> one, List<Integer> other) {
    double wins = 0;
    for (int mine : one) {
      for (int theirs : other) {
        wins += mine > theirs ? 1 : mine == theirs ? 0.5 : 0;
      }
    }
    return wins / one.size() / other.size();
  }

  private static String byDefect(Map<String, Tally> tallies) {
    StringBuilder text = new StringBuilder("Trials until a defect first shows, median;");
    text.append(" `-` if it does not in half of the runs.\n\n| defect | faults |");
    tallies.keySet().forEach(name -> text.append(" ").append(name).append(" |"));
    text.append("\n|---|---|").append("---|".repeat(tallies.size())).append("\n");
    for (Planted defect : Planted.values()) {
      text.append(
          "| %s | %d |"
              .formatted(defect.name().toLowerCase(Locale.ROOT).replace('_', ' '), defect.order()));
      tallies
          .values()
          .forEach(tally -> text.append(" ").append(median(tally, defect)).append(" |"));
      text.append("\n");
    }
    return text.toString().strip();
  }

  private static String median(Tally tally, Planted defect) {
    int trial = medianTrial(tally, defect);
    return trial == Integer.MAX_VALUE ? "-" : Integer.toString(trial);
  }

  private static int medianTrial(Tally tally, Planted defect) {
    List<Integer> sorted = tally.first.getOrDefault(defect, List.of()).stream().sorted().toList();
    return sorted.isEmpty() ? Integer.MAX_VALUE : sorted.get(sorted.size() / 2);
  }

  private static String bars(Map<String, Tally> tallies) {
    Tally random = tallies.values().iterator().next();
    Tally belay = tallies.getOrDefault("**Belay**", random);
    int slowest = 0;
    for (Planted defect : Planted.values()) {
      slowest = defect.order() == 2 ? Math.max(slowest, medianTrial(belay, defect)) : slowest;
    }
    boolean never = BUDGETS.stream().allMatch(budget -> belay.mean(budget) >= random.mean(budget));
    double times = belay.mean(100) / random.mean(100);
    StringBuilder text =
        new StringBuilder("| Belay | needed | reached | met |\n|---|---|---|---|\n");
    row(
        text,
        "distinct defects at 100 trials against random's",
        ">= 2x",
        number(times) + "x",
        times >= 2);
    row(text, "median trials to each defect of two faults", "<= 60", "" + slowest, slowest <= 60);
    row(
        text,
        "false reports",
        "<= 5 %",
        percent(belay.wrong, belay.reports),
        belay.wrong * 20 <= belay.reports);
    row(text, "never worse than random at any budget", "", "", never);
    row(
        text,
        "minimal plan has the faults of the planted trigger",
        ">= 95 %",
        percent(belay.exact, belay.minimal),
        belay.exact * 100 >= belay.minimal * 95);
    return text.toString().strip();
  }

  private static void row(
      StringBuilder text, String what, String needed, String reached, boolean met) {
    text.append("| %s | %s | %s | %s |\n".formatted(what, needed, reached, met ? "yes" : "**no**"));
  }

  private static String percent(int part, int whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }
}
