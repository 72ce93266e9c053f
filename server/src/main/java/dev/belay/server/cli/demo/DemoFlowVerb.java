package dev.belay.server.cli.demo;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.demo.FlowDemo;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.json.JsonMapper;

/** A dozen tasks for agents of which one is down and another has used up its limit. */
@Command(
    name = "flow",
    description = {
      "Let three agents do a dozen tasks while one is down and one has used up its limit,",
      "with the usual retries and breaker, and with Belay."
    },
    footer = {"", "Example:", "  belay demo flow"})
final class DemoFlowVerb implements Callable<Integer> {
  private final Program belay;

  DemoFlowVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = belay.terminal().out();
    boolean json = belay.isJson();
    if (!json) {
      out.println("Three agents on this machine, programs that speak as the real ones do:");
      FlowDemo.habits().forEach(habit -> out.println("  " + habit));
      out.println();
      out.flush();
    }
    FlowDemo.Outcome outcome = new FlowDemo().run(new LiveLine(belay.terminal())::at);
    out.println(json ? json(outcome) : table(outcome));
    out.flush();
    return ExitCode.OK;
  }

  private static String json(FlowDemo.Outcome outcome) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("plain", outcome.plain());
    all.put("belay", outcome.belay());
    return JsonMapper.shared().writeValueAsString(all);
  }

  private static String table(FlowDemo.Outcome outcome) {
    StringBuilder table = new StringBuilder();
    table.append("%n%-38s %14s %10s%n".formatted("", "as usual", "belay"));
    row(table, "tasks done", "%.0f", "completed", outcome);
    row(table, "tasks failed", "%.0f", "failed", outcome);
    row(table, "tasks blocked by them", "%.0f", "blocked", outcome);
    row(table, "attempts", "%.0f", "attempts", outcome);
    row(table, "attempts that failed", "%.0f", "failed_attempts", outcome);
    row(table, "the run took", "%.1f s", "seconds", outcome);
    row(table, "the chain that needs neither took", "%.1f s", "free_chain_seconds", outcome);
    table.append(
        "%nWith agents of your own, write a plan (docs/flow.md), see what it comes to with%n`./belay run --dry-run PLAN`, and carry it out with `./belay run PLAN`."
            .formatted());
    return table.toString();
  }

  private static void row(
      StringBuilder table, String what, String form, String key, FlowDemo.Outcome outcome) {
    table.append(
        "%-38s %14s %10s%n"
            .formatted(
                what,
                String.format(Locale.ROOT, form, of(outcome.plain(), key)),
                String.format(Locale.ROOT, form, of(outcome.belay(), key))));
  }

  private static double of(Map<String, Object> side, String key) {
    return side.get(key) instanceof Number number ? number.doubleValue() : 0;
  }
}
