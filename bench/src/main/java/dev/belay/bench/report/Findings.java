package dev.belay.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Collects what scenarios show. One that breaks off is one that does not hold. For one thread. */
final class Findings {
  private final List<Row> rows = new ArrayList<>();
  private final List<String> log = new ArrayList<>();

  /** What came of a scenario, and whether that is what was expected. */
  record Measured(String text, boolean holds) {}

  /** Runs a scenario. */
  interface Experiment {
    Measured run() throws Exception;
  }

  void expect(String what, String expected, Experiment experiment) throws InterruptedException {
    Measured measured;
    try {
      measured = experiment.run();
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (Exception broken) {
      measured = new Measured("broke off: " + broken, false);
    }
    rows.add(new Row(what, expected, measured.text(), measured.holds()));
  }

  /** Something to show below the table. */
  void log(String line) {
    log.add(line);
  }

  Report report(String name, String title, String about) {
    return new Report(name, title, about, rows, log);
  }
}
