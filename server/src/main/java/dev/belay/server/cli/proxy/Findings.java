package dev.belay.server.cli.proxy;

import dev.belay.proxy.health.HealthLevel;
import dev.belay.proxy.health.HealthReport;
import dev.belay.proxy.source.ProxyList;
import dev.belay.proxy.source.ProxyList.Refused;
import dev.belay.server.cli.shared.Figures;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Table.Cell;
import dev.belay.server.cli.shared.Table.Column;
import dev.belay.server.cli.shared.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What checks of proxies found. For one thread. */
final class Findings {
  private final HealthLevel level;
  private final List<Finding> findings = new ArrayList<>();
  private List<Refused> refused = List.of();
  private int refusedCount;

  /**
   * One proxy.
   *
   * @param seconds how long the check took; negative if there was none
   * @param anonymity in lower case
   * @param error what kind of, in lower case; {@code none} if it works
   * @param reason for people; empty if it works
   */
  private record Finding(
      String id,
      String proxy,
      boolean works,
      double seconds,
      String anonymity,
      String error,
      String reason) {

    Map<String, Object> json() {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("id", id);
      all.put("proxy", proxy);
      all.put("working", works);
      if (seconds >= 0) {
        all.put("latency", seconds);
      }
      all.put("anonymity", anonymity);
      all.put("error", error);
      all.put("reason", reason);
      return all;
    }
  }

  Findings(HealthLevel level) {
    this.level = level;
  }

  /** A proxy was checked. */
  void add(String id, String proxy, HealthReport report) {
    findings.add(
        new Finding(
            id,
            proxy,
            report.isWorking(),
            report.latency().toNanos() / 1e9,
            lower(report.anonymity()),
            lower(report.error()),
            report.message()));
  }

  /** A server has checked a proxy. */
  void add(JsonNode check) {
    findings.add(
        new Finding(
            check.path("proxy_id").asString(""),
            check.path("proxy").asString(""),
            check.path("working").asBoolean(false),
            check.path("latency").asDouble(0),
            check.path("anonymity").asString("unknown"),
            check.path("error_class").asString("none"),
            check.path("message").asString("")));
  }

  /** A proxy cannot be checked from here. */
  void skip(String id, String proxy, String reason) {
    findings.add(new Finding(id, proxy, false, -1, "unknown", "not_checked", reason));
  }

  /** Some lines were no proxies. */
  void refuse(ProxyList list) {
    refused = list.refused();
    refusedCount = list.refusedCount();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /** Whether there is nothing to complain about. */
  boolean areGood() {
    return refusedCount == 0 && working() == findings.size();
  }

  private long working() {
    return findings.stream().filter(Finding::works).count();
  }

  void print(Terminal terminal, boolean json) {
    if (json) {
      Json.print(terminal, json());
      return;
    }
    if (!findings.isEmpty()) {
      table(terminal).print();
    }
    refused.forEach(
        line -> terminal.out().println("%s: %s".formatted(line.place(), line.reason())));
    int untold = refusedCount - refused.size();
    if (untold > 0) {
      terminal.out().println("and %d lines more that are no proxies".formatted(untold));
    }
    terminal
        .out()
        .println(
            "%d of %d work%s"
                .formatted(
                    working(),
                    findings.size(),
                    refusedCount == 0 ? "" : ", %d lines are no proxies".formatted(refusedCount)));
  }

  private Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("level", lower(level));
    all.put("total", findings.size());
    all.put("working", working());
    all.put("proxies", findings.stream().map(Finding::json).toList());
    all.put("refused_count", refusedCount);
    all.put(
        "refused",
        refused.stream()
            .map(line -> Map.of("place", line.place(), "reason", line.reason()))
            .toList());
    return all;
  }

  private Table table(Terminal terminal) {
    Table table =
        new Table(
            terminal,
            Column.left("RESULT"),
            Column.left("PROXY"),
            Column.left("LEVEL"),
            Column.right("LATENCY"),
            Column.left("ANONYMITY"),
            Column.left("REASON"));
    for (Finding finding : findings) {
      table.row(
          finding.works() ? new Cell("works", "green") : new Cell("bad", "red"),
          Cell.of(finding.proxy()),
          Cell.of(lower(level)),
          Cell.of(finding.seconds() < 0 ? "-" : Figures.seconds(finding.seconds())),
          Cell.of(finding.anonymity()),
          Cell.of(finding.reason()));
    }
    return table;
  }
}
