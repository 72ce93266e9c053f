package dev.belay.server.cli.demo;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.demo.ProxyDemo;
import dev.belay.server.demo.ProxyDemo.Outcome;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a newcomer runs first. */
@Command(
    name = "demo",
    description = "Send the same traffic through eight bad proxies, without and with Belay.",
    footer = {"", "Example:", "  belay demo --keep", "  belay demo llm"})
public final class DemoVerb implements Callable<Integer> {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--requests",
      defaultValue = "600",
      description = "10 to 100000; default: ${DEFAULT-VALUE}.")
  private int requests;

  @Option(names = "--keep", description = "Go on serving afterwards, until stopped.")
  private boolean keep;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Belay's HTTP port; 0, the default, for any free one.")
  private int port;

  DemoVerb(Program belay) {
    this.belay = belay;
  }

  /**
   * With the demos of other rooms below it.
   *
   * @param belay whose verb it becomes
   */
  public static CommandLine withVerbs(Program belay) {
    return new CommandLine(new DemoVerb(belay))
        .addSubcommand(new DemoLlmVerb(belay))
        .addSubcommand(new DemoFlowVerb(belay))
        .addSubcommand(new DemoChaosVerb(belay));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (requests < 10 || requests > 100_000) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--requests must be 10 to 100000, was " + requests);
    }
    PrintWriter out = belay.terminal().out();
    boolean json = belay.isJson();
    try (ProxyDemo demo = ProxyDemo.start(seed, requests, port, 0)) {
      if (!json) {
        introduce(out);
      }
      LiveLine line = new LiveLine(belay.terminal());
      Outcome outcome = demo.run(line::at);
      out.println(json ? json(outcome) : table(outcome));
      if (!json) {
        out.println(invitation(demo));
      }
      out.flush();
      if (keep) {
        serveUntilStopped();
      }
    }
    return ExitCode.OK;
  }

  private static void introduce(PrintWriter out) {
    out.println("Eight proxies on this machine, each with a habit:");
    ProxyDemo.habits().forEach((name, habit) -> out.println("  %-8s %s".formatted(name, habit)));
    out.println();
    out.flush();
  }

  private static String json(Outcome outcome) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("seed", outcome.seed());
    all.put("plain", outcome.plain());
    all.put("belay", outcome.belay());
    return new JsonObject(all).encode();
  }

  private static String table(Outcome outcome) {
    StringBuilder table = new StringBuilder();
    table.append("%n%-34s %16s %12s%n".formatted("", "random rotation", "belay"));
    row(table, "success rate", "%.1f %%", percent(outcome.plain()), percent(outcome.belay()));
    for (String share : new String[] {"p50", "p95", "p99"}) {
      String key = share + "_ms";
      row(
          table,
          share + " of good answers",
          "%.0f ms",
          of(outcome.plain(), key),
          of(outcome.belay(), key));
    }
    row(
        table,
        "attempts per success",
        "%.2f",
        perSuccess(outcome.plain()),
        perSuccess(outcome.belay()));
    row(
        table,
        "attempts wasted on bad proxies",
        "%.0f",
        of(outcome.plain(), "wasted_attempts"),
        of(outcome.belay(), "wasted_attempts"));
    return table.toString();
  }

  private static void row(
      StringBuilder table, String what, String form, double left, double right) {
    table.append(
        "%-34s %16s %12s%n"
            .formatted(
                what,
                String.format(Locale.ROOT, form, left),
                String.format(Locale.ROOT, form, right)));
  }

  private static double of(Map<String, Object> side, String key) {
    return side.get(key) instanceof Number number ? number.doubleValue() : 0;
  }

  private static double percent(Map<String, Object> side) {
    return 100 * of(side, "success_rate");
  }

  private static double perSuccess(Map<String, Object> side) {
    double good = of(side, "success_rate") * of(side, "requests");
    return good == 0 ? 0 : of(side, "attempts") / good;
  }

  private String invitation(ProxyDemo demo) {
    String curl =
        "curl -x http://127.0.0.1:%d http://127.0.0.1:%d/hello"
            .formatted(demo.port(), demo.originPort());
    return keep
        ? "Belay goes on serving; in another terminal: %s%nStop it with Ctrl-C.".formatted(curl)
        : "Run `./belay demo --keep --port 8118` and it goes on serving: point curl at it with"
            + " `-x http://127.0.0.1:8118`.%nWith proxies of your own, put them into belay.yaml,"
                .formatted()
            + " run `./belay serve -c belay.yaml`, and set http_proxy=http://127.0.0.1:8118.";
  }

  private static void serveUntilStopped() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    Thread serving = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  told.countDown();
                  try {
                    serving.join(10_000);
                  } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                  }
                },
                "belay-stop"));
    told.await();
  }
}
