package dev.belay.server.store;

import dev.belay.ErrorClass;
import dev.belay.ledger.BreakerHistory.Counts;
import dev.belay.ledger.HourRecord;
import dev.belay.ledger.PeriodSum;
import dev.belay.ledger.Requests;
import dev.belay.ledger.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Counts as they are written down: what is zero is left out. */
final class LedgerJson {
  private static final int BUCKETS = bucketsOfThisProgram();

  private final JsonMapper json = new JsonMapper();

  private static int bucketsOfThisProgram() {
    return PeriodSum.none(Instant.EPOCH).latencies().size();
  }

  String totals(Totals totals) {
    return node(totals).toString();
  }

  private ObjectNode node(Totals totals) {
    ObjectNode node = json.createObjectNode();
    put(node, "begun", totals.requests().begun());
    put(node, "succeeded", totals.requests().succeeded());
    put(node, "failed", totals.requests().failed());
    put(node, "ignored", totals.ignored());
    put(node, "latency_ns", totals.latency().toNanos());
    put(node, "waited_ns", totals.waited().toNanos());
    if (!totals.successByAttempt().isEmpty()) {
      ObjectNode successes = node.putObject("success_by_attempt");
      totals.successByAttempt().forEach((attempt, count) -> successes.put("" + attempt, count));
    }
    if (!totals.failures().isEmpty()) {
      ObjectNode failures = node.putObject("failures");
      totals.failures().forEach((one, count) -> failures.put(one.name(), count));
    }
    return node;
  }

  private static void put(ObjectNode node, String key, long value) {
    if (value != 0) {
      node.put(key, value);
    }
  }

  Totals totals(String text) {
    return totals(json.readTree(text));
  }

  private static Totals totals(JsonNode node) {
    SortedMap<Integer, Long> successes = new TreeMap<>();
    node.path("success_by_attempt")
        .forEachEntry((attempt, count) -> successes.put(Integer.parseInt(attempt), count.asLong()));
    Map<ErrorClass, Long> failures = new EnumMap<>(ErrorClass.class);
    node.path("failures")
        .forEachEntry((one, count) -> failures.merge(errorClass(one), count.asLong(), Long::sum));
    return new Totals(
        new Requests(number(node, "begun"), number(node, "succeeded"), number(node, "failed")),
        successes,
        failures,
        number(node, "ignored"),
        Duration.ofNanos(number(node, "latency_ns")),
        Duration.ofNanos(number(node, "waited_ns")));
  }

  private static long number(JsonNode node, String key) {
    return node.path(key).asLong(0);
  }

  /** A later program may know more of them. */
  private static ErrorClass errorClass(String name) {
    return Arrays.stream(ErrorClass.values())
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElse(ErrorClass.OTHER);
  }

  /** By bucket, with the number of buckets there are. */
  String latencies(List<Long> latencies) {
    ObjectNode node = json.createObjectNode();
    node.put("of", latencies.size());
    for (int i = 0; i < latencies.size(); i++) {
      put(node, "" + i, latencies.get(i));
    }
    return node.toString();
  }

  /** Of another number of buckets nothing can be said; only percentiles are lost. */
  List<Long> latencies(String text) {
    List<Long> latencies = new ArrayList<>(Collections.nCopies(BUCKETS, 0L));
    JsonNode node = json.readTree(text);
    if (number(node, "of") == BUCKETS) {
      for (int i = 0; i < BUCKETS; i++) {
        latencies.set(i, number(node, "" + i));
      }
    }
    return latencies;
  }

  String details(HourRecord record) {
    ObjectNode node = json.createObjectNode();
    put(node.putObject("endpoints"), record.endpoints(), this::node);
    put(node.putObject("policies"), record.policies(), this::node);
    put(node.putObject("hosts"), record.hosts(), this::node);
    put(node.putObject("breakers"), record.breakers(), this::node);
    return node.toString();
  }

  private static <T> void put(
      ObjectNode node, Map<String, T> values, Function<T, ObjectNode> form) {
    values.forEach((name, value) -> node.set(name, form.apply(value)));
  }

  private ObjectNode node(Counts counts) {
    return json.createObjectNode()
        .put("events", counts.events())
        .put("openings", counts.openings());
  }

  private static Counts counts(JsonNode node) {
    return new Counts(number(node, "events"), number(node, "openings"));
  }

  HourRecord hour(Instant hour, String totals, String latencies, String details) {
    JsonNode node = json.readTree(details);
    return new HourRecord(
        hour,
        totals(totals),
        latencies(latencies),
        map(node.path("endpoints"), LedgerJson::totals),
        map(node.path("policies"), LedgerJson::totals),
        map(node.path("hosts"), LedgerJson::totals),
        map(node.path("breakers"), LedgerJson::counts));
  }

  private static <T> SortedMap<String, T> map(JsonNode node, Function<JsonNode, T> read) {
    SortedMap<String, T> map = new TreeMap<>();
    node.forEachEntry((name, value) -> map.put(name, read.apply(value)));
    return map;
  }
}
