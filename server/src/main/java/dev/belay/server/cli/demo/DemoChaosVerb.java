package dev.belay.server.cli.demo;

import dev.belay.chaos.Defect;
import dev.belay.chaos.report.HtmlReport;
import dev.belay.chaos.report.Report;
import dev.belay.examples.shop.Planted;
import dev.belay.server.cli.shared.Chart;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ProgressBar;
import dev.belay.server.demo.ChaosDemo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** A shop with a dozen planted defects, and who finds them. */
@Command(
    name = "chaos",
    description = {
      "Search a shop of 17 services for the faults that break it: 12 defects are planted in it,",
      "of which 5 take two faults together and 2 take three. By chance, and with Belay."
    },
    footer = {"", "Example:", "  belay demo chaos --trials 200"})
final class DemoChaosVerb implements Callable<Integer> {
  private final Program belay;

  @Option(names = "--seed", defaultValue = "7", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--trials",
      defaultValue = "150",
      description = "For each of the two, 10 to 1000; default: ${DEFAULT-VALUE}.")
  private int trials;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = ".belay/demo-chaos.html",
      description = "Where the report is written; default: ${DEFAULT-VALUE}.")
  private Path report = Path.of("");

  DemoChaosVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException {
    if (trials < 10 || trials > 1_000) {
      throw new IllegalArgumentException("--trials must be in 10..1000, was " + trials);
    }
    ProgressBar chance = new ProgressBar(belay.terminal(), "by chance", trials);
    ProgressBar search = new ProgressBar(belay.terminal(), "Belay", trials);
    ChaosDemo.Outcome outcome =
        new ChaosDemo(seed, trials)
            .run((who, done) -> (who.equals("Belay") ? search : chance).at(done, "trials"));
    PrintWriter out = belay.terminal().out();
    out.println(belay.isJson() ? json(outcome) : text(outcome));
    Path folder = report.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(
        report, HtmlReport.write(Report.of(outcome.belay().view(), outcome.belay().entries())));
    if (!belay.isJson()) {
      out.println("All of it, with the traces, is in %s".formatted(report));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static String json(ChaosDemo.Outcome outcome) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("planted", Planted.values().length);
    all.put("chance", side(outcome.chance()));
    all.put("belay", side(outcome.belay()));
    return JsonMapper.shared().writeValueAsString(all);
  }

  private static Map<String, Object> side(ChaosDemo.Side side) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("trials", side.trials().size());
    one.put("found", side.shown().size());
    one.put("found_after_each_trial", side.found());
    one.put(
        "defects",
        side.view().defects().stream()
            .map(defect ->
                Map.of(
                    "signature", defect.signature(),
                    "trial", defect.trial(),
                    "plan", plan(defect)))
            .toList());
    return one;
  }

  private static String plan(Defect defect) {
    return defect.minimal().map(minimal -> minimal.plan()).orElse(defect.found()).toString();
  }

  private String text(ChaosDemo.Outcome outcome) {
    Chart chart = new Chart(belay.terminal().speaksUnicode());
    StringBuilder text = new StringBuilder();
    text.append("%nDefects found, trial by trial:%n".formatted());
    row(text, chart, "by chance", outcome.chance());
    row(text, chart, "Belay", outcome.belay());
    text.append(
        "%nWhat breaks the shop, boiled down to the fewest and weakest faults:%n".formatted());
    for (Defect defect : outcome.belay().view().defects()) {
      text.append("%n  %s%n".formatted(defect.signature()));
      text.append("    when %s%n".formatted(plan(defect)));
      defect
          .minimal()
          .ifPresent(minimal ->
              text.append(
                  "    in %d of %d tries; found in trial %d, smallest after %d more%n"
                      .formatted(
                          minimal.odds().hits(),
                          minimal.odds().of(),
                          defect.trial(),
                          minimal.runs())));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, Chart chart, String who, ChaosDemo.Side side) {
    List<Double> values = Chart.squeezed(side.found().stream().map(Integer::doubleValue).toList());
    text.append(
        "  %-10s %s  %d of %d%n"
            .formatted(
                who,
                chart.row(values, Planted.values().length),
                side.shown().size(),
                Planted.values().length));
  }
}
