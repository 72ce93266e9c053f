package dev.belay.llm.front;

import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the conversation of Anthropic's messages. */
final class AnthropicMessages {
  private AnthropicMessages() {}

  static List<Message> system(Fields body) {
    if (!body.has("system")) {
      return List.of();
    }
    return List.of(new Message(Message.Role.SYSTEM, content(body, "system")));
  }

  static List<Message> read(Fields body) {
    List<Fields> turns = body.list("messages");
    if (turns.isEmpty()) {
      throw body.wrong("messages", "is required and must hold at least one message");
    }
    List<Message> messages = new ArrayList<>();
    for (Fields turn : turns) {
      switch (turn.required("role")) {
        case "user" -> user(turn, messages);
        case "assistant" ->
            messages.add(new Message(Message.Role.ASSISTANT, content(turn, "content")));
        default -> throw turn.wrong("role", "must be user or assistant");
      }
    }
    return messages;
  }

  /** Results of tools are turns of their own with us. */
  private static void user(Fields turn, List<Message> messages) {
    List<Part> results = new ArrayList<>();
    List<Part> said = new ArrayList<>();
    for (Part part : content(turn, "content")) {
      (part instanceof Part.ToolResult ? results : said).add(part);
    }
    if (!results.isEmpty()) {
      messages.add(new Message(Message.Role.TOOL, results));
    }
    if (!said.isEmpty()) {
      messages.add(new Message(Message.Role.USER, said));
    }
  }

  private static List<Part> content(Fields turn, String name) {
    Optional<Json> content = turn.any(name);
    if (content.isEmpty()) {
      throw turn.wrong(name, "is required");
    }
    if (content.get() instanceof Json.Str text) {
      return List.of(new Part.Text(text.value()));
    }
    List<Part> parts = new ArrayList<>();
    for (Fields block : turn.list(name)) {
      part(block).ifPresent(parts::add);
    }
    return parts.isEmpty() ? List.of(new Part.Text("")) : parts;
  }

  private static Optional<Part> part(Fields block) {
    return switch (block.required("type")) {
      case "text" -> Optional.of(new Part.Text(block.text("text").orElse("")));
      case "image", "document" ->
          Optional.of(
              media(
                  block.section("source").orElseThrow(() -> block.wrong("source", "is required"))));
      case "tool_use" ->
          Optional.of(
              new Part.ToolCall(
                  block.required("id"),
                  block.required("name"),
                  block.section("input").map(Fields::object).orElse(Json.EMPTY).toString()));
      case "tool_result" ->
          Optional.of(
              new Part.ToolResult(
                  block.required("tool_use_id"),
                  block.has("content") ? text(content(block, "content")) : "",
                  block.yes("is_error", false)));
      case "thinking", "redacted_thinking" -> Optional.empty();
      default ->
          throw block.wrong(
              "type", "must be text, image, document, tool_use, tool_result or thinking");
    };
  }

  private static Part.Media media(Fields source) {
    return switch (source.required("type")) {
      case "base64" -> new Part.Media(source.required("media_type"), source.required("data"), true);
      case "url" -> Media.of(source.required("url"));
      default -> throw source.wrong("type", "must be base64 or url");
    };
  }

  private static String text(List<Part> parts) {
    StringBuilder all = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Part.Text text) {
        all.append(text.text());
      }
    }
    return all.toString();
  }
}
