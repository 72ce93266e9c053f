package dev.belay.bench.report;

import dev.belay.bench.llm.Overhead;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs all scenarios and writes a page for each group, and one that sums them up. */
public final class LlmReports {
  private final PrintStream out;
  private final Path folder;

  /** Prints there, and writes pages into the folder, which is made if it is missing. */
  public LlmReports(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  /** All groups, in the order in which they are listed. */
  static List<Report> all() throws InterruptedException {
    return List.of(
        new RetryScenarios().run(),
        new EscalationScenarios().run(),
        new IntegrationScenarios().run(),
        new EdgeScenarios().run());
  }

  /**
   * Runs them.
   *
   * @param quick leaves out the overhead, which takes a minute
   * @return whether all scenarios hold; the overhead is a figure and not a scenario
   */
  public boolean run(boolean quick) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<Report> all = all();
    for (Report report : all) {
      write(report.name(), report.markdown());
      for (Row row : report.rows()) {
        out.println(row.markdown());
      }
    }
    String overhead = quick ? "Not measured in this run." : Overhead.bars(out).run().markdown();
    write("summary", summary(all, overhead));
    return all.stream().allMatch(Report::holds);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name + ".md"), text);
  }

  private static String summary(List<Report> all, String overhead) {
    List<String> lines = new ArrayList<>();
    lines.add("# Verification of calls to models");
    lines.add("");
    lines.add("Written by `bench/run llm-reports`, which runs all of it anew.");
    lines.add("");
    lines.add("| where | what | expected | measured | |");
    lines.add("|---|---|---|---|---|");
    for (Report report : all) {
      for (Row row : report.rows()) {
        lines.add("| [%s](%s.md) ".formatted(report.name(), report.name()) + row.markdown());
      }
    }
    long rows = all.stream().mapToLong(report -> report.rows().size()).sum();
    long failed =
        all.stream().flatMap(report -> report.rows().stream()).filter(row -> !row.holds()).count();
    lines.add("");
    lines.add("%d of %d scenarios hold.".formatted(rows - failed, rows));
    lines.add("");
    lines.add("## Overhead");
    lines.add("");
    lines.add(
        "What a checked call adds to a direct one, where the bars are (at 20 ms below 10 % and 0.5 ms"
            + " at the median); more of it, and how to read it, in"
            + " [benchmarks.md](../benchmarks.md#calls-to-models).");
    lines.add("");
    lines.add(overhead);
    return String.join("\n", lines) + "\n";
  }
}
