package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Google's generateContent, below {@code https://generativelanguage.googleapis.com/v1beta} or, with
 * {@link Login#BEARER}, below Vertex's {@code …/publishers/google}. Immutable, safe for any number
 * of threads.
 */
public final class Gemini implements Dialect {

  /** In which form schemas go over the wire. */
  public enum Schemas {
    /** JSON Schema as it is. */
    JSON_SCHEMA,
    /** The older form, which knows a part of it. */
    OPEN_API
  }

  private final Login login;
  private final Schemas schemas;

  private Gemini(Login login, Schemas schemas) {
    this.login = requireNonNull(login, "login");
    this.schemas = requireNonNull(schemas, "schemas");
  }

  /** As Google speaks it. */
  public static Gemini generateContent() {
    return new Gemini(Login.GOOGLE, Schemas.JSON_SCHEMA);
  }

  /** The same with another way to log in. */
  public Gemini withLogin(Login login) {
    return new Gemini(login, schemas);
  }

  /** The same with schemas in another form. */
  public Gemini withSchemas(Schemas schemas) {
    return new Gemini(login, schemas);
  }

  @Override
  public String name() {
    return "gemini";
  }

  @Override
  public WireRequest write(LlmRequest request, WriteOptions options) {
    new McpServers(name(), request, options).refuse();
    String verb = options.stream() ? "streamGenerateContent?alt=sse" : "generateContent";
    String model = request.model().contains("/") ? request.model() : "models/" + request.model();
    return Wiring.post(
        "/%s:%s".formatted(encode(model), verb),
        Headers.NONE,
        new GeminiWriter(request, schemas).body(),
        options.stream());
  }

  private static String encode(String path) {
    return Arrays.stream(path.split("/"))
        .map(step -> URLEncoder.encode(step, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  @Override
  public Headers login(String key) {
    return login.with(key);
  }

  @Override
  public Reading read(WireResponse response) {
    return GeminiReader.read(response);
  }

  @Override
  public StreamReader stream(Headers headers) {
    return new GeminiStream(headers);
  }
}
