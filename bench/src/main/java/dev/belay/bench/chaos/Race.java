package dev.belay.bench.chaos;

import dev.belay.Time;
import dev.belay.chaos.Defect;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.propose.LatinHypercube;
import dev.belay.chaos.propose.Portfolio;
import dev.belay.chaos.propose.RandomForestEi;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.search.RandomSearch;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Searches of systems with planted defects, each with the same seeds and numbers of trials. Each
 * run of a system counts, whatever it is for. What was found is what the system itself knows.
 */
public final class Race {
  private static final int HEALTHY = 30;

  /** How often a smallest plan is tried again: some show their defect in three of ten cases. */
  private static final int AGAIN = 20;

  private static final int FOREST_SEEDS = 20;
  private static final int FOREST_TRIALS = 200;
  private static final int TRIALS = 400;
  private static final String BELAY = "**Belay**";

  private final PrintStream out;
  private final Field field;

  /**
   * Who runs where.
   *
   * @param first the first seed
   * @param seeds how many each entrant runs with
   * @param ground the name of the only ground; empty for all
   * @param onlyBelay whether all but chance and Belay stay at home, which is quicker
   */
  public record Field(long first, int seeds, String ground, boolean onlyBelay) {}

  /**
   * What came of it.
   *
   * @param markdown the tables
   * @param met whether all that is promised holds in the shop
   */
  public record Result(String markdown, boolean met) {}

  /** A race. */
  public Race(PrintStream out, Field field) {
    this.out = out;
    this.field = field;
  }

  /** Makes a search for one seed. */
  @FunctionalInterface
  private interface Maker {
    Search make(FaultSpace space, List<Observation> healthy, long seed);
  }

  private record Entrant(String name, Maker maker, int seeds, int trials) {}

  private List<Entrant> entrants() {
    int seeds = field.seeds();
    List<Entrant> all =
        List.of(
            new Entrant("random, 1 to 3 faults", RandomSearch::new, seeds, TRIALS),
            new Entrant(
                "singles, then pairs",
                (space, healthy, seed) -> Levels.exhaustive(space, seed),
                seeds,
                TRIALS),
            new Entrant(
                "pairwise covering rows",
                (space, healthy, seed) -> Levels.pairwise(space, seed),
                seeds,
                TRIALS),
            new Entrant(
                "Latin hypercube",
                (space, healthy, seed) -> ForestSearch.of(space, new LatinHypercube(100), seed),
                seeds,
                TRIALS),
            new Entrant("lineage-driven", Lineage::of, seeds, TRIALS),
            new Entrant(
                "random forest and EI",
                (space, healthy, seed) -> ForestSearch.of(space, new RandomForestEi(10), seed),
                Math.min(seeds, FOREST_SEEDS),
                FOREST_TRIALS),
            new Entrant(
                "Belay's optimizer alone",
                (space, healthy, seed) -> ForestSearch.of(space, new Portfolio(), seed),
                Math.min(seeds, FOREST_SEEDS),
                FOREST_TRIALS),
            new Entrant(BELAY, HybridSearch::new, seeds, TRIALS));
    return field.onlyBelay() ? List.of(all.getFirst(), all.getLast()) : all;
  }

  /** Runs all; gives tables. */
  public Result run() throws InterruptedException {
    StringBuilder text = new StringBuilder();
    text.append(
        "Distinct defects after so many trials, mean over seeds from %d on;"
            .formatted(field.first()));
    text.append(" area: the share of all defects that was known, on average over the first 100");
    text.append(
        " trials; all found: in which share of the runs, with 400; A is the odds that a run");
    text.append(" beats one of random's at 100 trials, a tie counting half, and p how likely such");
    text.append(
        " odds are by chance (Mann and Whitney's test). Below: trials until a defect first");
    text.append(" shows, median and quartiles; `-` if it does not in so many of the runs.");
    boolean met = true;
    for (Ground ground : Ground.all()) {
      if (field.ground().isEmpty() || field.ground().equals(ground.name())) {
        RaceTable table = on(ground);
        text.append(
            "%n%n**%s.** %s defects are planted in it.%n%n"
                .formatted(ground.what(), RaceTable.number(planted(table))));
        text.append(table.markdown());
        met &= !ground.equals(Ground.all().getFirst()) || table.isMet();
      }
    }
    return new Result(text.toString(), met);
  }

  private static double planted(RaceTable table) {
    return table.tallies().values().iterator().next().planted();
  }

  private RaceTable on(Ground ground) throws InterruptedException {
    Map<String, Tally> tallies = new LinkedHashMap<>();
    for (Entrant entrant : entrants()) {
      Tally tally = new Tally();
      long from = Time.system().nanos();
      for (int i = 0; i < entrant.seeds(); i++) {
        one(entrant, ground.courses().apply(field.first() + i), field.first() + i, tally);
      }
      tally.took((Time.system().nanos() - from) / 1e9);
      tallies.put(entrant.name(), tally);
      List<String> means =
          Tally.BUDGETS.stream().map(budget -> RaceTable.number(tally.mean(budget))).toList();
      out.println("%s, %s: %s".formatted(ground.name(), entrant.name(), String.join(" ", means)));
    }
    return new RaceTable(tallies);
  }

  private static void one(Entrant entrant, Course course, long seed, Tally tally)
      throws InterruptedException {
    List<Observation> healthy = new ArrayList<>();
    for (int i = 0; i < HEALTHY; i++) {
      healthy.add(course.run(FaultPlan.NONE));
    }
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    Search search = entrant.maker().make(course.space(), healthy, seed);
    Map<String, Set<Course.Plant>> truth = new HashMap<>();
    Map<Course.Plant, Integer> first = new HashMap<>();
    int number = 0;
    for (int trial = 1; trial <= entrant.trials(); trial++) {
      Optional<Proposal> proposal = search.next();
      if (proposal.isPresent()) {
        number++;
        Observation seen = course.run(proposal.get().plan());
        Set<Course.Plant> shown = course.shown();
        for (Course.Plant plant : shown) {
          first.putIfAbsent(plant, trial);
        }
        search
            .saw(number, seen, analyzer.score(proposal.get().plan(), seen))
            .failure()
            .ifPresent(
                failure -> truth.computeIfAbsent(failure, none -> new HashSet<>()).addAll(shown));
      }
      if (Tally.BUDGETS.contains(trial)) {
        tally.found(trial, first.size());
      }
    }
    if (first.size() == course.planted().size()) {
      tally.foundAll();
    }
    course
        .planted()
        .forEach(plant -> tally.first(plant, first.getOrDefault(plant, Integer.MAX_VALUE)));
    for (Defect defect : search.defects()) {
      Set<Course.Plant> again = new HashSet<>();
      for (int i = 0; i < AGAIN && defect.minimal().isPresent(); i++) {
        Observation unused = course.run(defect.minimal().get().plan());
        again.addAll(course.shown());
      }
      tally.report(defect, truth.getOrDefault(defect.signature(), Set.of()), again);
    }
  }
}
