package dev.belay.server.cli.proxy;

import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.proxy.health.HealthLevel;
import dev.belay.proxy.health.HealthReport;
import dev.belay.proxy.health.HealthSettings.Probe;
import dev.belay.proxy.source.ListRules;
import dev.belay.proxy.source.ProxyList;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.remote.Control;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code belay proxy test}: which proxies work, as seen from here. */
@Command(
    name = "test",
    description = {
      "Check proxies from this machine, with their own credentials; needs no server.",
      "Ends with 1 if one is bad."
    },
    footer = {
      "",
      "Example:",
      "  belay proxy test --file proxies.txt --level http --target http://example.com/",
      "  belay proxy test --all -c belay.yaml",
      "  belay proxy test --all --by-server"
    })
final class ProxyTestVerb implements Callable<Integer> {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private CheckOptions options = new CheckOptions();

  @Parameters(arity = "0..*", paramLabel = "URL", description = "Proxies.")
  private List<String> urls = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A list of proxies in text, CSV or JSON; - for standard input.")
  private @Nullable String file;

  @Option(
      names = "--all",
      description =
          "The pool of --config, or else of the running server, which keeps passwords to itself:"
              + " proxies that need one are then checked at level tcp only.")
  private boolean all;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "For --all; proxy.health in it says how to check, where no option does.")
  private @Nullable Path config;

  @Option(
      names = "--by-server",
      description =
          "With --all: the running server does it, with its passwords and by its proxy.health.")
  private boolean byServer;

  /**
   * A proxy to be checked.
   *
   * @param address may lack the user that is in the name
   */
  private record Suspect(String id, String name, ProxyAddress address) {}

  ProxyTestVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    int ways = (urls.isEmpty() ? 0 : 1) + (file == null ? 0 : 1) + (all ? 1 : 0);
    if (ways != 1) {
      throw new ParameterException(
          spec.commandLine(), "say which proxies to test: URLs, or --file, or --all");
    }
    if (byServer) {
      return byServer();
    }
    BelayConfig configured =
        config == null
            ? BelayConfig.DEFAULT
            : BelayConfig.load(config, belay.terminal().environment());
    int parallel = options.parallel();
    Probe probe = options.probe(configured.proxy().upkeep().health().probe());
    Findings findings = findings(configured, probe, parallel);
    findings.print(belay.terminal(), belay.isJson());
    return findings.areGood() ? ExitCode.OK : ExitCode.FAILED;
  }

  private int byServer() throws InterruptedException {
    if (!all || config != null) {
      throw new ParameterException(
          spec.commandLine(), "--by-server goes with --all, and without --config");
    }
    try (Control control = server.connect(belay.terminal())) {
      List<String> ids =
          control.pages(ProxyListVerb.PATH, "proxies", Map.of(), Integer.MAX_VALUE).stream()
              .map(proxy -> proxy.path("id").asString(""))
              .toList();
      List<JsonNode> found = ServerChecks.run(belay.terminal(), control, ids);
      String level = found.isEmpty() ? "tcp" : found.getFirst().path("level").asString("tcp");
      Findings findings = new Findings(HealthLevel.valueOf(level.toUpperCase(Locale.ROOT)));
      found.forEach(findings::add);
      findings.print(belay.terminal(), belay.isJson());
      return findings.areGood() ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private Findings findings(BelayConfig configured, Probe probe, int parallel)
      throws InterruptedException {
    Findings findings = new Findings(probe.level());
    String list = file;
    if (list != null) {
      ProxyList read = ProxyFile.read(spec, belay.terminal(), list, ListRules.DEFAULT);
      findings.refuse(read);
      check(findings, probe, parallel, suspects(addresses(read.entries())));
    } else if (!all) {
      check(findings, probe, parallel, suspects(Addresses.read(spec, urls)));
    } else if (config != null) {
      check(findings, probe, parallel, suspects(addresses(configured.proxy().pool())));
    } else {
      check(findings, probe, parallel, ofServer(findings, probe.level()));
    }
    return findings;
  }

  private static List<ProxyAddress> addresses(List<Entry> entries) {
    return entries.stream().map(Entry::address).toList();
  }

  private static List<Suspect> suspects(List<ProxyAddress> addresses) {
    return addresses.stream()
        .map(address -> new Suspect(address.id(), address.url(), address))
        .toList();
  }

  private void check(Findings findings, Probe probe, int parallel, List<Suspect> suspects)
      throws InterruptedException {
    try (Checks checks = new Checks(belay.terminal(), probe)) {
      List<HealthReport> reports =
          checks.run(suspects.stream().map(Suspect::address).toList(), parallel);
      for (int i = 0; i < reports.size(); i++) {
        findings.add(suspects.get(i).id(), suspects.get(i).name(), reports.get(i));
      }
    }
  }

  /** Those that can be checked from here; of the others it is noted why not. */
  private List<Suspect> ofServer(Findings findings, HealthLevel level) throws InterruptedException {
    List<JsonNode> pool;
    try (Control control = server.connect(belay.terminal())) {
      pool = control.pages(ProxyListVerb.PATH, "proxies", Map.of(), Integer.MAX_VALUE);
    }
    List<Suspect> proxies = new ArrayList<>();
    for (JsonNode proxy : pool) {
      String id = proxy.path("id").asString("");
      String name = proxy.path("url").asString("");
      if (level == HealthLevel.TCP || !proxy.path("has_credentials").asBoolean(false)) {
        proxies.add(new Suspect(id, name, ProxyAddress.parse(name)));
      } else {
        findings.skip(id, name, "only the server knows its password; test it by --by-server");
      }
    }
    return proxies;
  }
}
