package dev.belay.llm.provider;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a request as Gemini wants it. */
final class GeminiWriter {
  /** What the older form of schemas does not know. */
  private static final Set<String> UNKNOWN = Set.of("$schema", "$id", "additionalProperties");

  private final LlmRequest request;
  private final Gemini.Schemas schemas;

  /** Results must name the tool, not only the call. */
  private final Map<String, String> toolsByCall = new HashMap<>();

  GeminiWriter(LlmRequest request, Gemini.Schemas schemas) {
    this.request = request;
    this.schemas = schemas;
  }

  Json.Obj body() {
    String instructions = Turns.instructions(request.messages());
    Members body = new Members();
    if (!instructions.isEmpty()) {
      body.put("systemInstruction", Members.one("parts", Json.of(List.of(text(instructions)))));
    }
    body.put("contents", contents());
    if (!request.tools().isEmpty()) {
      body.put("tools", List.of(Members.one("functionDeclarations", Json.of(tools()))));
      body.put("toolConfig", Members.one("functionCallingConfig", toolChoice()));
    }
    body.putUnlessEmpty("generationConfig", config());
    return Members.merge(body.done(), request.extra());
  }

  private static Json.Obj text(String text) {
    return Members.one("text", text);
  }

  private List<Json> contents() {
    List<Json> all = new ArrayList<>();
    for (Turn turn : Turns.alternating(request.messages())) {
      turn.all(Part.ToolCall.class).forEach(call -> toolsByCall.put(call.id(), call.name()));
      all.add(
          new Members()
              .put("role", turn.isBy(Role.ASSISTANT) ? "model" : "user")
              .put("parts", turn.parts().stream().map(this::part).toList())
              .done());
    }
    return all;
  }

  private Json part(Part part) {
    return switch (part) {
      case Part.Text words -> text(words.text());
      case Part.Media media ->
          media.inline()
              ? Members.one(
                  "inlineData",
                  new Members()
                      .put("mimeType", media.mediaType())
                      .put("data", media.source())
                      .done())
              : Members.one(
                  "fileData",
                  new Members()
                      .put("mimeType", media.mediaType())
                      .put("fileUri", media.source())
                      .done());
      case Part.ToolCall call -> {
        Json.Obj function =
            new Members()
                .put("id", CallIds.bare(call.id()))
                .put("name", call.name())
                .put("args", Wiring.arguments(call))
                .done();
        yield new Members()
            .put("functionCall", function)
            .putUnlessEmpty("thoughtSignature", CallIds.signature(call.id()))
            .done();
      }
      case Part.ToolResult result -> {
        Json.Obj response = Members.one(result.error() ? "error" : "result", result.content());
        yield Members.one(
            "functionResponse",
            new Members()
                .put("id", CallIds.bare(result.id()))
                .put("name", toolsByCall.getOrDefault(result.id(), "unknown"))
                .put("response", response)
                .done());
      }
    };
  }

  private List<Json> tools() {
    List<Json> all = new ArrayList<>();
    request
        .tools()
        .forEach(tool ->
            all.add(
                new Members()
                    .put("name", tool.name())
                    .putUnlessEmpty("description", tool.description())
                    .put(named("parameters", "parametersJsonSchema"), schema(tool.parameters()))
                    .done()));
    return all;
  }

  private Json.Obj toolChoice() {
    return switch (request.toolChoice()) {
      case "auto" -> Members.one("mode", "AUTO");
      case "none" -> Members.one("mode", "NONE");
      case "required" -> Members.one("mode", "ANY");
      default ->
          new Members()
              .put("mode", "ANY")
              .putTexts("allowedFunctionNames", List.of(request.toolChoice()))
              .done();
    };
  }

  private Json.Obj config() {
    Members config = new Members();
    request.temperature().ifPresent(value -> config.put("temperature", Json.of(value)));
    request.topP().ifPresent(value -> config.put("topP", Json.of(value)));
    request.maxTokens().ifPresent(value -> config.put("maxOutputTokens", value));
    config.putTexts("stopSequences", request.stop());
    switch (request.format()) {
      case ResponseFormat.Text text -> {}
      case ResponseFormat.JsonObject any -> config.put("responseMimeType", "application/json");
      case ResponseFormat.JsonSchema wanted ->
          config
              .put("responseMimeType", "application/json")
              .put(named("responseSchema", "responseJsonSchema"), schema(wanted.schema()));
    }
    return config.done();
  }

  private String named(String older, String newer) {
    return schemas == Gemini.Schemas.OPEN_API ? older : newer;
  }

  private Json schema(Json schema) {
    return schemas == Gemini.Schemas.OPEN_API ? older(schema) : schema;
  }

  private static Json older(Json schema) {
    return switch (schema) {
      case Json.Obj object -> {
        Map<String, Json> known = new LinkedHashMap<>();
        object
            .members()
            .forEach((name, value) -> {
              if (!UNKNOWN.contains(name)) {
                known.put(name, older(value));
              }
            });
        yield new Json.Obj(known);
      }
      case Json.Arr array -> Json.of(array.items().stream().map(GeminiWriter::older).toList());
      case Json.Str string -> string;
      case Json.Num number -> number;
      case Json.Bool bool -> bool;
      case Json.Null nothing -> nothing;
    };
  }
}
