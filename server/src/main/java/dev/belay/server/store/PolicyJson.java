package dev.belay.server.store;

import dev.belay.Backoff;
import dev.belay.Check;
import dev.belay.ErrorClass;
import dev.belay.Hedge;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A policy as it is written down: equal ones give the same text. */
final class PolicyJson {
  private final JsonMapper json = new JsonMapper();

  /**
   * The text.
   *
   * @throws IllegalArgumentException if its waits are a function, which cannot be written down
   */
  String text(RetryPolicy policy) {
    Backoff backoff = policy.backoff();
    Check.that(
        backoff.shape() != Backoff.Shape.CUSTOM,
        "policy %s cannot be stored: its waits are a function",
        policy.name());
    ObjectNode node = json.createObjectNode();
    node.put("name", policy.name());
    node.put("max_attempts", policy.maxAttempts());
    node.put("shape", backoff.shape().name());
    node.put("base_ns", backoff.base().toNanos());
    node.put("multiplier", backoff.multiplier());
    node.put("cap_ns", backoff.cap().toNanos());
    node.put("jitter", backoff.jitter().name());
    node.put("timeout_ns", policy.timeout().toNanos());
    node.put("attempt_timeout_ns", policy.attemptTimeout().toNanos());
    node.put("max_hint_wait_ns", policy.maxHintWait().toNanos());
    node.put("max_open_wait_ns", policy.maxOpenWait().toNanos());
    ArrayNode codes = node.putArray("retry_status_codes");
    policy.retryStatusCodes().stream().sorted().forEach(codes::add);
    ArrayNode classes = node.putArray("retry_classes");
    policy.retryClasses().stream().map(ErrorClass::name).sorted().forEach(classes::add);
    node.put("retry_non_idempotent", policy.retryNonIdempotent());
    node.put("immediate_failover", policy.immediateFailover());
    node.putObject("hedge")
        .put("extra", policy.hedge().extra())
        .put("delay_ns", policy.hedge().delay().toNanos())
        .put("percentile", policy.hedge().percentile());
    return node.toString();
  }

  RetryPolicy policy(String text) {
    JsonNode node = json.readTree(text);
    Set<Integer> codes = new HashSet<>();
    node.get("retry_status_codes").forEach(code -> codes.add(code.asInt()));
    Set<ErrorClass> classes = new HashSet<>();
    node.get("retry_classes").forEach(one -> classes.add(ErrorClass.valueOf(one.asString())));
    JsonNode hedge = node.get("hedge");
    return RetryPolicy.named(node.get("name").asString())
        .maxAttempts(node.get("max_attempts").asInt())
        .backoff(backoff(node))
        .timeout(nanos(node, "timeout_ns"))
        .attemptTimeout(nanos(node, "attempt_timeout_ns"))
        .maxHintWait(nanos(node, "max_hint_wait_ns"))
        .maxOpenWait(nanos(node, "max_open_wait_ns"))
        .retryStatusCodes(codes)
        .retryClasses(classes)
        .retryNonIdempotent(node.get("retry_non_idempotent").asBoolean())
        .immediateFailover(node.get("immediate_failover").asBoolean())
        .hedge(
            new Hedge(
                hedge.get("extra").asInt(),
                nanos(hedge, "delay_ns"),
                hedge.get("percentile").asDouble()))
        .build();
  }

  private static Backoff backoff(JsonNode node) {
    Backoff.Shape shape = Backoff.Shape.valueOf(node.get("shape").asString());
    return Backoff.of(shape, nanos(node, "base_ns"))
        .withMultiplier(node.get("multiplier").asDouble())
        .withCap(nanos(node, "cap_ns"))
        .withJitter(Jitter.valueOf(node.get("jitter").asString()));
  }

  private static Duration nanos(JsonNode node, String key) {
    return Duration.ofNanos(node.get(key).asLong());
  }
}
