package dev.belay.llm.provider;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.Tool;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Writes a request as a chat completion. */
final class ChatWriter {
  private final LlmRequest request;
  private final String limitField;
  private final boolean stream;

  ChatWriter(LlmRequest request, String limitField, boolean stream) {
    this.request = request;
    this.limitField = limitField;
    this.stream = stream;
  }

  Json.Obj body() {
    Members body = new Members().put("model", request.model()).put("messages", messages());
    if (!request.tools().isEmpty()) {
      body.put("tools", request.tools().stream().map(ChatWriter::tool).toList());
      body.put("tool_choice", toolChoice());
    }
    switch (request.format()) {
      case ResponseFormat.Text text -> {}
      case ResponseFormat.JsonObject any ->
          body.put("response_format", Members.one("type", "json_object"));
      case ResponseFormat.JsonSchema schema -> body.put("response_format", schema(schema));
    }
    request.temperature().ifPresent(value -> body.put("temperature", Json.of(value)));
    request.topP().ifPresent(value -> body.put("top_p", Json.of(value)));
    request.maxTokens().ifPresent(value -> body.put(limitField, value));
    body.putTexts("stop", request.stop());
    if (stream) {
      body.put("stream", true);
      body.put("stream_options", Members.one("include_usage", Json.of(true)));
    }
    return Members.merge(body.done(), request.extra());
  }

  private static Json.Obj schema(ResponseFormat.JsonSchema schema) {
    return new Members()
        .put("type", "json_schema")
        .put(
            "json_schema",
            new Members()
                .put("name", schema.name())
                .put("schema", schema.schema())
                .put("strict", schema.strict())
                .done())
        .done();
  }

  private Json toolChoice() {
    return switch (request.toolChoice()) {
      case "auto", "none", "required" -> Json.of(request.toolChoice());
      default ->
          new Members()
              .put("type", "function")
              .put("function", Members.one("name", request.toolChoice()))
              .done();
    };
  }

  private static Json tool(Tool tool) {
    Json.Obj function =
        new Members()
            .put("name", tool.name())
            .putUnlessEmpty("description", tool.description())
            .put("parameters", tool.parameters())
            .done();
    return new Members().put("type", "function").put("function", function).done();
  }

  private List<Json> messages() {
    List<Json> all = new ArrayList<>();
    for (Turn turn : Turns.inPlace(JsonOnly.messages(request))) {
      for (Part.ToolResult result : turn.all(Part.ToolResult.class)) {
        all.add(
            new Members()
                .put("role", "tool")
                .put("tool_call_id", CallIds.plain(result.id()))
                .put("content", Wiring.content(result))
                .done());
      }
      if (turn.isBy(Role.ASSISTANT)) {
        all.add(assistant(turn));
      } else if (!turn.words().isEmpty()) {
        all.add(words(turn));
      }
    }
    return all;
  }

  private static Json assistant(Turn turn) {
    List<Part.ToolCall> calls = turn.all(Part.ToolCall.class);
    String text = turn.text();
    Members message =
        new Members()
            .put("role", "assistant")
            .put("content", text.isEmpty() ? new Json.Null() : Json.of(text));
    if (!calls.isEmpty()) {
      message.put("tool_calls", calls.stream().map(ChatWriter::call).toList());
    } else if (text.isEmpty()) {
      message.put("content", Turns.NO_ANSWER);
    }
    return message.done();
  }

  private static Json call(Part.ToolCall call) {
    Json.Obj function =
        new Members().put("name", call.name()).put("arguments", call.arguments()).done();
    return new Members()
        .put("id", CallIds.plain(call.id()))
        .put("type", "function")
        .put("function", function)
        .done();
  }

  private static Json words(Turn turn) {
    Members message = new Members().put("role", turn.isBy(Role.SYSTEM) ? "system" : "user");
    List<Part> words = turn.words();
    if (words.size() == 1 && words.getFirst() instanceof Part.Text text) {
      return message.put("content", text.text()).done();
    }
    return message.put("content", words.stream().map(ChatWriter::piece).toList()).done();
  }

  private static Json piece(Part part) {
    if (!(part instanceof Part.Media media)) {
      return new Members().put("type", "text").put("text", ((Part.Text) part).text()).done();
    }
    if (Wiring.isImage(media)) {
      return new Members()
          .put("type", "image_url")
          .put("image_url", Members.one("url", Wiring.address(media)))
          .done();
    }
    if (Wiring.isAudio(media) && media.inline()) {
      return new Members()
          .put("type", "input_audio")
          .put(
              "input_audio",
              new Members().put("data", media.source()).put("format", Wiring.subtype(media)).done())
          .done();
    }
    return new Members()
        .put("type", "file")
        .put(
            "file",
            new Members()
                .put("filename", "file." + Wiring.subtype(media))
                .put("file_data", Wiring.address(media))
                .done())
        .done();
  }
}
