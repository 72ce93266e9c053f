package dev.belay.bench.optimizer;

import dev.belay.chaos.propose.Proposer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/** Runs the race and the measurements of speed; makes the tables. */
public final class OptimizerRun {
  /** Seeds that nothing was tuned with begin here; those for tuning are below 1000. */
  private static final int FIRST = 9000;

  private static final int DRAWS = 2000;

  private final PrintStream out;

  /** Prints there. */
  public OptimizerRun(PrintStream out) {
    this.out = out;
  }

  /** Runs all; fewer seeds if {@code quick}. */
  public String run(boolean quick) throws InterruptedException {
    String speed = new Speed().run();
    out.println(speed);
    int seeds = quick ? 10 : 40;
    String difficulty = difficulty(seeds);
    return String.join("\n\n", speed, difficulty, race(new Race(FIRST, seeds), Race.contestants()));
  }

  /** Runs with the seeds for tuning and with some contestants only; prints, keeps nothing. */
  public void tune(int firstSeed, int seeds, List<String> names) throws InterruptedException {
    Map<String, Proposer> chosen = new java.util.LinkedHashMap<>(Race.contestants());
    chosen.keySet().retainAll(names);
    var unused = race(new Race(firstSeed, seeds), chosen);
  }

  private String difficulty(int variants) {
    List<String> lines = new ArrayList<>();
    add(
        lines,
        "| sparse problem | dimensions | healthy points, % | points at the goal, % | spread evenly, come to it in 60 trials at most, % | in 100, % |");
    add(lines, "|---|---:|---:|---:|---:|---:|");
    for (int family = Race.SPARSE; family < Race.FAMILIES; family++) {
      Difficulty one = Difficulty.of(family, FIRST, variants);
      add(
          lines,
          "| %s | %d | %.0f | %.2f | %.0f | %.0f |"
              .formatted(
                  one.name(),
                  one.dimensions(),
                  100 * one.healthy(),
                  100 * one.goals(),
                  100 * one.soon(),
                  100 * one.late()));
    }
    return String.join("\n", lines);
  }

  private String race(Race race, Map<String, Proposer> contestants) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    add(
        lines,
        "| problem | contestant | best at 20 | 40 | 60 | 100 (quartiles) | reach in 60, % | in 100, % | trials to goal | bugs |");
    add(lines, "|---|---|---:|---:|---:|---|---|---|---:|---|");
    for (int family = 0; family < Race.FAMILIES; family++) {
      for (Map.Entry<String, Proposer> one : contestants.entrySet()) {
        List<Race.Run> runs = race.runs(family, one.getValue());
        add(lines, row(Race.problem(family, 0), one.getKey(), runs));
      }
    }
    return String.join("\n", lines);
  }

  private void add(List<String> lines, String line) {
    lines.add(line);
    out.println(line);
  }

  private static String row(Problem problem, String name, List<Race.Run> runs) {
    double reached = percentile(runs, 50, run -> run.reached(problem.goal()));
    boolean planted = problem.name().equals("islands") || problem.name().equals("pairs");
    return "| %s | %s | %.2f | %.2f | %.2f | %.2f (%.2f to %.2f) | %s | %s | %s | %s |"
        .formatted(
            problem.name(),
            name,
            percentile(runs, 50, run -> run.best().get(19)),
            percentile(runs, 50, run -> run.best().get(39)),
            percentile(runs, 50, run -> run.best().get(59)),
            percentile(runs, 50, run -> run.best().get(99)),
            percentile(runs, 25, run -> run.best().get(99)),
            percentile(runs, 75, run -> run.best().get(99)),
            interval("%.0f", runs, run -> run.reached(problem.goal()) <= 60 ? 100 : 0),
            interval("%.0f", runs, run -> run.reached(problem.goal()) <= 100 ? 100 : 0),
            reached > Race.TRIALS ? "-" : "%.0f".formatted(reached),
            planted ? interval("%.2f", runs, Race.Run::bugs) : "");
  }

  private interface Figure {
    double of(Race.Run run);
  }

  /** The mean with its 90 % interval, from drawing the runs again and again. */
  private static String interval(String format, List<Race.Run> runs, Figure figure) {
    double[] all = runs.stream().mapToDouble(figure::of).toArray();
    SplittableRandom random = new SplittableRandom(1);
    double[] means = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      for (int i = 0; i < all.length; i++) {
        means[draw] += all[random.nextInt(all.length)] / all.length;
      }
    }
    return (format + " (" + format + " to " + format + ")")
        .formatted(
            new Mean().evaluate(all),
            new Percentile().evaluate(means, 5),
            new Percentile().evaluate(means, 95));
  }

  private static double percentile(List<Race.Run> runs, double percent, Figure figure) {
    return new Percentile().evaluate(runs.stream().mapToDouble(figure::of).toArray(), percent);
  }
}
