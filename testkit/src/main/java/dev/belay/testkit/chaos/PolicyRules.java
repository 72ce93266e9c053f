package dev.belay.testkit.chaos;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the control plane checks of a policy, and what it drops without a word. */
final class PolicyRules {
  private static final Set<String> METADATA = Set.of("name", "version");
  private static final Set<String> SPEC = Set.of("selector", "rules");
  private static final Set<String> FAULT =
      Set.of("percentage", "start_delay_ms", "duration_seconds", "delay", "abort");

  private PolicyRules() {}

  /** What is wrong; empty if nothing is. */
  static String wrong(JsonNode policy) {
    if (policy.at("/metadata/name").asString("").isEmpty()) {
      return "policy name is required";
    }
    JsonNode rules = policy.at("/spec/rules");
    if (rules.isEmpty()) {
      return "at least one rule is required";
    }
    for (JsonNode rule : rules) {
      String wrong = wrongRule(rule);
      if (!wrong.isEmpty()) {
        return wrong;
      }
    }
    return "";
  }

  private static String wrongRule(JsonNode rule) {
    JsonNode match = rule.path("match");
    JsonNode fault = rule.path("fault");
    if (!match.has("method") && !match.has("path") && match.path("headers").isEmpty()) {
      return "at least one match condition is required";
    }
    long percentage = fault.path("percentage").asLong(0);
    if (percentage < 0 || percentage > 100) {
      return "percentage must be between 0 and 100";
    }
    boolean acts =
        fault.at("/delay/fixed_delay_ms").asLong(0) > 0
            || fault.at("/abort/httpStatus").asLong(0) > 0;
    if (!acts) {
      return "at least one fault action is required";
    }
    boolean negative =
        fault.path("start_delay_ms").asLong(0) < 0 || fault.path("duration_seconds").asLong(0) < 0;
    return negative ? "time fields must not be negative" : "";
  }

  static void dropWhatIsUnknown(ObjectNode policy) {
    var unused = policy.retain("metadata", "spec");
    retain(policy.path("metadata"), METADATA);
    retain(policy.path("spec"), SPEC);
    for (JsonNode rule : policy.at("/spec/rules")) {
      retain(rule.path("match"), Set.of("method", "path", "headers"));
      retain(rule.path("fault"), FAULT);
      retain(rule.at("/fault/abort"), Set.of("httpStatus"));
    }
  }

  private static void retain(JsonNode node, Set<String> names) {
    if (node instanceof ObjectNode object) {
      var unused = object.retain(names);
    }
  }
}
