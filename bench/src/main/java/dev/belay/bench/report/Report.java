package dev.belay.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One page.
 *
 * @param name of the file, without its end
 * @param title of the page
 * @param about what the scenarios have in common
 * @param rows one for each scenario
 * @param log lines that were seen while they ran
 */
record Report(String name, String title, String about, List<Row> rows, List<String> log) {
  Report {
    rows = List.copyOf(rows);
    log = List.copyOf(log);
  }

  boolean holds() {
    return rows.stream().allMatch(Row::holds);
  }

  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("# " + title);
    lines.add("");
    lines.add("Written by `bench/run llm-reports`, which runs all of it anew. " + about);
    lines.add("");
    lines.add("| what | expected | measured | |");
    lines.add("|---|---|---|---|");
    rows.forEach(row -> lines.add(row.markdown()));
    if (!log.isEmpty()) {
      lines.add("");
      lines.add("What was seen meanwhile:");
      lines.add("");
      lines.add("```text");
      lines.addAll(log);
      lines.add("```");
    }
    return String.join("\n", lines) + "\n";
  }
}
