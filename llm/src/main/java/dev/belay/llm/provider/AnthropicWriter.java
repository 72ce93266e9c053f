package dev.belay.llm.provider;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message;
import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Writes a request as Anthropic wants it. */
final class AnthropicWriter {
  /** Of a tool whose arguments are the answer; the rest of the name is the schema's. */
  static final String ANSWER = "answer_as_";

  private static final int LONGEST_ANSWER = 4_096;

  private final LlmRequest request;
  private final List<Json.Obj> servers;
  private final boolean stream;

  AnthropicWriter(LlmRequest request, List<Json.Obj> servers, boolean stream) {
    this.request = request;
    this.servers = servers;
    this.stream = stream;
  }

  Json.Obj body() {
    List<Message> said = JsonOnly.messages(request);
    Members body =
        new Members()
            .put("model", request.model())
            .put("max_tokens", request.maxTokens().orElse(LONGEST_ANSWER))
            .putUnlessEmpty("system", Turns.instructions(said))
            .put("messages", messages(said))
            .putUnlessEmpty("tools", tools());
    toolChoice(body);
    if (request.format() instanceof ResponseFormat.JsonSchema schema && schema.strict()) {
      Json.Obj format =
          new Members().put("type", "json_schema").put("schema", schema.schema()).done();
      body.put("output_config", Members.one("format", format));
    }
    // the provider's own range ends at 1
    request.temperature().ifPresent(t -> body.put("temperature", Json.of(Math.min(1, t))));
    request.topP().ifPresent(value -> body.put("top_p", Json.of(value)));
    body.putTexts("stop_sequences", request.stop());
    body.putUnlessEmpty("mcp_servers", servers);
    if (stream) {
      body.put("stream", true);
    }
    return Members.merge(body.done(), request.extra());
  }

  private List<Json> tools() {
    List<Json> all = new ArrayList<>();
    request
        .tools()
        .forEach(tool -> all.add(tool(tool.name(), tool.description(), tool.parameters())));
    if (request.format() instanceof ResponseFormat.JsonSchema schema && !schema.strict()) {
      all.add(tool(answerTool(schema), "Give the answer by calling this.", schema.schema()));
    }
    return all;
  }

  private static String answerTool(ResponseFormat.JsonSchema schema) {
    String name = ANSWER + schema.name();
    return name.substring(0, Math.min(64, name.length()));
  }

  private static Json tool(String name, String description, Json.Obj schema) {
    return new Members()
        .put("name", name)
        .putUnlessEmpty("description", description)
        .put("input_schema", schema)
        .done();
  }

  private void toolChoice(Members body) {
    if (request.format() instanceof ResponseFormat.JsonSchema schema && !schema.strict()) {
      boolean others = !request.tools().isEmpty() && !request.toolChoice().equals("none");
      body.put("tool_choice", others ? Members.one("type", "any") : named(answerTool(schema)));
    } else if (!request.tools().isEmpty()) {
      body.put(
          "tool_choice",
          switch (request.toolChoice()) {
            case "auto", "none" -> Members.one("type", request.toolChoice());
            case "required" -> Members.one("type", "any");
            default -> named(request.toolChoice());
          });
    }
  }

  private static Json.Obj named(String tool) {
    return new Members().put("type", "tool").put("name", tool).done();
  }

  private static List<Json> messages(List<Message> said) {
    List<Turn> turns = Turns.alternating(said);
    List<Json> all = new ArrayList<>();
    for (int place = 0; place < turns.size(); place++) {
      Turn turn = turns.get(place);
      boolean opensTheAnswer = place == turns.size() - 1 && turn.isBy(Role.ASSISTANT);
      List<Json> blocks = new ArrayList<>();
      for (Part part : turn.parts()) {
        blocks.add(block(part, opensTheAnswer));
      }
      all.add(
          new Members()
              .put("role", turn.isBy(Role.ASSISTANT) ? "assistant" : "user")
              .put("content", blocks)
              .done());
    }
    return all;
  }

  private static Json block(Part part, boolean opensTheAnswer) {
    return switch (part) {
      case Part.Text text ->
          new Members()
              .put("type", "text")
              // an answer that is to be continued must not end in blanks
              .put("text", opensTheAnswer ? text.text().stripTrailing() : text.text())
              .done();
      case Part.Media media ->
          new Members()
              .put("type", Wiring.isImage(media) ? "image" : "document")
              .put("source", source(media))
              .done();
      case Part.ToolCall call ->
          new Members()
              .put("type", "tool_use")
              .put("id", CallIds.plain(call.id()))
              .put("name", call.name())
              .put("input", Wiring.arguments(call))
              .done();
      case Part.ToolResult result -> result(result);
    };
  }

  private static Json result(Part.ToolResult result) {
    Members block =
        new Members()
            .put("type", "tool_result")
            .put("tool_use_id", CallIds.plain(result.id()))
            .put("content", result.content().isBlank() ? "(empty)" : result.content());
    return result.error() ? block.put("is_error", true).done() : block.done();
  }

  private static Json source(Part.Media media) {
    return media.inline()
        ? new Members()
            .put("type", "base64")
            .put("media_type", media.mediaType())
            .put("data", media.source())
            .done()
        : new Members().put("type", "url").put("url", media.source()).done();
  }
}
