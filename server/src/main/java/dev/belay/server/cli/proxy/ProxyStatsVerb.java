package dev.belay.server.cli.proxy;

import dev.belay.server.cli.shared.Cells;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Figures;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Table.Column;
import dev.belay.server.remote.Control;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code belay proxy stats}: what requests and their retries came to. */
@Command(
    name = "stats",
    description = "Print what requests, attempts and proxies of a running server came to.",
    footer = {"", "Example:", "  belay proxy stats --hours 1"})
final class ProxyStatsVerb implements Callable<Integer> {
  private static final String PATH = "/api/v1/metrics/retries";
  private static final int BAR = 30;

  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--hours",
      paramLabel = "HOURS",
      defaultValue = "24",
      description = "How far back, 1 to 168; ${DEFAULT-VALUE} if not said.")
  private int hours;

  ProxyStatsVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (hours < 1 || hours > 168) {
      throw new ParameterException(spec.commandLine(), "--hours must be 1 to 168, was " + hours);
    }
    JsonNode all;
    JsonNode byProxy;
    try (Control control = server.connect(belay.terminal())) {
      Map<String, String> back = Map.of("hours", Integer.toString(hours));
      all = control.get(PATH, back);
      byProxy = control.get(PATH + "/by-proxy", back).path("proxies");
    }
    if (belay.isJson()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("summary", all);
      answer.put("proxies", byProxy);
      Json.print(belay.terminal(), answer);
    } else {
      print(all, byProxy);
    }
    return ExitCode.OK;
  }

  private void print(JsonNode all, JsonNode byProxy) {
    long attempts = all.path("total_attempts").asLong(0);
    part(
        "last %d h".formatted(hours),
        "%d requests, %d attempts, %d retries"
            .formatted(
                all.path("total_requests").asLong(0),
                attempts,
                all.path("total_retries").asLong(0)));
    if (attempts == 0) {
      line("Nothing has come yet: http_proxy=http://127.0.0.1:8118 sends a program through.");
      return;
    }
    part(
        "success",
        "%s of requests, %s of attempts"
            .formatted(
                Figures.percent(all.path("request_success_rate").asDouble(0)),
                Figures.percent(all.path("success_rate").asDouble(0))));
    JsonNode latency = all.path("latency");
    part(
        "latency",
        "p50 %s, p95 %s, p99 %s"
            .formatted(
                Cells.seconds(latency.path("p50")).text(),
                Cells.seconds(latency.path("p95")).text(),
                Cells.seconds(latency.path("p99")).text()));
    part("waited", Figures.seconds(all.path("total_retry_wait").asDouble(0)));
    part("breakers", "%d changes".formatted(all.path("circuit_breaker_events_count").asLong(0)));
    part("failures", counts(all.path("failures_by_class")));
    line("");
    byAttempt(all.path("success_by_attempt"));
    line("");
    proxies(byProxy).print();
  }

  private static String counts(JsonNode counts) {
    List<String> words = new ArrayList<>();
    counts.properties().stream()
        .filter(one -> one.getValue().asLong(0) > 0)
        .sorted((a, b) -> Long.compare(b.getValue().asLong(0), a.getValue().asLong(0)))
        .forEach(one -> words.add(one.getKey() + " " + one.getValue().asLong(0)));
    return words.isEmpty() ? "none" : String.join(", ", words);
  }

  /** People count attempts from 1. */
  private void byAttempt(JsonNode successes) {
    long most =
        successes.properties().stream().mapToLong(one -> one.getValue().asLong(0)).max().orElse(0);
    Table table =
        new Table(
            belay.terminal(), Column.right("ATTEMPT"), Column.right("SUCCESSES"), Column.left(""));
    successes.properties().stream()
        .sorted((a, b) -> Integer.compare(number(a.getKey()), number(b.getKey())))
        .forEach(one -> {
          long count = one.getValue().asLong(0);
          int bars = most == 0 ? 0 : (int) Math.ceilDiv(BAR * count, most);
          table.row(
              Integer.toString(number(one.getKey()) + 1), Long.toString(count), "#".repeat(bars));
        });
    table.print();
  }

  private static int number(String key) {
    return Integer.parseInt(key);
  }

  private Table proxies(JsonNode byProxy) {
    Table table =
        new Table(
            belay.terminal(),
            Column.left("ID"),
            Column.left("PROXY"),
            Column.right("ATTEMPTS"),
            Column.right("FAILED"),
            Column.right("SUCCESS"),
            Column.right("AVERAGE"),
            Column.right("OPENED"),
            Column.left("FAILURES"));
    byProxy.properties().stream()
        .map(Map.Entry::getValue)
        .sorted((a, b) ->
            Long.compare(b.path("total_attempts").asLong(0), a.path("total_attempts").asLong(0)))
        .forEach(proxy ->
            table.row(
                Cells.text(proxy.path("proxy_id")),
                Cells.text(proxy.path("proxy")),
                Cells.count(proxy.path("total_attempts")),
                Cells.count(proxy.path("failure_count")),
                ProxyWords.share(
                    proxy.path("success_rate"), proxy.path("total_attempts").asLong(0)),
                Cells.seconds(proxy.path("avg_latency")),
                Cells.count(proxy.path("circuit_breaker_opens")),
                Table.Cell.of(counts(proxy.path("failures_by_class")))));
    return table;
  }

  private void part(String name, String value) {
    line("%-10s %s".formatted(name, value));
  }

  private void line(String line) {
    belay.terminal().out().println(line);
  }
}
