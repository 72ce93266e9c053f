package dev.belay.testkit.llm;

import dev.belay.testkit.Header;
import dev.belay.testkit.ReceivedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A request as a provider got it. Immutable; what is inside the body is parsed anew by each method
 * that says so, because thousands of requests are kept.
 *
 * <pre>{@code
 * assertThat(provider.requests().getFirst().lastUserText()).contains("attempt 2/3");
 * assertThat(provider.requests()).extracting(LlmRequest::model).containsExactly("big", "small");
 * }</pre>
 */
public final class LlmRequest {

  /** What is known without the body. */
  record Arrival(ReceivedRequest http, Route route, int concurrency) {}

  private final Arrival arrival;
  private final String key;
  private final String model;
  private final boolean streams;
  private final Duration withinHint;

  private LlmRequest(
      Arrival arrival, String key, String model, boolean streams, Duration withinHint) {
    this.arrival = arrival;
    this.key = key;
    this.model = model;
    this.streams = streams;
    this.withinHint = withinHint;
  }

  static LlmRequest of(Arrival arrival, String key, JsonNode body) {
    Route route = arrival.route();
    return new LlmRequest(
        arrival,
        key,
        route.model().orElseGet(() -> body.path("model").asString("")),
        route.streams()
            || (route.dialect() != Dialect.GEMINI && body.path("stream").asBoolean(false)),
        Duration.ZERO);
  }

  LlmRequest withinHint(Duration left) {
    return left.isZero() ? this : new LlmRequest(arrival, key, model, streams, left);
  }

  /** The format in which it was asked. */
  public Dialect dialect() {
    return arrival.route().dialect();
  }

  /** The path without the query. */
  public String path() {
    return http().path();
  }

  /** The API key, from whichever header or parameter the dialect has for it; empty for none. */
  public String key() {
    return key;
  }

  /** The model that was asked for, from the body or the path; empty for none. */
  public String model() {
    return model;
  }

  /** Whether a stream was asked for. */
  public boolean streams() {
    return streams;
  }

  /** The message as it came: method, headers, body. */
  public ReceivedRequest http() {
    return arrival.http();
  }

  /** The first header of that name, in any case. */
  public Optional<String> header(String name) {
    return http().header(name);
  }

  /** All headers in the order they came. */
  public List<Header> headers() {
    return http().headers();
  }

  /** The body as it came. */
  public String body() {
    return http().bodyText();
  }

  /** When its head had been read, on the clock of {@link System#nanoTime}. */
  public long arrivalNanos() {
    return http().arrivalNanos();
  }

  /** How many requests were under way when it arrived, itself included. */
  public int concurrency() {
    return arrival.concurrency();
  }

  /**
   * How much of a wait was left that this key had been told for this model; zero where it came in
   * time. Such a call is wasted.
   */
  public Duration withinHint() {
    return withinHint;
  }

  /** The messages in order, the system prompt first. Parses the body. */
  public List<Message> messages() {
    return messages(tree());
  }

  private List<Message> messages(JsonNode body) {
    List<Message> messages = new ArrayList<>();
    switch (dialect()) {
      case OPENAI_CHAT -> add(messages, body.path("messages"), "content");
      case ANTHROPIC -> {
        if (body.has("system")) {
          messages.add(new Message("system", Json.contentText(body.path("system"))));
        }
        add(messages, body.path("messages"), "content");
      }
      case OPENAI_RESPONSES -> {
        if (body.path("instructions").isString()) {
          messages.add(new Message("system", body.path("instructions").stringValue()));
        }
        if (body.path("input").isString()) {
          messages.add(new Message("user", body.path("input").stringValue()));
        }
        add(messages, body.path("input"), "content");
      }
      case GEMINI -> {
        if (body.has("systemInstruction")) {
          String text = Json.contentText(body.path("systemInstruction").path("parts"));
          messages.add(new Message("system", text));
        }
        add(messages, body.path("contents"), "parts");
      }
    }
    return List.copyOf(messages);
  }

  private static void add(List<Message> messages, JsonNode list, String content) {
    for (JsonNode message : list) {
      String role = message.path("role").asString(message.path("type").asString("user"));
      JsonNode text = message.has(content) ? message.path(content) : message.path("output");
      messages.add(new Message(role, Json.contentText(text)));
    }
  }

  /** The text of the last message of the user; empty where there is none. Parses the body. */
  public String lastUserText() {
    return messages().reversed().stream()
        .filter(message -> message.role().equals("user"))
        .findFirst()
        .map(Message::text)
        .orElse("");
  }

  /** The tools that were offered. Parses the body. */
  public List<Tool> tools() {
    List<Tool> tools = new ArrayList<>();
    for (JsonNode tool : tree().path("tools")) {
      if (tool.has("functionDeclarations")) {
        tool.path("functionDeclarations").forEach(declared -> tools.add(tool(declared)));
      } else {
        tools.add(tool(tool.has("function") ? tool.path("function") : tool));
      }
    }
    return List.copyOf(tools);
  }

  private static Tool tool(JsonNode tool) {
    JsonNode schema =
        tool.has("input_schema") ? tool.path("input_schema") : tool.path("parameters");
    return new Tool(
        tool.path("name").asString(""),
        tool.path("description").asString(""),
        schema.isMissingNode() ? "{}" : schema.toString());
  }

  /**
   * What the body holds at that JSON pointer, {@code /response_format/type} say: a text as it is,
   * anything else as JSON. Parses the body.
   */
  public Optional<String> at(String pointer) {
    JsonNode node = tree().at(pointer);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(node.isString() ? node.stringValue() : node.toString());
  }

  private JsonNode tree() {
    return Json.parse(http().body()).orElseGet(() -> Json.objectOf("{}"));
  }

  /** Bytes it takes to remember this. */
  long size() {
    return 512 + http().bodyLength();
  }

  /** Dialect and model; never the key or the text. */
  @Override
  public String toString() {
    return "LlmRequest["
        + dialect().name().toLowerCase(Locale.ROOT)
        + ", "
        + model
        + (streams ? ", stream]" : "]");
  }
}
