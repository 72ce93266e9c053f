package dev.belay.server.cli.proxy;

import dev.belay.http.ProxyAddress;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import dev.belay.server.remote.ControlFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code belay proxy remove}: a few proxies less. */
@Command(
    name = "remove",
    description = "Remove proxies from the pool of a running server; what is under way finishes.",
    footer = {"", "Example:", "  belay proxy remove proxy-1.example:3128"})
final class ProxyRemoveVerb implements Callable<Integer> {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "PROXY",
      description = "An id or a URL as `belay proxy list` shows them, or host:port.")
  private List<String> proxies = new ArrayList<>();

  ProxyRemoveVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Named> wanted = proxies.stream().map(this::named).toList();
    List<String> removed = new ArrayList<>();
    List<Map<String, String>> failed = new ArrayList<>();
    try (Control control = server.connect(belay.terminal())) {
      for (Named one : wanted) {
        try {
          control.delete(ProxyListVerb.PATH + "/" + Control.encode(one.id()));
          removed.add(one.shown());
          if (!belay.isJson()) {
            belay.terminal().out().println("removed " + one.shown());
          }
        } catch (ControlFailed refused) {
          if (refused.code().isEmpty() || refused.status() == 401) {
            throw refused;
          }
          String message = String.valueOf(refused.getMessage());
          failed.add(Map.of("proxy", one.shown(), "error", refused.code(), "message", message));
          belay.terminal().err().println("not removed: %s: %s".formatted(one.shown(), message));
        }
      }
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), Map.of("removed", removed, "failed", failed));
    }
    return failed.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  /**
   * A proxy that somebody named.
   *
   * @param id what the server knows it by
   * @param shown the same without a password
   */
  private record Named(String id, String shown) {}

  private Named named(String text) {
    if (!text.contains("://")) {
      return new Named(text, text);
    }
    try {
      ProxyAddress address = ProxyAddress.parse(text);
      boolean whole = address.credentials().isPresent();
      return new Named(whole ? address.id() : address.url(), address.url());
    } catch (IllegalArgumentException noWholeUrl) {
      // a user without a password
      return ProxyAddress.idOf(text)
          .filter(id -> !text.substring(0, text.lastIndexOf('@') + 1).matches("[^:]*://.*:.*"))
          .map(id -> new Named(id, text))
          .orElseThrow(() ->
              new ParameterException(spec.commandLine(), String.valueOf(noWholeUrl.getMessage())));
    }
  }
}
