package dev.belay.server.cli.proxy;

import dev.belay.server.cli.shared.Cells;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Figures;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.LimitOption;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Table.Column;
import dev.belay.server.remote.Control;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code belay proxy list}: the pool. */
@Command(
    name = "list",
    description = "List the proxies of a running server.",
    footer = {"", "Example:", "  belay proxy list --state open"})
final class ProxyListVerb implements Callable<Integer> {
  static final String PATH = "/api/v1/proxies";

  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those whose breaker is closed, open or half_open.")
  private @Nullable String state;

  @Option(names = "--tag", paramLabel = "TAG", description = "Only those with this tag.")
  private @Nullable String tag;

  @Option(names = "--search", paramLabel = "TEXT", description = "Only those with it in the URL.")
  private @Nullable String search;

  @Option(
      names = "--sort",
      paramLabel = "KEY",
      description =
          "By url, state, score, success_rate, latency_p95, in_flight, attempts, failures or"
              + " seconds_until_test; downwards with a hyphen before it: --sort=-score.")
  private @Nullable String sort;

  @Mixin private LimitOption limit = new LimitOption();

  ProxyListVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    int most = limit.limit();
    List<JsonNode> proxies;
    try (Control control = server.connect(belay.terminal())) {
      proxies = control.pages(PATH, "proxies", wishes(), most);
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), Map.of("proxies", proxies));
    } else if (proxies.isEmpty()) {
      belay.terminal().out().println("No proxies. Add some with: belay proxy add URL");
    } else {
      table(proxies).print();
    }
    return ExitCode.OK;
  }

  private Map<String, String> wishes() {
    Map<String, String> wishes = new LinkedHashMap<>();
    wish(wishes, "state", state);
    wish(wishes, "tag", tag);
    wish(wishes, "search", search);
    wish(wishes, "sort", sort);
    return wishes;
  }

  private static void wish(Map<String, String> wishes, String key, @Nullable String value) {
    if (value != null) {
      wishes.put(key, value);
    }
  }

  private Table table(List<JsonNode> proxies) {
    Table table =
        new Table(
            belay.terminal(),
            Column.left("ID"),
            Column.left("PROXY"),
            Column.left("STATE"),
            Column.right("SCORE"),
            Column.right("SUCCESS"),
            Column.right("P95"),
            Column.right("RUNNING"),
            Column.right("TEST IN"),
            Column.left("REGION"),
            Column.left("TAGS"));
    for (JsonNode proxy : proxies) {
      JsonNode stats = proxy.path("stats");
      table.row(
          Cells.text(proxy.path("id")),
          Cells.text(proxy.path("url")),
          ProxyWords.state(proxy.path("circuit_breaker")),
          Table.Cell.of(Figures.score(proxy.path("score").asDouble(0))),
          ProxyWords.share(stats.path("success_rate"), stats.path("samples").asLong(0)),
          Cells.seconds(stats.path("latency_p95")),
          Cells.count(stats.path("in_flight")),
          Cells.seconds(proxy.path("seconds_until_test")),
          Cells.text(proxy.path("region")),
          ProxyWords.texts(proxy.path("tags")));
    }
    return table;
  }
}
