package dev.belay.chaos.export;

import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.wire.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An experiment of Chaos Toolkit: the system answers well before the plan, under it and after. */
final class ChaosToolkit {
  private static final int ASK_SECONDS = 60;
  private static final int EXECUTOR_SECONDS = 30;

  private ChaosToolkit() {}

  static String write(Reproducer what) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("version", "1.0.0");
    tree.put("title", "%s bears %d faults".formatted(what.service(), what.plan().size()));
    tree.put("description", "Does the system answer as usual under: " + what.plan());
    tree.put("tags", List.of("belay", what.service()));
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("ask_url", environment("ASK_URL", what.ask().toString()));
    configuration.put("executor_url", environment("BELAY_EXECUTOR", what.executor().toString()));
    tree.put("configuration", configuration);
    Map<String, Object> hypothesis = new LinkedHashMap<>();
    hypothesis.put("title", "The system answers");
    hypothesis.put("probes", List.of(probe()));
    tree.put("steady-state-hypothesis", hypothesis);
    tree.put("method", what.policies().stream().map(ChaosToolkit::apply).toList());
    tree.put("rollbacks", what.policies().stream().map(ChaosToolkit::remove).toList());
    return Json.pretty(tree);
  }

  private static Map<String, Object> environment(String key, String otherwise) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", "env");
    tree.put("key", key);
    tree.put("default", otherwise);
    return tree;
  }

  private static Map<String, Object> probe() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", "probe");
    tree.put("name", "ask");
    tree.put("tolerance", 200);
    tree.put("provider", http("${ask_url}", "GET", ASK_SECONDS));
    return tree;
  }

  private static Map<String, Object> apply(Policy policy) {
    Map<String, Object> provider = http("${executor_url}/v1/policies", "POST", EXECUTOR_SECONDS);
    provider.put("headers", Map.of("Content-Type", "application/json"));
    provider.put("arguments", PolicyDocument.write(policy));
    Map<String, Object> tree = action("apply " + policy.name(), provider);
    tree.put("pauses", Map.of("after", 1));
    return tree;
  }

  private static Map<String, Object> remove(Policy policy) {
    String address = "${executor_url}/v1/policies/" + policy.name();
    return action("remove " + policy.name(), http(address, "DELETE", EXECUTOR_SECONDS));
  }

  private static Map<String, Object> action(String name, Map<String, Object> provider) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", "action");
    tree.put("name", name);
    tree.put("provider", provider);
    return tree;
  }

  private static Map<String, Object> http(String url, String method, int seconds) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", "http");
    tree.put("url", url);
    tree.put("method", method);
    tree.put("timeout", seconds);
    return tree;
  }
}
