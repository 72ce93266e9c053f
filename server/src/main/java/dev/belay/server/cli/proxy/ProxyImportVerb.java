package dev.belay.server.cli.proxy;

import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.proxy.health.HealthReport;
import dev.belay.proxy.health.HealthSettings.Probe;
import dev.belay.proxy.source.ListRules;
import dev.belay.proxy.source.ProxyList;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ProgressBar;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.server.remote.Control;
import dev.belay.server.remote.ProxyItems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code belay proxy import}: a whole list, each proxy once, and only those that work if asked. */
@Command(
    name = "import",
    description = {
      "Add a list of proxies, in text, CSV or JSON, to the pool of a running server.",
      "Ends with 1 if lines were refused; proxies that were there already are no error."
    },
    footer = {"", "Example:", "  belay proxy import proxies.csv --check --tag free"})
final class ProxyImportVerb implements Callable<Integer> {
  private static final int AT_ONCE = 500;

  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private TraitOptions traits = new TraitOptions();

  @Mixin private CheckOptions options = new CheckOptions();

  @Parameters(arity = "1", paramLabel = "FILE", description = "The list; - for standard input.")
  private String file = "";

  @Option(
      names = "--scheme",
      paramLabel = "SCHEME",
      defaultValue = "HTTP",
      description = "Of proxies that name none: http, https, socks4, socks4a, socks5, socks5h.")
  private ProxyAddress.Scheme scheme = ProxyAddress.Scheme.HTTP;

  @Option(
      names = "--check",
      description = "Check them from here first, and add only those that work.")
  private boolean check;

  /** What became of the list. For one thread. */
  private static final class Result {
    private final List<Map<String, String>> bad = new ArrayList<>();
    private final List<Map<String, String>> refused = new ArrayList<>();
    private int added;
    private int known;
    private int duplicates;
    private int refusedCount;
  }

  ProxyImportVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    Terminal terminal = belay.terminal();
    ListRules rules = new ListRules(scheme, traits.traits(), true);
    Probe probe = options.probe(Probe.DEFAULT);
    int parallel = options.parallel();
    Result result = new Result();
    try (Control control = server.connect(terminal)) {
      ProxyList list = ProxyFile.read(spec, terminal, file, rules);
      result.duplicates = list.duplicates();
      result.refusedCount = list.refusedCount();
      list.refused().forEach(line -> result.refused.add(refusal(line.place(), line.reason())));
      // whoever checks for minutes wants to know before that nobody will take what is found
      control.get("/api/v1/proxies", Map.of("size", "1"));
      List<Entry> good = check ? working(list.entries(), probe, parallel, result) : list.entries();
      add(control, good, result);
    }
    report(result);
    return result.refusedCount == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private static Map<String, String> refusal(String place, String reason) {
    return Map.of("place", place, "reason", reason);
  }

  private List<Entry> working(List<Entry> entries, Probe probe, int parallel, Result result)
      throws InterruptedException {
    List<Entry> working = new ArrayList<>();
    try (Checks checks = new Checks(belay.terminal(), probe)) {
      List<HealthReport> reports =
          checks.run(entries.stream().map(Entry::address).toList(), parallel);
      for (int i = 0; i < reports.size(); i++) {
        if (reports.get(i).isWorking()) {
          working.add(entries.get(i));
        } else {
          result.bad.add(refusal(reports.get(i).proxy(), reports.get(i).message()));
        }
      }
    }
    return working;
  }

  private void add(Control control, List<Entry> entries, Result result)
      throws InterruptedException {
    ProgressBar bar = new ProgressBar(belay.terminal(), "imported", entries.size());
    for (int from = 0; from < entries.size(); from += AT_ONCE) {
      List<Entry> some = entries.subList(from, Math.min(entries.size(), from + AT_ONCE));
      JsonNode answer = control.post("/api/v1/proxies/import", ProxyItems.many(some));
      result.added += answer.path("added_count").asInt(0);
      result.known += answer.path("known_count").asInt(0);
      result.refusedCount += answer.path("refused_count").asInt(0);
      answer
          .path("refused")
          .forEach(line -> {
            int place = line.path("line").asInt(1);
            String name = some.get(Math.clamp(place, 1, some.size()) - 1).address().url();
            result.refused.add(refusal(name, line.path("reason").asString("")));
          });
      bar.at(from + some.size(), "added %d".formatted(result.added));
    }
  }

  private void report(Result result) {
    if (belay.isJson()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("added_count", result.added);
      answer.put("known_count", result.known);
      answer.put("duplicate_count", result.duplicates);
      answer.put("bad_count", result.bad.size());
      answer.put("refused_count", result.refusedCount);
      answer.put("bad", result.bad);
      answer.put("refused", result.refused);
      Json.print(belay.terminal(), answer);
      return;
    }
    Terminal terminal = belay.terminal();
    tell(terminal, "not taken", result.refused);
    int untold = result.refusedCount - result.refused.size();
    if (untold > 0) {
      terminal.err().println("not taken: %d more".formatted(untold));
    }
    tell(terminal, "bad", result.bad);
    terminal
        .out()
        .println(
            "added %d, known %d, twice in the list %d, bad %d, refused %d"
                .formatted(
                    result.added,
                    result.known,
                    result.duplicates,
                    result.bad.size(),
                    result.refusedCount));
  }

  private static void tell(Terminal terminal, String what, List<Map<String, String>> lines) {
    lines.forEach(line ->
        terminal
            .err()
            .println("%s: %s: %s".formatted(what, line.get("place"), line.get("reason"))));
  }
}
