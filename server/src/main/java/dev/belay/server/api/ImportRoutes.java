package dev.belay.server.api;

import dev.belay.Endpoint.Traits;
import dev.belay.Time;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.server.api.ApiProblem.Fault;
import dev.belay.server.live.PoolEditor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Adds many proxies at once: as JSON, or as text with one to a line. What is wrong with one of them
 * does not keep the others out. Texts that are refused are not repeated: they may hold passwords.
 */
final class ImportRoutes {
  private static final int MOST = 10_000;
  private static final int LONGEST = 2_048;

  private final PoolEditor pool;
  private final Time time;

  ImportRoutes(PoolEditor pool, Time time) {
    this.pool = pool;
    this.time = time;
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.POST, "/api/v1/proxies/import", Bodies.IMPORT, this::add);
  }

  /** What was read. Lines are counted from 1; in JSON they are places in the list. */
  private static final class Read {
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<JsonObject> twice = new ArrayList<>();
    private final List<JsonObject> refused = new ArrayList<>();

    void entry(int line, Entry entry) {
      String id = entry.address().id();
      if (lines.putIfAbsent(id, line) == null) {
        entries.add(entry);
      } else {
        twice.add(shown(line, entry));
      }
    }

    void refuse(int line, String reason) {
      refused.add(new JsonObject().put("line", line).put("reason", reason));
    }

    static JsonObject shown(int line, Entry entry) {
      return new JsonObject()
          .put("line", line)
          .put("id", entry.address().id())
          .put("url", entry.address().url());
    }

    List<JsonObject> shown(List<Entry> some) {
      return some.stream()
          .map(entry -> shown(lines.getOrDefault(entry.address().id(), 0), entry))
          .toList();
    }
  }

  private Reply add(Ask ask) {
    new Query(ask).close();
    boolean text =
        ask.header("Content-Type").map(Bodies::type).filter("text/plain"::equals).isPresent();
    Read read = text ? lines(ask.text()) : list(ask.fields());
    PoolEditor.Added added =
        pool.add(read.entries).orElseThrow(() -> ApiProblem.full(PoolEditor.MOST));
    List<JsonObject> known = new ArrayList<>(read.shown(added.known()));
    known.addAll(read.twice);
    return Reply.ok(
        new JsonObject()
            .put("added_count", added.added().size())
            .put("known_count", known.size())
            .put("refused_count", read.refused.size())
            .put("added", new JsonArray(read.shown(added.added())))
            .put("known", new JsonArray(known))
            .put("refused", new JsonArray(read.refused)));
  }

  private static Read lines(String text) {
    Read read = new Read();
    String[] lines = text.split("\\R", -1);
    int count = 0;
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        checkCount(++count);
        url(read, i + 1, line);
      }
    }
    return read;
  }

  private static void checkCount(int count) {
    if (count > MOST) {
      throw ApiProblem.invalid(new Fault("proxies", count, "at most %d at once".formatted(MOST)));
    }
  }

  /** A line without a scheme is an HTTP proxy. */
  private static void url(Read read, int line, String text) {
    if (text.length() > LONGEST) {
      read.refuse(line, "longer than %d characters".formatted(LONGEST));
      return;
    }
    try {
      ProxyAddress address = ProxyAddress.parse(text.contains("://") ? text : "http://" + text);
      read.entry(line, new Entry(address, Traits.NONE));
    } catch (IllegalArgumentException wrong) {
      read.refuse(line, String.valueOf(wrong.getMessage()));
    }
  }

  private Read list(Fields fields) {
    Optional<List<JsonNode>> items = fields.items("proxies", "a list of URLs and objects");
    if (items.isEmpty()) {
      fields.missing("proxies", "a list of URLs and objects");
    }
    fields.close();
    Read read = new Read();
    checkCount(items.orElseThrow().size());
    int line = 0;
    for (JsonNode item : items.get()) {
      line++;
      if (item.isString()) {
        url(read, line, item.stringValue().strip());
      } else if (item.isObject()) {
        object(read, line, new Fields(item, false));
      } else {
        read.refuse(line, "neither a URL nor an object");
      }
    }
    return read;
  }

  private void object(Read read, int line, Fields fields) {
    Optional<Entry> entry = ProxyFields.read(fields, time);
    List<Fault> faults = fields.faults();
    if (faults.isEmpty() && entry.isPresent()) {
      read.entry(line, entry.get());
    } else {
      Set<String> reasons = new HashSet<>();
      faults.forEach(fault -> reasons.add("%s must be %s".formatted(fault.field(), fault.range())));
      read.refuse(line, String.join("; ", reasons.stream().sorted().toList()));
    }
  }
}
