package dev.belay.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.json.Json;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a model is asked, in no provider's own form. Immutable, safe for any number of threads;
 * build one by {@link #of} or {@link #to}, change one by {@link #toBuilder}.
 */
public final class LlmRequest {
  private final String model;
  private final List<Message> messages;
  private final List<Tool> tools;
  private final String toolChoice;
  private final ResponseFormat format;
  private final OptionalDouble temperature;
  private final OptionalDouble topP;
  private final OptionalInt maxTokens;
  private final List<String> stop;
  private final List<McpServer> mcpServers;
  private final Json.Obj extra;

  private LlmRequest(Builder from) {
    model = requireNonNull(from.model, "model");
    messages = List.copyOf(from.messages);
    tools = List.copyOf(from.tools);
    toolChoice = requireNonNull(from.toolChoice, "toolChoice");
    format = requireNonNull(from.format, "format");
    temperature = from.temperature;
    topP = from.topP;
    maxTokens = from.maxTokens;
    stop = List.copyOf(from.stop);
    mcpServers = List.copyOf(from.mcpServers);
    extra = from.extra;
    Check.that(!model.isBlank(), "model must not be empty");
    Check.that(!messages.isEmpty(), "messages must hold at least 1 message, held 0");
    Check.that(
        maxTokens.isEmpty() || maxTokens.getAsInt() >= 1,
        "max_tokens must be 1 or more, was %s",
        maxTokens);
    Check.that(
        temperature.isEmpty() || (temperature.getAsDouble() >= 0 && temperature.getAsDouble() <= 2),
        "temperature must be 0 to 2, was %s",
        temperature);
    Check.that(
        topP.isEmpty() || (topP.getAsDouble() >= 0 && topP.getAsDouble() <= 1),
        "top_p must be 0 to 1, was %s",
        topP);
  }

  /** One question to a model. */
  public static LlmRequest of(String model, String question) {
    return to(model).messages(List.of(Message.user(question))).build();
  }

  /** Starts a request to a model, or to a route that stands for several. */
  public static Builder to(String model) {
    return new Builder(model);
  }

  /** The model, or the route that stands for several. */
  public String model() {
    return model;
  }

  /** The conversation so far, oldest first; at least one. */
  public List<Message> messages() {
    return messages;
  }

  /** What the model may ask for. */
  public List<Tool> tools() {
    return tools;
  }

  /** {@code auto}, {@code none}, {@code required}, or the name of the one tool to use. */
  public String toolChoice() {
    return toolChoice;
  }

  /** The form in which the answer is wanted. */
  public ResponseFormat format() {
    return format;
  }

  /** Randomness, 0 to 2; the provider's default if empty. */
  public OptionalDouble temperature() {
    return temperature;
  }

  /** Share of the probability that is drawn from, 0 to 1; the provider's default if empty. */
  public OptionalDouble topP() {
    return topP;
  }

  /** The longest answer in tokens; the provider's default if empty. */
  public OptionalInt maxTokens() {
    return maxTokens;
  }

  /** Texts that end the answer. */
  public List<String> stop() {
    return stop;
  }

  /** Servers of tools that go with this call. */
  public List<McpServer> mcpServers() {
    return mcpServers;
  }

  /** Members that are sent to the provider as they are, on top of all others. */
  public Json.Obj extra() {
    return extra;
  }

  /** Starts from this request. */
  public Builder toBuilder() {
    Builder copy = new Builder(model);
    copy.messages = messages;
    copy.tools = tools;
    copy.toolChoice = toolChoice;
    copy.format = format;
    copy.temperature = temperature;
    copy.topP = topP;
    copy.maxTokens = maxTokens;
    copy.stop = stop;
    copy.mcpServers = mcpServers;
    copy.extra = extra;
    return copy;
  }

  @Override
  public String toString() {
    return "LlmRequest[%s, %d messages, %d tools]".formatted(model, messages.size(), tools.size());
  }

  /** Collects what is asked; {@link #build} checks it all. */
  public static final class Builder {
    private String model;
    private List<Message> messages = List.of();
    private List<Tool> tools = List.of();
    private String toolChoice = "auto";
    private ResponseFormat format = new ResponseFormat.Text();
    private OptionalDouble temperature = OptionalDouble.empty();
    private OptionalDouble topP = OptionalDouble.empty();
    private OptionalInt maxTokens = OptionalInt.empty();
    private List<String> stop = List.of();
    private List<McpServer> mcpServers = List.of();
    private Json.Obj extra = Json.EMPTY;

    private Builder(String model) {
      this.model = model;
    }

    /** Asks another model. */
    public Builder model(String name) {
      model = name;
      return this;
    }

    /** The conversation so far. */
    public Builder messages(List<Message> turns) {
      messages = turns;
      return this;
    }

    /** What the model may ask for; default nothing. */
    public Builder tools(List<Tool> functions) {
      tools = functions;
      return this;
    }

    /** {@code auto} (default), {@code none}, {@code required}, or a tool's name. */
    public Builder toolChoice(String choice) {
      toolChoice = choice;
      return this;
    }

    /** The form in which the answer is wanted; default any text. */
    public Builder format(ResponseFormat form) {
      format = form;
      return this;
    }

    /** Randomness, 0 to 2. */
    public Builder temperature(double value) {
      temperature = OptionalDouble.of(value);
      return this;
    }

    /** Share of the probability that is drawn from, 0 to 1. */
    public Builder topP(double value) {
      topP = OptionalDouble.of(value);
      return this;
    }

    /** The longest answer in tokens, 1 or more. */
    public Builder maxTokens(int tokens) {
      maxTokens = OptionalInt.of(tokens);
      return this;
    }

    /** Texts that end the answer. */
    public Builder stop(List<String> texts) {
      stop = texts;
      return this;
    }

    /** Servers of tools that go with this call. */
    public Builder mcpServers(List<McpServer> servers) {
      mcpServers = servers;
      return this;
    }

    /** Members that are sent to the provider as they are. */
    public Builder extra(Json.Obj members) {
      extra = members;
      return this;
    }

    /**
     * The request, checked.
     *
     * @throws IllegalArgumentException that names field, value and range
     */
    public LlmRequest build() {
      return new LlmRequest(this);
    }
  }
}
