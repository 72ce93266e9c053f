package dev.belay.chaos.export;

import dev.belay.chaos.http.HttpAsk;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An experiment of Chaos Toolkit: the system answers well before the plan, under it and after. */
final class ChaosToolkit {
  private static final int ASK_SECONDS = 60;
  private static final int EXECUTOR_SECONDS = 30;
  private static final int SUCCESS = 200;

  private ChaosToolkit() {}

  static String write(Reproducer what) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("version", "1.0.0");
    tree.put("title", "%s bears %d faults".formatted(what.service(), what.plan().size()));
    tree.put("description", "Does the system answer as usual under: " + what.plan() + shows(what));
    tree.put("tags", List.of("belay", what.service()));
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("ask_url", environment("ASK_URL", what.ask().uri().toString()));
    configuration.put("executor_url", environment("BELAY_EXECUTOR", what.executor().toString()));
    tree.put("configuration", configuration);
    Map<String, Object> hypothesis = new LinkedHashMap<>();
    hypothesis.put("title", "The system answers");
    hypothesis.put("probes", probes(what));
    tree.put("steady-state-hypothesis", hypothesis);
    tree.put("method", what.policies().stream().map(ChaosToolkit::apply).toList());
    tree.put("rollbacks", what.policies().stream().map(ChaosToolkit::remove).toList());
    return Json.pretty(tree);
  }

  /** Its probes ask the system, not the executor, and there is no way to say how often to try. */
  private static String shows(Reproducer what) {
    boolean blind = what.finding().flatMap(Finding::strikes).isPresent();
    return what.shows(". Shows: ")
        + (blind ? ". The probes do not see how often a call is made" : "");
  }

  private static Map<String, Object> environment(String key, String otherwise) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", "env");
    tree.put("key", key);
    tree.put("default", otherwise);
    return tree;
  }

  private static List<Map<String, Object>> probes(Reproducer what) {
    Secrets secrets = Secrets.of(what);
    List<Map<String, Object>> probes = new ArrayList<>();
    Optional<Duration> longest = what.finding().flatMap(Finding::longest);
    if (isPlain(what.ask()) && longest.isEmpty()) { // its timeouts do not end a body that trickles
      probes.add(probe("ask", SUCCESS, http("${ask_url}", "GET", ASK_SECONDS)));
    } else {
      HttpAsk question = longest.map(what.ask()::within).orElse(what.ask());
      String ask = Shell.ask(question, secrets, "\"$ask\"", "-o /dev/null -w '%{http_code}'");
      String script =
          """
          ask=${ASK_URL:-}
          [ -n "$ask" ] || ask=%s
          answer=$(
          %s) || exit 1
          [ "$answer" -lt 500 ]
          """
              .formatted(Shell.quoted(what.ask().uri().toString()), ask);
      probes.add(probe("ask", 0, shell(script, what.ask())));
    }
    for (Reproducer.Law law : what.laws()) {
      String script = Shell.judge(law, secrets, "exit 0", "exit 1");
      probes.add(probe(law.name(), 0, shell(script, law.ask())));
    }
    return probes;
  }

  /** Its own way to ask sends bodies in another form, and reads some answers in another one. */
  private static boolean isPlain(HttpAsk ask) {
    return ask.method().equals("GET") && ask.headers().isEmpty() && ask.body().isEmpty();
  }

  private static Map<String, Object> probe(
      String name, int tolerance, Map<String, Object> provider) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", "probe");
    tree.put("name", name);
    tree.put("tolerance", tolerance);
    tree.put("provider", provider);
    return tree;
  }

  private static Map<String, Object> shell(String script, HttpAsk ask) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", "process");
    tree.put("path", "sh");
    // names of its own begin with a dollar, too
    tree.put("arguments", ("-c " + Shell.quoted(script)).replace("$", "$$"));
    tree.put("timeout", ask.timeout().toSeconds() + 1);
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
