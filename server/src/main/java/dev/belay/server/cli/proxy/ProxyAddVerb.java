package dev.belay.server.cli.proxy;

import dev.belay.Endpoint.Traits;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import dev.belay.server.remote.ControlFailed;
import dev.belay.server.remote.ProxyItems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code belay proxy add}: a few proxies more. */
@Command(
    name = "add",
    description = {
      "Add proxies to the pool of a running server, from the next request on.",
      "Others may see a command line: give those with passwords to `belay proxy import -`."
    },
    footer = {
      "",
      "Example:",
      "  belay proxy add socks5h://10.0.0.7:1080 --region US-EAST --tag paid"
    })
final class ProxyAddVerb implements Callable<Integer> {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private TraitOptions options = new TraitOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "URL",
      description =
          "scheme://[user:password@]host:port, with http, https, socks4, socks4a, socks5"
              + " or socks5h.")
  private List<String> urls = new ArrayList<>();

  /** What became of it all. */
  private record Result(List<JsonNode> added, List<Map<String, String>> failed) {}

  ProxyAddVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<ProxyAddress> addresses = Addresses.read(spec, urls);
    Traits traits = options.traits();
    Result result = new Result(new ArrayList<>(), new ArrayList<>());
    try (Control control = server.connect(belay.terminal())) {
      for (ProxyAddress address : addresses) {
        add(control, new Entry(address, traits), result);
      }
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), Map.of("added", result.added(), "failed", result.failed()));
    }
    return result.failed().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void add(Control control, Entry entry, Result result) throws InterruptedException {
    String name = entry.address().url();
    try {
      JsonNode added = control.post(ProxyListVerb.PATH, ProxyItems.one(entry));
      result.added().add(added);
      if (!belay.isJson()) {
        belay.terminal().out().println("added %s  %s".formatted(entry.address().id(), name));
      }
    } catch (ControlFailed refused) {
      if (refused.code().isEmpty() || refused.status() == 401) {
        throw refused;
      }
      String message = String.valueOf(refused.getMessage());
      result.failed().add(Map.of("url", name, "error", refused.code(), "message", message));
      belay.terminal().err().println("not added: %s: %s".formatted(name, message));
    }
  }
}
