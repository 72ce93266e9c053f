package dev.belay.llm.front;

import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the conversation of a chat completion. */
final class OpenAiChatMessages {
  private OpenAiChatMessages() {}

  static List<Message> read(Fields body) {
    List<Fields> turns = body.list("messages");
    if (turns.isEmpty()) {
      throw body.wrong("messages", "is required and must hold at least one message");
    }
    return turns.stream().map(OpenAiChatMessages::message).toList();
  }

  private static Message message(Fields turn) {
    return switch (turn.required("role")) {
      case "system", "developer" -> new Message(Message.Role.SYSTEM, content(turn));
      case "user" -> new Message(Message.Role.USER, content(turn));
      case "assistant" -> new Message(Message.Role.ASSISTANT, said(turn));
      case "tool" ->
          new Message(
              Message.Role.TOOL,
              List.of(
                  new Part.ToolResult(turn.required("tool_call_id"), text(content(turn)), false)));
      default -> throw turn.wrong("role", "must be system, developer, user, assistant or tool");
    };
  }

  private static List<Part> said(Fields turn) {
    List<Part> parts = new ArrayList<>();
    if (turn.has("content")) {
      parts.addAll(content(turn));
    }
    turn.text("refusal").ifPresent(refusal -> parts.add(new Part.Text(refusal)));
    for (Fields call : turn.list("tool_calls")) {
      Fields function =
          call.section("function").orElseThrow(() -> call.wrong("function", "is required"));
      parts.add(
          new Part.ToolCall(
              call.required("id"),
              function.required("name"),
              function.text("arguments").orElse("")));
    }
    return parts.isEmpty() ? List.of(new Part.Text("")) : parts;
  }

  private static List<Part> content(Fields turn) {
    Optional<Json> content = turn.any("content");
    if (content.isEmpty()) {
      throw turn.wrong("content", "is required");
    }
    if (content.get() instanceof Json.Str text) {
      return List.of(new Part.Text(text.value()));
    }
    List<Part> parts = turn.list("content").stream().map(OpenAiChatMessages::part).toList();
    if (parts.isEmpty()) {
      throw turn.wrong("content", "must hold at least one part");
    }
    return parts;
  }

  private static Part part(Fields part) {
    return switch (part.required("type")) {
      case "text" -> new Part.Text(part.text("text").orElse(""));
      case "refusal" -> new Part.Text(part.text("refusal").orElse(""));
      case "image_url" ->
          Media.of(
              part.section("image_url")
                  .orElseThrow(() -> part.wrong("image_url", "is required"))
                  .required("url"));
      case "input_audio" -> {
        Fields audio =
            part.section("input_audio").orElseThrow(() -> part.wrong("input_audio", "is required"));
        yield new Part.Media("audio/" + audio.required("format"), audio.required("data"), true);
      }
      case "file" -> {
        Fields file = part.section("file").orElseThrow(() -> part.wrong("file", "is required"));
        yield Media.of(file.required("file_data"));
      }
      default -> throw part.wrong("type", "must be text, refusal, image_url, input_audio or file");
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
