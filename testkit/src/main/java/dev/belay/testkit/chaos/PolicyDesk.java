package dev.belay.testkit.chaos;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The control plane: its policies and what it answers. Safe for any number of threads. */
final class PolicyDesk {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PATH = "/v1/policies";
  private static final long SECOND = 1_000;

  private final Set<Limit> limits;
  private final Moment clock;
  private final Random random;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, ObjectNode> policies = new TreeMap<>();

  /** When they end, in milliseconds. */
  @GuardedBy("lock")
  private final Map<String, Long> ends = new TreeMap<>();

  PolicyDesk(Set<Limit> limits, Moment clock, Random random) {
    this.limits = limits;
    this.clock = clock;
    this.random = random;
  }

  Reply answer(ReceivedRequest request) {
    String path = request.path();
    String method = request.method();
    lock.lock();
    try {
      return switch (method + " " + (path.startsWith(PATH + "/") ? PATH + "/*" : path)) {
        case "GET /v1/health" -> json(200, Map.of("status", "healthy"));
        case "GET /v1/ready" -> json(200, ordered("status", "ready", "storage", "memory"));
        case "GET " + PATH -> json(200, Map.of("policies", all()));
        case "POST " + PATH -> put(request.bodyText(), true);
        case "POST " + PATH + "/*" ->
            path.equals(PATH + "/create") ? create(request.bodyText()) : nothing();
        case "GET " + PATH + "/*" ->
            path.equals(PATH + "/status") ? status() : one(path.substring(PATH.length() + 1));
        case "PUT " + PATH + "/*" -> update(path.substring(PATH.length() + 1), request.bodyText());
        case "DELETE " + PATH + "/*" -> delete(path.substring(PATH.length() + 1));
        case "GET /v1/config/stream" -> stream();
        default -> nothing();
      };
    } finally {
      lock.unlock();
    }
  }

  private static Reply nothing() {
    return Reply.status(404).header("Content-Type", "text/plain").body("404 page not found");
  }

  private static Reply json(int status, Object body) {
    return Reply.status(status)
        .header("Content-Type", "application/json; charset=utf-8")
        .body(JSON.writeValueAsString(body));
  }

  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      tree.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return tree;
  }

  @GuardedBy("lock")
  private List<ObjectNode> all() {
    List<ObjectNode> all = new ArrayList<>(policies.values());
    if (limits.contains(Limit.NO_ORDER)) {
      Collections.shuffle(all, random);
    }
    return all;
  }

  /** The array, then nothing more: whoever reads on waits. */
  @GuardedBy("lock")
  private Reply stream() {
    String version = limits.contains(Limit.NO_VERSION) ? "" : "id: " + clock.millis() + "\n";
    String text =
        "event: full_config\n%sdata: %s\n\n".formatted(version, JSON.writeValueAsString(all()));
    return Reply.status(200).header("Content-Type", "text/event-stream").body(text).closing();
  }

  @GuardedBy("lock")
  private Reply put(String body, boolean upsert) {
    JsonNode read;
    try {
      read = JSON.readTree(body);
    } catch (JacksonException broken) {
      return malformed(broken.getOriginalMessage());
    }
    if (!(read instanceof ObjectNode policy)) {
      return malformed("json: cannot unmarshal into a policy");
    }
    String wrong = PolicyRules.wrong(policy);
    if (!wrong.isEmpty()) {
      return json(400, ordered("error", "invalid_input", "message", wrong));
    }
    String name = policy.at("/metadata/name").asString();
    PolicyRules.dropWhatIsUnknown(policy);
    policies.put(name, policy);
    if (upsert || !limits.contains(Limit.END_IS_FORGOTTEN)) {
      arm(name, policy);
    }
    return json(201, policy);
  }

  private static Reply malformed(String why) {
    return json(400, Map.of("error", "invalid request body: " + why));
  }

  @GuardedBy("lock")
  private void arm(String name, ObjectNode policy) {
    long seconds = policy.at("/spec/rules/0/fault/duration_seconds").asLong(0);
    if (!limits.contains(Limit.END_IS_FORGOTTEN)) {
      for (JsonNode rule : policy.at("/spec/rules")) {
        seconds = Math.max(seconds, rule.at("/fault/duration_seconds").asLong(0));
      }
    }
    ends.remove(name);
    if (seconds > 0) {
      ends.put(name, clock.millis() + seconds * SECOND);
    }
  }

  @GuardedBy("lock")
  private Reply create(String body) {
    String name = name(body);
    if (policies.containsKey(name)) {
      return json(
          409,
          ordered("error", "resource_already_exists", "message", "policy already exists: " + name));
    }
    Reply put = put(body, false);
    return policies.containsKey(name)
        ? json(201, ordered("message", "policy created successfully", "policy", policies.get(name)))
        : put;
  }

  private static String name(String body) {
    try {
      return JSON.readTree(body).at("/metadata/name").asString("");
    } catch (JacksonException broken) {
      return "";
    }
  }

  @GuardedBy("lock")
  private Reply update(String name, String body) {
    if (!policies.containsKey(name) || !name(body).equals(name)) {
      return json(
          400, ordered("error", "invalid_input", "message", "policy cannot be updated: " + name));
    }
    Reply unused = put(body, false);
    return json(
        200, ordered("message", "policy updated successfully", "policy", policies.get(name)));
  }

  @GuardedBy("lock")
  private Reply one(String name) {
    return policies.containsKey(name) ? json(200, policies.get(name)) : missing(name);
  }

  private static Reply missing(String name) {
    return json(
        404,
        ordered(
            "error",
            "not_found",
            "message",
            "policy not found: " + name,
            "details",
            Map.of("resource", "policy")));
  }

  @GuardedBy("lock")
  private Reply delete(String name) {
    ends.remove(name);
    return policies.remove(name) == null
        ? missing(name)
        : json(200, Map.of("message", "policy deleted successfully"));
  }

  @GuardedBy("lock")
  private Reply status() {
    Map<String, Object> summary =
        ordered(
            "total_policies", policies.size(),
            "abort_policies", count("abort"),
            "delay_policies", count("delay"),
            "active_policies", policies.size());
    return json(200, ordered("summary", summary, "policies", List.of()));
  }

  @GuardedBy("lock")
  private long count(String kind) {
    return policies.values().stream()
        .filter(policy -> !policy.at("/spec/rules/0/fault/" + kind).isMissingNode())
        .count();
  }

  Reply applyByCommandLine(Map<String, Object> policy) {
    ObjectNode tree = JSON.valueToTree(policy);
    if (limits.contains(Limit.SELECTOR_IS_DROPPED) && tree.get("spec") instanceof ObjectNode spec) {
      var unused = spec.remove("selector");
    }
    lock.lock();
    try {
      return put(JSON.writeValueAsString(tree), true);
    } finally {
      lock.unlock();
    }
  }

  List<String> names() {
    lock.lock();
    try {
      return all().stream().map(policy -> policy.at("/metadata/name").asString()).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Ends what is over. */
  void tick() {
    lock.lock();
    try {
      List<String> over =
          ends.entrySet().stream()
              .filter(end -> end.getValue() <= clock.millis())
              .map(Map.Entry::getKey)
              .toList();
      over.forEach(name -> {
        policies.remove(name);
        ends.remove(name);
      });
    } finally {
      lock.unlock();
    }
  }

  /** The storage survives, timers do not. */
  void restart() {
    lock.lock();
    try {
      if (limits.contains(Limit.END_IS_FORGOTTEN)) {
        ends.clear();
      }
    } finally {
      lock.unlock();
    }
  }
}
