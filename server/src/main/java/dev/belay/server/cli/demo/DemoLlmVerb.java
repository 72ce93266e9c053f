package dev.belay.server.cli.demo;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.demo.LlmDemo;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A bad day of two providers of models. */
@Command(
    name = "llm",
    description = "Ask two providers of models that have a bad day, without and with Belay.",
    footer = {"", "Example:", "  belay demo llm"})
final class DemoLlmVerb implements Callable<Integer> {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rate",
      defaultValue = "20",
      description = "Questions a second, 1 to 100; default: ${DEFAULT-VALUE}.")
  private int rate;

  DemoLlmVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rate < 1 || rate > 100) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--rate must be 1 to 100, was " + rate);
    }
    PrintWriter out = belay.terminal().out();
    boolean json = belay.isJson();
    if (!json) {
      out.println("Two providers on this machine, each with a bad day:");
      LlmDemo.habits().forEach(habit -> out.println("  " + habit));
      out.println();
      out.flush();
    }
    LiveLine line = new LiveLine(belay.terminal());
    LlmDemo.Outcome outcome = new LlmDemo(rate).run(line::at);
    out.println(json ? json(outcome) : table(outcome));
    out.flush();
    return ExitCode.OK;
  }

  private static String json(LlmDemo.Outcome outcome) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("plain", outcome.plain());
    all.put("belay", outcome.belay());
    return new JsonObject(all).encode();
  }

  private static String table(LlmDemo.Outcome outcome) {
    StringBuilder table = new StringBuilder();
    table.append("%n%-38s %14s %10s%n".formatted("", "one provider", "belay"));
    row(table, "answered well", "%.1f %%", "success_rate", 100, outcome);
    row(table, "p50 of good answers", "%.0f ms", "p50_ms", 1, outcome);
    row(table, "p95 of good answers", "%.0f ms", "p95_ms", 1, outcome);
    row(table, "calls to providers", "%.0f", "calls", 1, outcome);
    row(table, "calls before the time they had asked for", "%.0f", "wasted_calls", 1, outcome);
    row(table, "cut answers that looked whole", "%.0f", "cut_answers", 1, outcome);
    table.append(
        "%nWith providers of your own, put them into belay.yaml (docs/llm.md), run `./belay serve -c belay.yaml`,%nand give your client the base address http://127.0.0.1:8090/v1."
            .formatted());
    return table.toString();
  }

  private static void row(
      StringBuilder table,
      String what,
      String form,
      String key,
      double factor,
      LlmDemo.Outcome outcome) {
    table.append(
        "%-38s %14s %10s%n"
            .formatted(
                what,
                String.format(Locale.ROOT, form, factor * of(outcome.plain(), key)),
                String.format(Locale.ROOT, form, factor * of(outcome.belay(), key))));
  }

  private static double of(Map<String, Object> side, String key) {
    return side.get(key) instanceof Number number ? number.doubleValue() : 0;
  }
}
