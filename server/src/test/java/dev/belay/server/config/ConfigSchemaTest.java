package dev.belay.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfigSchemaTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNode SCHEMA = JSON.readTree(ConfigSchema.text());

  /** Where in a file the objects of the schema are, with what must stand there besides. */
  private static final Map<String, String> SECTIONS = sections();

  private final Schema validator =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(ConfigSchema.text());

  private static Map<String, String> sections() {
    Map<String, String> sections = new LinkedHashMap<>();
    sections.put("/properties", "{%s}");
    sections.put("/properties/control/properties", "control: {%s}");
    sections.put("/properties/store/properties", "store: {%s}");
    sections.put("/$defs/retry/properties", "retry: {%s}");
    sections.put("/$defs/retry/properties/hedge/properties", "retry: {hedge: {%s}}");
    sections.put("/properties/circuit_breaker/properties", "circuit_breaker: {%s}");
    sections.put("/properties/budget/properties", "budget: {%s}");
    sections.put("/properties/policies/additionalProperties/properties", "policies: {mine: {%s}}");
    sections.put("/properties/proxy/properties", "proxy: {%s}");
    sections.put("/properties/proxy/properties/pool/items/properties", "proxy: {pool: [{%s}]}");
    sections.put("/properties/proxy/properties/health/properties", "proxy: {health: {%s}}");
    sections.put(
        "/properties/proxy/properties/sources/items/properties", "proxy: {sources: [{%s}]}");
    String provider = "/properties/llm/properties/providers/additionalProperties/properties";
    String route = "/properties/llm/properties/routes/additionalProperties/properties";
    sections.put("/properties/llm/properties", "llm: {%s}");
    sections.put(provider, "llm: {providers: {a: {%s}}}");
    sections.put(route, "llm: {routes: {a: {%s}}}");
    sections.put(
        route + "/targets/items/properties",
        "llm: {providers: {p: {url: \"http://p/\"}}, routes: {a: {targets: [{%s}]}}}");
    sections.put("/properties/flow/properties", "flow: {%s}");
    String system = "/properties/chaos/properties/services/additionalProperties/properties";
    sections.put("/properties/chaos/properties", "chaos: {%s}");
    sections.put("/properties/chaos/properties/executor/properties", "chaos: {executor: {%s}}");
    sections.put("/properties/chaos/properties/weights/properties", "chaos: {weights: {%s}}");
    sections.put("/properties/chaos/properties/guard/properties", "chaos: {guard: {%s}}");
    sections.put(
        "/properties/chaos/properties/guard/properties/windows/items/properties",
        "chaos: {guard: {windows: [{%s}]}}");
    sections.put(system, "chaos: {services: {a: {%s, url: \"http://a/\"}}}");
    sections.put(
        system + "/probes/items/properties",
        "chaos: {services: {a: {url: \"http://a/\", probes: [{%s, name: a, url: \"http://a/\"}]}}}");
    sections.put(
        "/properties/chaos/properties/fronts/items/properties",
        "chaos: {fronts: [{%s, service: a, upstream: \"a:1\"}]}");
    return sections;
  }

  @Test
  void knowsTheKeysThatTheReaderKnowsAndNoOthers() {
    SECTIONS.forEach((pointer, yaml) ->
        assertThat(keysOfReader(yaml)).as(pointer).isEqualTo(keysOfSchema(pointer)));
  }

  private static Set<String> keysOfSchema(String pointer) {
    return new TreeSet<>(SCHEMA.at(pointer).propertyNames());
  }

  /** The reader lists what it knows to whoever writes something else. */
  private static Set<String> keysOfReader(String yaml) {
    return problems(yaml.formatted("no_such_key: 1")).stream()
        .filter(problem -> problem.message().contains("known here: "))
        .map(problem -> problem.message().split("known here: ", 2)[1])
        .flatMap(known -> Arrays.stream(known.split(", ")))
        .collect(TreeSet::new, Set::add, Set::addAll);
  }

  private static List<ConfigProblem> problems(String yaml) {
    try {
      Examples.parse(yaml);
      return List.of();
    } catch (ConfigException refused) {
      return refused.problems();
    }
  }

  @Test
  void everyObjectInItRefusesUnknownKeys() {
    SECTIONS.forEach((pointer, yaml) ->
        assertThat(errors(yaml.formatted("no_such_key: 1"))).as(pointer).isNotEmpty());
  }

  @Test
  void defaultsAreThoseOfTheCode() {
    ObjectNode file = JSON.createObjectNode();
    for (String section :
        List.of("control", "store", "circuit_breaker", "budget", "proxy", "llm", "flow")) {
      file.set(section, defaults("/properties/" + section + "/properties"));
    }
    file.set("retry", defaults("/$defs/retry/properties"));
    file.set("policies", SCHEMA.at("/properties/policies/default"));

    assertThat(errors(file.toString())).isEmpty();
    assertThat(Examples.parse(file.toString())).isEqualTo(BelayConfig.DEFAULT);
  }

  @Test
  void defaultsOfAnEntryAreThoseOfTheCode() {
    ObjectNode entry = defaults("/properties/proxy/properties/pool/items/properties");
    entry.put("url", "http://a:1");

    assertThat(Examples.parse("proxy: {pool: [%s]}".formatted(entry)))
        .isEqualTo(Examples.parse("proxy: {pool: [{url: \"http://a:1\"}]}"));
  }

  @Test
  void defaultsOfHealthAndSourcesAreThoseOfTheCode() {
    ObjectNode health = defaults("/properties/proxy/properties/health/properties");
    ObjectNode source = defaults("/properties/proxy/properties/sources/items/properties");
    source.put("name", "a").put("url", "http://a/");

    assertThat(Examples.parse("proxy: {health: %s}".formatted(health)))
        .isEqualTo(BelayConfig.DEFAULT);
    assertThat(Examples.parse("proxy: {sources: [%s]}".formatted(source)))
        .isEqualTo(Examples.parse("proxy: {sources: [{name: a, url: \"http://a/\"}]}"));
  }

  @Test
  void everyKeyHasADescription() {
    SECTIONS
        .keySet()
        .forEach(pointer ->
            SCHEMA
                .at(pointer)
                .forEach(key ->
                    assertThat(key.has("description") || key.has("$ref"))
                        .as(pointer + " " + key)
                        .isTrue()));
  }

  private static ObjectNode defaults(String pointer) {
    ObjectNode defaults = JSON.createObjectNode();
    SCHEMA
        .at(pointer)
        .properties()
        .forEach(key -> {
          if (key.getValue().has("default")) {
            defaults.set(key.getKey(), key.getValue().get("default"));
          }
        });
    return defaults;
  }

  /** A number, and what the schema and the reader should both say of it. */
  private record Edge(String yaml, boolean isRight) {}

  @Test
  void rangesAreThoseOfTheReader() {
    List<Edge> edges = new ArrayList<>();
    SECTIONS.forEach((pointer, yaml) ->
        SCHEMA
            .at(pointer)
            .properties()
            .forEach(key -> addEdges(edges, yaml, key.getKey(), key.getValue())));

    assertThat(edges).hasSizeGreaterThan(120);
    for (Edge edge : edges) {
      assertThat(errors(edge.yaml()).isEmpty()).as("schema: " + edge).isEqualTo(edge.isRight());
      assertThat(isRead(edge.yaml())).as("reader: " + edge).isEqualTo(edge.isRight());
    }
  }

  private static void addEdges(List<Edge> edges, String yaml, String key, JsonNode schema) {
    boolean whole = schema.path("type").toString().contains("integer");
    String step = whole ? "1" : "0.001";
    for (String bound : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
      if (schema.has(bound)) {
        var edge = schema.get(bound).decimalValue();
        var away = new java.math.BigDecimal(bound.endsWith("inimum") ? "-" + step : step);
        boolean open = bound.startsWith("exclusive");
        edges.add(new Edge(with(yaml, key, edge.toPlainString()), !open));
        edges.add(new Edge(with(yaml, key, edge.add(away).toPlainString()), false));
      }
    }
  }

  /** What cannot stand alone gets company. */
  private static String with(String yaml, String key, String value) {
    String company =
        switch (key) {
          case "failure_threshold" -> yaml.contains("executor") ? "" : ", consecutive_failures: 1";
          case "max_cost" -> ", strategy: cost-aware";
          case "slow_rate" -> ", slow_call: 1s";
          case "extra", "percentile" -> ", delay: 1s";
          case "timeout_duration" -> ", max_open_duration: 48h";
          case "body_memory" -> ", body_total: 1024GB";
          case "body_total" -> ", body_memory: 0";
          default -> company(yaml);
        };
    return yaml.formatted(key + ": " + value + company);
  }

  private static String company(String yaml) {
    if (yaml.contains("sources: [")) {
      return ", name: a, url: \"http://a/\"";
    }
    if (yaml.contains("targets: [")) {
      return ", provider: p, model: m";
    }
    return yaml.contains("pool: [") ? ", url: \"http://a:1\"" : "";
  }

  @ParameterizedTest
  @FieldSource("dev.belay.server.config.Examples#GOOD")
  void allowsWhatTheReaderAllows(String yaml) {
    assertThat(isRead(yaml)).isTrue();
    assertThat(errors(yaml)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "control: {port: \"80\"}",
        "control: {port: 80.5}",
        "retry: {base_delay: 2 days}",
        "retry: {base_delay: soon}",
        "retry: {max_attempts: null}",
        "retry: {backoff_strategy: quadratic}",
        "retry: {jitter: some}",
        "retry: {retry_status_codes: [404]}",
        "retry: {retry_status_codes: 503}",
        "retry: {retry_classes: [cancelled]}",
        "retry: {retry_non_idempotent: yes}",
        "retry: {hedge: true}",
        "retry: 3",
        "policies: {default: {}}",
        "policies: {\"a b\": {}}",
        "policies: {mine: {preset: other}}",
        "store: {url: \"mysql://x\"}",
        "proxy: {host: \"a b\"}",
        "proxy: {strategy: best}",
        "proxy: {retry_methods: [get]}",
        "proxy: {exploration: 2}",
        "proxy: {strategy: cost-aware, max_cost: -1}",
        "proxy: {session_ttl: 0}",
        "proxy: {max_sessions: 0}",
        "proxy: {users: [a]}",
        "proxy: {users: {a: 5}}",
        "proxy: {users: {a: \"\"}}",
        "proxy: {users: {\"a:b\": x}}",
        "proxy: {pool: [{}]}",
        "proxy: {pool: [{url: \"ftp://x:1\"}]}",
        "proxy: {pool: [{url: \"http://a:1\", country: USA}]}",
        "proxy: {pool: [{url: \"http://a:1\", expires_at: soon}]}",
        "proxy: {max_head_size: 1TB}",
        "proxy: {health: {level: udp}}",
        "proxy: {health: {level: http}}",
        "proxy: {health: {level: https, url: \"http://a/\"}}",
        "proxy: {health: {url: \"http://a/\"}}",
        "proxy: {health: {judge: \"https://a/\"}}",
        "proxy: {health: {own_addresses: [me]}}",
        "proxy: {sources: [{file: a}]}",
        "proxy: {sources: [{name: a}]}",
        "proxy: {sources: [{name: \"a b\", file: a}]}",
        "proxy: {sources: [{name: a, file: b, url: \"http://a/\"}]}",
        "proxy: {sources: [{name: a, file: b, interval: 5m}]}",
        "proxy: {sources: [{name: a, url: \"ftp://a/\"}]}",
        "proxy: {sources: [{name: a, file: b, scheme: ssh}]}",
        "flow: {on: 1}",
        "flow: {files: \"\"}",
        "flow: {patience: 2592001}",
        "flow: {concurrency: 4}",
        "- a"
      })
  void refusesWhatTheReaderRefuses(String yaml) {
    assertThat(isRead(yaml)).isFalse();
    assertThat(errors(yaml)).isNotEmpty();
  }

  private static boolean isRead(String yaml) {
    return problems(yaml).isEmpty();
  }

  private List<Error> errors(String yaml) {
    boolean nothing = yaml.isBlank() || yaml.startsWith("#");
    return nothing ? List.of() : validator.validate(yaml, InputFormat.YAML);
  }
}
