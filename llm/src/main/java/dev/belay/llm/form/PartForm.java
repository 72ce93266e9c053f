package dev.belay.llm.form;

import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.json.Json;

/** Turns of a conversation as JSON, and back. */
final class PartForm {
  private PartForm() {}

  static Json message(Message message) {
    return Json.EMPTY
        .with("role", Json.of(Words.of(message.role())))
        .with("parts", Json.of(message.parts().stream().map(PartForm::part).toList()));
  }

  static Message readMessage(Json from) {
    Members in = new Members("message", from);
    return new Message(in.oneOf("role", Message.Role.class), in.list("parts", PartForm::readPart));
  }

  static Json part(Part part) {
    return switch (part) {
      case Part.Text text ->
          Json.EMPTY.with("type", Json.of("text")).with("text", Json.of(text.text()));
      case Part.Media media ->
          Json.EMPTY
              .with("type", Json.of("media"))
              .with("media_type", Json.of(media.mediaType()))
              .with("source", Json.of(media.source()))
              .with("inline", Json.of(media.inline()));
      case Part.ToolCall call ->
          Json.EMPTY
              .with("type", Json.of("tool_call"))
              .with("id", Json.of(call.id()))
              .with("name", Json.of(call.name()))
              .with("arguments", Json.of(call.arguments()));
      case Part.ToolResult result ->
          Json.EMPTY
              .with("type", Json.of("tool_result"))
              .with("id", Json.of(result.id()))
              .with("content", Json.of(result.content()))
              .with("error", Json.of(result.error()));
    };
  }

  static Part.ToolCall readToolCall(Json from) {
    return readPart(from) instanceof Part.ToolCall call
        ? call
        : new Members("tool call", from).fail("type", "be tool_call");
  }

  static Part readPart(Json from) {
    Members in = new Members("part", from);
    return switch (in.text("type")) {
      case "text" -> new Part.Text(in.text("text"));
      case "media" -> new Part.Media(in.text("media_type"), in.text("source"), in.bool("inline"));
      case "tool_call" -> new Part.ToolCall(in.text("id"), in.text("name"), in.text("arguments"));
      case "tool_result" ->
          new Part.ToolResult(in.text("id"), in.text("content"), in.bool("error"));
      default -> in.fail("type", "be text, media, tool_call or tool_result");
    };
  }
}
