package dev.belay.llm.front;

import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the conversation of a request for a response. */
final class OpenAiResponsesInput {
  private OpenAiResponsesInput() {}

  static List<Message> read(Fields body) {
    List<Message> messages = new ArrayList<>();
    body.text("instructions").ifPresent(text -> messages.add(Message.system(text)));
    Optional<Json> input = body.any("input");
    if (input.isPresent() && input.get() instanceof Json.Str question) {
      messages.add(Message.user(question.value()));
      return messages;
    }
    List<Fields> items = body.list("input");
    if (items.isEmpty()) {
      throw body.wrong("input", "is required and must not be empty");
    }
    for (Fields item : items) {
      message(item).ifPresent(messages::add);
    }
    return messages;
  }

  private static Optional<Message> message(Fields item) {
    return switch (item.text("type").orElse("message")) {
      case "message" -> Optional.of(new Message(role(item), content(item)));
      case "function_call" ->
          Optional.of(
              new Message(
                  Message.Role.ASSISTANT,
                  List.of(
                      new Part.ToolCall(
                          item.required("call_id"),
                          item.required("name"),
                          item.text("arguments").orElse("")))));
      case "function_call_output" ->
          Optional.of(
              new Message(
                  Message.Role.TOOL,
                  List.of(
                      new Part.ToolResult(
                          item.required("call_id"), item.text("output").orElse(""), false))));
      case "reasoning" -> Optional.empty();
      default ->
          throw item.wrong(
              "type", "must be message, function_call, function_call_output or reasoning");
    };
  }

  private static Message.Role role(Fields item) {
    return switch (item.required("role")) {
      case "system", "developer" -> Message.Role.SYSTEM;
      case "user" -> Message.Role.USER;
      case "assistant" -> Message.Role.ASSISTANT;
      default -> throw item.wrong("role", "must be system, developer, user or assistant");
    };
  }

  private static List<Part> content(Fields item) {
    Optional<Json> content = item.any("content");
    if (content.isPresent() && content.get() instanceof Json.Str text) {
      return List.of(new Part.Text(text.value()));
    }
    List<Part> parts = item.list("content").stream().map(OpenAiResponsesInput::part).toList();
    if (parts.isEmpty()) {
      throw item.wrong("content", "is required and must not be empty");
    }
    return parts;
  }

  private static Part part(Fields part) {
    return switch (part.required("type")) {
      case "input_text", "output_text" -> new Part.Text(part.text("text").orElse(""));
      case "refusal" -> new Part.Text(part.text("refusal").orElse(""));
      case "input_image" -> Media.of(part.required("image_url"));
      case "input_file" ->
          Media.of(part.text("file_data").orElseGet(() -> part.required("file_url")));
      default ->
          throw part.wrong(
              "type", "must be input_text, output_text, refusal, input_image or input_file");
    };
  }
}
