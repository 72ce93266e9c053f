package dev.belay.chaos.search;

import dev.belay.chaos.Observation;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.ImaginedTrace;
import dev.belay.chaos.trace.ServiceMap;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.ServiceMapTree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The map of services that a session has: what its healthy system's traces show, or the one that it
 * was given, as long as they show nothing.
 */
public final class SessionMap {
  /** Where a map stands in the document of a session. */
  public static final String KEY = "service_map";

  private SessionMap() {}

  /** The document of a session with a map in it. */
  public static String with(String document, ServiceMap map) {
    Map<String, Object> tree = new LinkedHashMap<>();
    Json.read(document).members().forEach((key, value) -> tree.put(String.valueOf(key), value));
    tree.put(KEY, ServiceMapTree.write(map));
    return Json.write(tree);
  }

  /** The map in the document of a session; none if it was given none. */
  public static Optional<ServiceMap> read(String document) {
    return Json.read(document).maybeTree(KEY).map(tree -> ServiceMapTree.read(tree, Instant.EPOCH));
  }

  /** The map of a session; none as long as it has seen nothing and was given none. */
  public static Optional<ServiceMap> of(SessionView session, List<Entry> entries) {
    List<Trace> traces = new ArrayList<>();
    Instant last = session.times().created();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Healthy healthy) {
        healthy.observation().trace().ifPresent(traces::add);
        last = healthy.observation().at();
      }
    }
    ServiceMap seen = ServiceMap.of(traces, last);
    return seen.topology().isEmpty()
        ? read(session.spec().space())
            .or(() -> seen.services().isEmpty() ? Optional.empty() : Optional.of(seen))
        : Optional.of(seen);
  }

  /**
   * What a search is to take for the healthy system: what was seen of it, with a request that makes
   * each call of a map, if no call was seen.
   */
  public static List<Observation> imagined(List<Observation> healthy, Optional<ServiceMap> map) {
    boolean seen =
        healthy.stream()
            .flatMap(one -> one.trace().stream())
            .flatMap(trace -> Calls.of(trace).stream())
            .anyMatch(call -> !call.caller().equals(Calls.OUTSIDE));
    Optional<Trace> trace = seen ? Optional.empty() : map.flatMap(ImaginedTrace::of);
    if (trace.isEmpty()) {
      return healthy;
    }
    return healthy.stream()
        .map(one ->
            new Observation(
                one.endpoint(),
                one.reply(),
                one.logs(),
                trace,
                one.receipts(),
                one.invariants(),
                one.at()))
        .toList();
  }
}
