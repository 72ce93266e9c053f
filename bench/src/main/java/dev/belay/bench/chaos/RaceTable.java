package dev.belay.bench.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a race on one ground, as Markdown.
 *
 * @param tallies by entrant; the first one is chance, the last one is the one that has bars to meet
 */
record RaceTable(Map<String, Tally> tallies) {

  /** A promise, and whether it was kept. */
  private record Bar(String what, String needed, String reached, boolean met) {}

  private Tally chance() {
    return tallies.values().iterator().next();
  }

  private Tally belay() {
    return List.copyOf(tallies.values()).getLast();
  }

  static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String percent(int part, int whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  String markdown() {
    return means() + "\n\n" + byKind() + "\n\n" + barTable();
  }

  private String means() {
    StringBuilder text = new StringBuilder();
    text.append("| search | seeds | 25 | 50 | 100 | 200 | 400 | area | all found | A | p |");
    text.append(" false reports | minimal is planted | s per 1,000 trials |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    tallies.forEach((name, tally) -> {
      text.append("| %s | %d |".formatted(name, tally.runs()));
      Tally.BUDGETS.forEach(
          budget -> text.append(" ").append(number(tally.mean(budget))).append(" |"));
      text.append(
          " %s | %s | %s | %s | %s | %s | %s |%n"
              .formatted(
                  number(tally.area(100)),
                  tally.at(400).isEmpty() ? "-" : number(tally.allFound()),
                  number(tally.oddsAgainst(chance())),
                  tally == chance() ? "-" : likely(tally.chanceOfDiffering(chance())),
                  of(tally.wrong(), tally.reports()),
                  of(tally.exact(), tally.minimal()),
                  number(tally.seconds() * 1_000 / tally.runs() / trials(tally))));
    });
    return text.toString().strip();
  }

  private static String likely(double odds) {
    return odds < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", odds);
  }

  private static int trials(Tally tally) {
    return Tally.BUDGETS.stream()
        .filter(budget -> !tally.at(budget).isEmpty())
        .reduce(1, Math::max);
  }

  private static String of(int part, int whole) {
    return whole == 0 ? "-" : "%d of %d".formatted(part, whole);
  }

  private String byKind() {
    StringBuilder text = new StringBuilder("| defect | faults |");
    tallies.keySet().forEach(name -> text.append(" ").append(name).append(" |"));
    text.append("\n|---|---|").append("---|".repeat(tallies.size())).append("\n");
    chance()
        .orders()
        .forEach((kind, order) -> {
          text.append("| %s | %d |".formatted(kind, order));
          tallies
              .values()
              .forEach(tally -> text.append(" ").append(trials(tally, kind)).append(" |"));
          text.append("\n");
        });
    return text.toString().strip();
  }

  /** The median, and the quartiles if there are any. */
  private static String trials(Tally tally, String kind) {
    String median = trial(tally.quartile(kind, 2));
    int first = tally.quartile(kind, 1);
    return first == Integer.MAX_VALUE
        ? median
        : "%s (%s to %s)".formatted(median, trial(first), trial(tally.quartile(kind, 3)));
  }

  private static String trial(int trial) {
    return trial == Integer.MAX_VALUE ? "-" : Integer.toString(trial);
  }

  private List<Bar> bars() {
    Tally belay = belay();
    Tally chance = chance();
    int slowest =
        belay.orders().entrySet().stream()
            .filter(kind -> kind.getValue() == 2)
            .mapToInt(kind -> belay.quartile(kind.getKey(), 2))
            .max()
            .orElse(0);
    double times = belay.mean(100) / chance.mean(100);
    boolean never =
        Tally.BUDGETS.stream().allMatch(budget -> belay.mean(budget) >= chance.mean(budget));
    List<Bar> bars = new ArrayList<>();
    bars.add(
        new Bar(
            "distinct defects at 100 trials against random's",
            ">= 2x",
            number(times) + "x",
            times >= 2));
    bars.add(
        new Bar(
            "median trials to each defect of two faults", "<= 60", trial(slowest), slowest <= 60));
    bars.add(
        new Bar(
            "false reports",
            "<= 5 %",
            percent(belay.wrong(), belay.reports()),
            belay.wrong() * 20 <= belay.reports()));
    bars.add(new Bar("never worse than random at any budget", "", "", never));
    bars.add(
        new Bar(
            "minimal plan is the planted trigger",
            ">= 95 %",
            percent(belay.exact(), belay.minimal()),
            belay.exact() * 100 >= belay.minimal() * 95));
    return bars;
  }

  /** Whether all that is promised was kept. */
  boolean isMet() {
    return bars().stream().allMatch(Bar::met);
  }

  private String barTable() {
    StringBuilder text =
        new StringBuilder("| Belay | needed | reached | met |\n|---|---|---|---|\n");
    for (Bar bar : bars()) {
      text.append(
          "| %s | %s | %s | %s |\n"
              .formatted(bar.what(), bar.needed(), bar.reached(), bar.met() ? "yes" : "**no**"));
    }
    return text.toString().strip();
  }
}
