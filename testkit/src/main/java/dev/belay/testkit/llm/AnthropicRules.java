package dev.belay.testkit.llm;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Anthropic's messages refuse. */
final class AnthropicRules {
  private static final Set<String> KNOWN =
      Set.of(
          "cache_control",
          "container",
          "context_management",
          "inference_geo",
          "max_tokens",
          "mcp_servers",
          "messages",
          "metadata",
          "model",
          "output_config",
          "output_format",
          "service_tier",
          "speed",
          "stop_sequences",
          "stream",
          "system",
          "temperature",
          "thinking",
          "tool_choice",
          "tools",
          "top_k",
          "top_p");

  private AnthropicRules() {}

  static Optional<Fault> objection(LlmRequest request, JsonNode body) {
    if (request.header("anthropic-version").isEmpty()) {
      return invalid("anthropic-version: header is required");
    }
    for (String name : Set.of("model", "max_tokens", "messages")) {
      if (!body.has(name)) {
        return invalid(name + ": Field required");
      }
    }
    for (String name : body.propertyNames()) {
      if (!KNOWN.contains(name)) {
        return invalid(name + ": Extra inputs are not permitted");
      }
    }
    if (request.model().isEmpty()) {
      return invalid("model: String should have at least 1 character");
    }
    if (!body.path("max_tokens").isIntegralNumber()) {
      return invalid("max_tokens: Input should be a valid integer");
    }
    if (body.path("max_tokens").doubleValue() < 1) {
      return invalid("max_tokens: Input should be greater than or equal to 1");
    }
    JsonNode temperature = body.path("temperature");
    if (temperature.isNumber()
        && (temperature.doubleValue() < 0 || temperature.doubleValue() > 1)) {
      return invalid("temperature: range: 0..1");
    }
    if (body.has("mcp_servers")
        && !request.header("anthropic-beta").orElse("").contains("mcp-client")) {
      return invalid("mcp_servers: Extra inputs are not permitted");
    }
    JsonNode messages = body.path("messages");
    if (!messages.isArray()) {
      return invalid("messages: Input should be a valid list");
    }
    if (messages.isEmpty()) {
      return invalid("messages: at least one message is required");
    }
    return messages(messages).or(() -> tools(body.path("tools")));
  }

  private static Optional<Fault> messages(JsonNode messages) {
    Set<String> open = new HashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String role = message.path("role").asString("");
      if (!role.equals("user") && !role.equals("assistant")) {
        return invalid(
            role.equals("system")
                ? "messages: Unexpected role \"system\". The Messages API accepts a top-level"
                    + " `system` parameter, not \"system\" as an input message role."
                : "messages." + i + ".role: Input should be 'user' or 'assistant'");
      }
      if (i == 0 && role.equals("assistant")) {
        return invalid("messages: first message must use the \"user\" role");
      }
      boolean last = i == messages.size() - 1;
      Optional<Fault> wrong = content(message.path("content"), i, last && role.equals("assistant"));
      if (wrong.isEmpty()) {
        wrong = pairs(message, i, open);
      }
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return open.isEmpty() ? Optional.empty() : unanswered(messages.size() - 1, open);
  }

  private static Optional<Fault> content(JsonNode content, int index, boolean mayBeEmpty) {
    if (content.isMissingNode() || content.isNull()) {
      return invalid("messages." + index + ".content: Field required");
    }
    boolean empty = content.isString() ? content.stringValue().isEmpty() : content.isEmpty();
    if (empty && !mayBeEmpty) {
      return invalid(
          "messages."
              + index
              + ": all messages must have non-empty content except for the optional final assistant"
              + " message");
    }
    String end = content.isString() ? content.stringValue() : "";
    if (mayBeEmpty && !end.equals(end.stripTrailing())) {
      return invalid("messages: final assistant content cannot end with trailing whitespace");
    }
    for (JsonNode block : content) {
      if (!block.path("type").isString()) {
        return invalid("messages." + index + ".content.0.type: Field required");
      }
      if (block.path("type").stringValue().equals("text")
          && block.path("text").asString("").isEmpty()) {
        return invalid("messages: text content blocks must be non-empty");
      }
    }
    return Optional.empty();
  }

  /** Each use of a tool has its result in the next message, and each result its use before it. */
  private static Optional<Fault> pairs(JsonNode message, int index, Set<String> open) {
    Set<String> answered = new HashSet<>();
    for (JsonNode block : message.path("content")) {
      if (block.path("type").asString("").equals("tool_result")) {
        String id = block.path("tool_use_id").asString("");
        if (!open.contains(id)) {
          return invalid(
              "messages."
                  + index
                  + ".content.0: unexpected `tool_use_id` found in `tool_result` blocks: "
                  + id
                  + ". Each `tool_result` block must have a corresponding `tool_use` block in the"
                  + " previous message.");
        }
        answered.add(id);
      }
    }
    open.removeAll(answered);
    if (!open.isEmpty()) {
      return unanswered(index - 1, open);
    }
    for (JsonNode block : message.path("content")) {
      if (block.path("type").asString("").equals("tool_use")) {
        open.add(block.path("id").asString(""));
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> unanswered(int index, Set<String> open) {
    return invalid(
        "messages."
            + index
            + ": `tool_use` ids were found without `tool_result` blocks immediately after: "
            + open);
  }

  private static Optional<Fault> tools(JsonNode tools) {
    for (int i = 0; i < tools.size(); i++) {
      JsonNode tool = tools.get(i);
      if (tool.path("name").asString("").isEmpty() && !tool.has("mcp_server_name")) {
        return invalid("tools." + i + ".name: Field required");
      }
      boolean own = !tool.has("type") || tool.path("type").asString("").equals("custom");
      if (own && !tool.path("input_schema").isObject()) {
        return invalid("tools." + i + ".custom.input_schema: Field required");
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> invalid(String message) {
    return Optional.of(Fault.of(Trouble.INVALID).message(message));
  }
}
