package dev.belay.bench.chaos;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.trace.Calls;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.sim.Between;
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
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The same search of the same shop, with and without Belay between its services: what retries spare
 * the shop, and what they cost it.
 */
public final class BetweenShop {
  private static final int HEALTHY = 30;
  private static final int TRIALS = 100;
  private static final int FIRST_SEED = 1_000;

  private final PrintStream out;
  private final int seeds;

  /**
   * A comparison.
   *
   * @param seeds how many searches of each kind
   */
  public BetweenShop(PrintStream out, int seeds) {
    this.out = out;
    this.seeds = seeds;
  }

  private record Entrant(String name, Between between, UnaryOperator<FaultPlan> faults) {}

  /** What the searches of one entrant came to. */
  private static final class Tally {
    private final Map<Planted, Integer> found = new EnumMap<>(Planted.class);
    private final Set<String> wrong = new TreeSet<>();
    private int reports;
    private int falseReports;
    private int trials;
    private long calls;
    private double most;
    private long nanos;
    private double usual;
  }

  /** What passes by: each fault strikes one call, and not the next. */
  private static FaultPlan passing(FaultPlan plan) {
    List<Fault> faults =
        plan.faults().stream()
            .map(fault ->
                new Fault(
                    fault.edge(),
                    fault.effect(),
                    fault.match(),
                    fault.percentage(),
                    fault.startDelay(),
                    new Fault.Hits(fault.hits().skip(), 1)))
            .toList();
    return new FaultPlan(faults, plan.life());
  }

  /** Runs all; gives tables. */
  public String run() throws InterruptedException {
    Between with = Between.everywhere();
    List<Entrant> entrants =
        List.of(
            new Entrant("faults that last", Between.NOTHING, plan -> plan),
            new Entrant("… with Belay", with, plan -> plan),
            new Entrant("… with Belay, budget 1", with.withBudget(1), plan -> plan),
            new Entrant("faults that pass", Between.NOTHING, BetweenShop::passing),
            new Entrant("… with Belay ", with, BetweenShop::passing));
    Map<String, Tally> tallies = new LinkedHashMap<>();
    for (Entrant entrant : entrants) {
      Tally tally = new Tally();
      for (int i = 0; i < seeds; i++) {
        one(entrant, FIRST_SEED + i, tally);
      }
      tallies.put(entrant.name(), tally);
      out.println("%s: %s".formatted(entrant.name().strip(), tally.found));
    }
    return table(tallies) + "\n\n" + byDefect(tallies);
  }

  private static void one(Entrant entrant, long seed, Tally tally) throws InterruptedException {
    SimShop shop = new SimShop(EnumSet.allOf(Planted.class), seed, entrant.between());
    List<Observation> healthy = new ArrayList<>();
    for (int i = 0; i < HEALTHY; i++) {
      healthy.add(shop.run(FaultPlan.NONE));
    }
    tally.usual = calls(healthy.getFirst());
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    HybridSearch search = new HybridSearch(ShopExperiment.space(), healthy, seed);
    Map<String, Set<Planted>> truth = new HashMap<>();
    for (int trial = 1; trial <= TRIALS; trial++) {
      Optional<Proposal> proposal = search.next();
      if (proposal.isEmpty()) {
        break;
      }
      Observation seen = shop.run(entrant.faults().apply(proposal.get().plan()));
      count(seen, tally);
      search
          .saw(trial, seen, analyzer.score(proposal.get().plan(), seen))
          .failure()
          .ifPresent(failure ->
              truth
                  .computeIfAbsent(failure, none -> EnumSet.noneOf(Planted.class))
                  .addAll(shop.shown()));
    }
    judge(search.defects(), truth, tally);
  }

  private static long calls(Observation seen) {
    return seen.trace().map(trace -> (long) Calls.of(trace).size()).orElse(0L);
  }

  private static void count(Observation seen, Tally tally) {
    long calls = calls(seen);
    tally.trials++;
    tally.calls += calls;
    tally.most = Math.max(tally.most, calls / tally.usual);
    tally.nanos += seen.reply().latency().map(latency -> latency.toNanos()).orElse(0L);
  }

  private static void judge(List<Defect> defects, Map<String, Set<Planted>> truth, Tally tally) {
    Set<Planted> found = EnumSet.noneOf(Planted.class);
    for (Defect defect : defects) {
      Set<Planted> real = truth.getOrDefault(defect.signature(), Set.of());
      tally.reports++;
      found.addAll(real);
      if (real.isEmpty()) {
        tally.falseReports++;
        tally.wrong.add(defect.signature());
      }
    }
    found.forEach(defect -> tally.found.merge(defect, 1, Integer::sum));
  }

  private String table(Map<String, Tally> tallies) {
    StringBuilder text = new StringBuilder();
    text.append(
        "Means over %d seeds from %d on, %d trials each.%n%n".formatted(seeds, FIRST_SEED, TRIALS));
    text.append("| | defects of %d found | reports of what was not planted |");
    text.append(" calls of a trial against a healthy one | the most | answer after |\n");
    text.append("|---|---|---|---|---|---|\n");
    String head = text.toString().formatted(Planted.values().length);
    StringBuilder rows = new StringBuilder(head);
    tallies.forEach((name, tally) ->
        rows.append(
            "| %s | %s | %d of %d%s | %sx | %sx | %d ms |%n"
                .formatted(
                    name.strip(),
                    number(
                        tally.found.values().stream().mapToInt(Integer::intValue).sum()
                            / (double) seeds),
                    tally.falseReports,
                    tally.reports,
                    tally.wrong.isEmpty() ? "" : " (" + names(tally.wrong) + ")",
                    number(tally.calls / (double) tally.trials / tally.usual),
                    number(tally.most),
                    tally.nanos / tally.trials / 1_000_000)));
    return rows.toString().strip();
  }

  private static String names(Set<String> signatures) {
    return String.join(
        ", ", signatures.stream().map(name -> "`" + name.replace("|", "\\|") + "`").toList());
  }

  private String byDefect(Map<String, Tally> tallies) {
    StringBuilder text =
        new StringBuilder("Searches of " + seeds + " that found it:\n\n| defect |");
    tallies.keySet().forEach(name -> text.append(" ").append(name.strip()).append(" |"));
    text.append("\n|---|").append("---|".repeat(tallies.size())).append("\n");
    for (Planted defect : Planted.values()) {
      text.append("| %s |".formatted(defect.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
      tallies
          .values()
          .forEach(
              tally -> text.append(" ").append(tally.found.getOrDefault(defect, 0)).append(" |"));
      text.append("\n");
    }
    return text.toString().strip();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
