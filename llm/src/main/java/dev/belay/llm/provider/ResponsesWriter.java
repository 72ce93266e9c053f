package dev.belay.llm.provider;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Writes a request as OpenAI's responses want it. */
final class ResponsesWriter {
  private final LlmRequest request;
  private final List<Json.Obj> servers;
  private final boolean stream;

  ResponsesWriter(LlmRequest request, List<Json.Obj> servers, boolean stream) {
    this.request = request;
    this.servers = servers;
    this.stream = stream;
  }

  Json.Obj body() {
    Members body =
        new Members()
            .put("model", request.model())
            .put("input", input())
            .put("store", false)
            .putUnlessEmpty("tools", tools());
    if (!request.tools().isEmpty()) {
      body.put("tool_choice", toolChoice());
    }
    switch (request.format()) {
      case ResponseFormat.Text text -> {}
      case ResponseFormat.JsonObject any ->
          body.put("text", Members.one("format", Members.one("type", "json_object")));
      case ResponseFormat.JsonSchema schema ->
          body.put("text", Members.one("format", schema(schema)));
    }
    request.temperature().ifPresent(value -> body.put("temperature", Json.of(value)));
    request.topP().ifPresent(value -> body.put("top_p", Json.of(value)));
    request.maxTokens().ifPresent(value -> body.put("max_output_tokens", value));
    if (stream) {
      body.put("stream", true);
    }
    return Members.merge(body.done(), request.extra());
  }

  private static Json.Obj schema(ResponseFormat.JsonSchema schema) {
    return new Members()
        .put("type", "json_schema")
        .put("name", schema.name())
        .put("schema", schema.schema())
        .put("strict", schema.strict())
        .done();
  }

  private Json toolChoice() {
    return switch (request.toolChoice()) {
      case "auto", "none", "required" -> Json.of(request.toolChoice());
      default -> new Members().put("type", "function").put("name", request.toolChoice()).done();
    };
  }

  private List<Json> tools() {
    List<Json> all = new ArrayList<>();
    request
        .tools()
        .forEach(tool ->
            all.add(
                new Members()
                    .put("type", "function")
                    .put("name", tool.name())
                    .putUnlessEmpty("description", tool.description())
                    .put("parameters", tool.parameters())
                    .put("strict", false)
                    .done()));
    all.addAll(servers);
    return all;
  }

  private List<Json> input() {
    List<Json> all = new ArrayList<>();
    for (Turn turn : Turns.inPlace(JsonOnly.messages(request))) {
      for (Part.ToolResult result : turn.all(Part.ToolResult.class)) {
        all.add(
            new Members()
                .put("type", "function_call_output")
                .put("call_id", CallIds.plain(result.id()))
                .put("output", Wiring.content(result))
                .done());
      }
      if (!turn.words().isEmpty()) {
        all.add(message(turn));
      }
      for (Part.ToolCall call : turn.all(Part.ToolCall.class)) {
        all.add(
            new Members()
                .put("type", "function_call")
                .put("call_id", CallIds.plain(call.id()))
                .put("name", call.name())
                .put("arguments", call.arguments())
                .done());
      }
    }
    return all;
  }

  private static Json message(Turn turn) {
    Members message =
        new Members()
            .put("type", "message")
            .put(
                "role",
                switch (turn.role()) {
                  case SYSTEM -> "system";
                  case ASSISTANT -> "assistant";
                  case USER, TOOL -> "user";
                });
    List<Part> words = turn.words();
    if (turn.isBy(Role.ASSISTANT) || words.stream().allMatch(Part.Text.class::isInstance)) {
      return message.put("content", turn.text()).done();
    }
    return message.put("content", words.stream().map(ResponsesWriter::piece).toList()).done();
  }

  private static Json piece(Part part) {
    if (!(part instanceof Part.Media media)) {
      return new Members().put("type", "input_text").put("text", ((Part.Text) part).text()).done();
    }
    if (Wiring.isImage(media)) {
      return new Members()
          .put("type", "input_image")
          .put("image_url", Wiring.address(media))
          .done();
    }
    Members file = new Members().put("type", "input_file");
    return media.inline()
        ? file.put("filename", "file." + Wiring.subtype(media))
            .put("file_data", Wiring.address(media))
            .done()
        : file.put("file_url", media.source()).done();
  }
}
