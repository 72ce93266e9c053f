package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The description of the API, which every answer in these tests is held against. */
final class OpenApi {
  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode document = DocRoutes.document();
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  com.networknt.schema.SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(true)
                      .build()));
  private final Map<String, com.networknt.schema.Schema> compiled = new LinkedHashMap<>();
  private final Set<String> seen = new LinkedHashSet<>();

  JsonNode document() {
    return document;
  }

  /** Methods and paths, as {@code GET /health}. */
  Set<String> operations() {
    Set<String> operations = new LinkedHashSet<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue().propertyNames().stream()
                .filter(name -> !name.equals("parameters"))
                .forEach(method -> operations.add(name(method, path.getKey()))));
    return operations;
  }

  /** Those that an answer was checked of. */
  Set<String> seen() {
    return seen;
  }

  private static String name(String method, String path) {
    return method.toUpperCase(java.util.Locale.ROOT) + " " + path;
  }

  /** The first documented path that fits; those without parameters come first. */
  private String template(URI uri) {
    String path = uri.getRawPath();
    if (document.get("paths").has(path)) {
      return path;
    }
    return document.get("paths").propertyNames().stream()
        .filter(template ->
            path.matches("\\Q" + template.replaceAll("\\{[^}]+}", "\\\\E[^/]+\\\\Q") + "\\E"))
        .findFirst()
        .orElse("");
  }

  /** Fails if the document does not allow such an answer. */
  void check(HttpResponse<String> response) {
    String method = response.request().method();
    if (method.equals("HEAD")) {
      return; // as GET, without a body that could be checked
    }
    String template = template(response.uri());
    JsonNode operation =
        document.at("/paths").path(template).path(method.toLowerCase(java.util.Locale.ROOT));
    if (operation.isMissingNode()) {
      checkProblem(response);
      return;
    }
    String where = "%s %s: %d".formatted(method, template, response.statusCode());
    JsonNode answer = resolve(operation.path("responses").path("" + response.statusCode()));
    assertThat(answer.isMissingNode()).as("%s is not documented", where).isFalse();
    seen.add(name(method, template));
    answer
        .path("headers")
        .propertyNames()
        .forEach(name -> assertThat(response.headers().firstValue(name)).as(where).isPresent());
    if (!answer.has("content")) {
      assertThat(response.body()).as(where).isEmpty();
      return;
    }
    String type = Bodies.type(response.headers().firstValue("Content-Type").orElse(""));
    JsonNode content = answer.get("content").path(type);
    assertThat(content.isMissingNode()).as("%s as %s", where, type).isFalse();
    if (type.equals("application/json")) {
      assertThat(errors(where, content.get("schema"), response.body())).as(where).isEmpty();
    }
  }

  /** Whatever is not documented is answered by an error of the one shape. */
  private void checkProblem(HttpResponse<String> response) {
    assertThat(response.statusCode()).as("" + response.uri()).isBetween(400, 499);
    boolean ofSessions = response.uri().getPath().startsWith("/v1/optimization");
    JsonNode schema = document.at("/components/schemas/" + (ofSessions ? "SessionError" : "Error"));
    assertThat(errors("error of sessions: " + ofSessions, schema, response.body())).isEmpty();
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
  }

  private List<Error> errors(String where, JsonNode schema, String body) {
    com.networknt.schema.Schema validator =
        compiled.computeIfAbsent(
            where,
            absent -> {
              ObjectNode whole = JSON.createObjectNode();
              whole.set("components", document.get("components"));
              whole.putArray("allOf").add(schema);
              return schemas.getSchema(whole);
            });
    return validator.validate(JSON.readTree(body));
  }

  /** All references that lead nowhere. */
  List<String> brokenReferences() {
    return document.findValuesAsString("$ref").stream()
        .filter(reference -> document.at(reference.substring(1)).isMissingNode())
        .toList();
  }

  /** Where the document leads out of this server. */
  List<String> foreignAddresses() {
    return Pattern.compile("https?://[a-z.]+")
        .matcher(document.toString())
        .results()
        .map(found -> found.group())
        .filter(found -> !found.startsWith("http://user"))
        .toList();
  }
}
