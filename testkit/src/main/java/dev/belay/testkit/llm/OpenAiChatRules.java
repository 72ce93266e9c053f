package dev.belay.testkit.llm;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What OpenAI's chat completions refuse. */
final class OpenAiChatRules {
  private static final Set<String> KNOWN =
      Set.of(
          "audio",
          "frequency_penalty",
          "function_call",
          "functions",
          "logit_bias",
          "logprobs",
          "max_completion_tokens",
          "max_tokens",
          "messages",
          "metadata",
          "modalities",
          "model",
          "n",
          "parallel_tool_calls",
          "prediction",
          "presence_penalty",
          "prompt_cache_key",
          "prompt_cache_retention",
          "reasoning_effort",
          "response_format",
          "safety_identifier",
          "seed",
          "service_tier",
          "stop",
          "store",
          "stream",
          "stream_options",
          "temperature",
          "tool_choice",
          "tools",
          "top_logprobs",
          "top_p",
          "user",
          "verbosity",
          "web_search_options");
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private OpenAiChatRules() {}

  static Optional<Fault> objection(LlmRequest request, JsonNode body) {
    if (request.model().isEmpty()) {
      return OpenAi.invalid("", "", "you must provide a model parameter");
    }
    for (String name : body.propertyNames()) {
      if (!KNOWN.contains(name)) {
        return OpenAi.invalid(
            "unknown_parameter", name, "Unrecognized request argument supplied: " + name);
      }
    }
    JsonNode messages = body.path("messages");
    if (messages.isMissingNode()) {
      return OpenAi.missing("messages");
    }
    if (!messages.isArray()) {
      return type("messages", "an array of objects");
    }
    if (messages.isEmpty()) {
      return OpenAi.invalid(
          "empty_array",
          "messages",
          "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an"
              + " empty array instead.");
    }
    return settings(body)
        .or(() -> messages(messages))
        .or(() -> tools(body.path("tools")))
        .or(() -> jsonMode(body, messages));
  }

  private static Optional<Fault> settings(JsonNode body) {
    if (body.has("stream") && !body.path("stream").isBoolean()) {
      return type("stream", "a boolean");
    }
    if (body.has("stream_options") && !body.path("stream").asBoolean(false)) {
      return OpenAi.invalid(
          "",
          "stream_options",
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
    return range(body, "n", 1, 128)
        .or(() -> range(body, "max_tokens", 1, Integer.MAX_VALUE))
        .or(() -> range(body, "max_completion_tokens", 1, Integer.MAX_VALUE))
        .or(() -> range(body, "temperature", 0, 2))
        .or(() -> range(body, "top_p", 0, 1));
  }

  static Optional<Fault> range(JsonNode body, String name, double least, double most) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isNumber()) {
      return type(name, "a number");
    }
    if (value.doubleValue() < least) {
      return OpenAi.invalid(
          name.equals("n") ? "integer_below_min_value" : "decimal_below_min_value",
          name,
          "Invalid '" + name + "': below the minimum value of " + least + ".");
    }
    return value.doubleValue() > most
        ? OpenAi.invalid(
            "decimal_above_max_value",
            name,
            "Invalid '" + name + "': above the maximum value of " + most + ".")
        : Optional.empty();
  }

  static Optional<Fault> type(String param, String expected) {
    return OpenAi.invalid(
        "invalid_type", param, "Invalid type for '" + param + "': expected " + expected + ".");
  }

  private static Optional<Fault> messages(JsonNode messages) {
    Set<String> open = new HashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String at = "messages[" + i + "]";
      String role = message.path("role").asString("");
      if (!ROLES.contains(role)) {
        return OpenAi.invalid(
            "invalid_value", at + ".role", "Invalid value: '" + role + "' of " + at + ".role.");
      }
      if (role.equals("tool")) {
        if (!open.remove(message.path("tool_call_id").asString(""))) {
          return OpenAi.invalid(
              "",
              at + ".role",
              "Invalid parameter: messages with role 'tool' must be a response to a preceding"
                  + " message with 'tool_calls'.");
        }
      } else if (!open.isEmpty()) {
        return unanswered(at, open);
      }
      Optional<Fault> wrong = content(message, role, at);
      if (wrong.isPresent()) {
        return wrong;
      }
      message.path("tool_calls").forEach(call -> open.add(call.path("id").asString("")));
    }
    return open.isEmpty() ? Optional.empty() : unanswered("messages", open);
  }

  private static Optional<Fault> unanswered(String at, Set<String> open) {
    return OpenAi.invalid(
        "",
        at,
        "An assistant message with 'tool_calls' must be followed by tool messages responding to"
            + " each 'tool_call_id'. Missing: "
            + open);
  }

  private static Optional<Fault> content(JsonNode message, String role, String at) {
    JsonNode content = message.path("content");
    if (content.isString()) {
      return Optional.empty();
    }
    if (content.isArray()) {
      return content.isEmpty()
          ? OpenAi.invalid(
              "empty_array", at + ".content", "Invalid '" + at + ".content': empty array.")
          : Optional.empty();
    }
    boolean mayLack =
        role.equals("assistant")
            && (message.has("tool_calls")
                || message.has("refusal")
                || message.has("audio")
                || message.has("function_call"));
    if (mayLack && (content.isNull() || content.isMissingNode())) {
      return Optional.empty();
    }
    return OpenAi.invalid(
        "invalid_type",
        at + ".content",
        "Invalid value for 'content': expected a string, got "
            + (content.isMissingNode() || content.isNull() ? "null" : "another type")
            + ".");
  }

  private static Optional<Fault> tools(JsonNode tools) {
    if (tools.isArray() && tools.isEmpty()) {
      return OpenAi.invalid("empty_array", "tools", "Invalid 'tools': empty array.");
    }
    for (int i = 0; i < tools.size(); i++) {
      JsonNode tool = tools.get(i);
      String at = "tools[" + i + "]";
      if (!tool.has("type")) {
        return OpenAi.missing(at + ".type");
      }
      if (tool.path("type").asString("").equals("function")
          && !NAME.matcher(tool.path("function").path("name").asString("")).matches()) {
        return OpenAi.invalid(
            "invalid_value",
            at + ".function.name",
            "Invalid '"
                + at
                + ".function.name': expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.");
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> jsonMode(JsonNode body, JsonNode messages) {
    if (!body.path("response_format").path("type").asString("").equals("json_object")) {
      return Optional.empty();
    }
    for (JsonNode message : messages) {
      if (Json.contentText(message.path("content")).toLowerCase(Locale.ROOT).contains("json")) {
        return Optional.empty();
      }
    }
    return OpenAi.invalid(
        "",
        "messages",
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type"
            + " 'json_object'.");
  }
}
