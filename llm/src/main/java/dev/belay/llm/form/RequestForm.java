package dev.belay.llm.form;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.Tool;
import dev.belay.llm.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request as JSON. What {@link #write} gives says all and may hold secrets: hash it, or pass it
 * through {@link Redaction} before it is kept.
 */
public final class RequestForm {
  private RequestForm() {}

  /** All members, always in the same order. */
  public static Json.Obj write(LlmRequest request) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("model", Json.of(request.model()));
    members.put("messages", Json.of(request.messages().stream().map(PartForm::message).toList()));
    members.put("tools", Json.of(request.tools().stream().map(RequestForm::tool).toList()));
    members.put("tool_choice", Json.of(request.toolChoice()));
    members.put("format", format(request.format()));
    request.temperature().ifPresent(value -> members.put("temperature", Json.of(value)));
    request.topP().ifPresent(value -> members.put("top_p", Json.of(value)));
    request.maxTokens().ifPresent(value -> members.put("max_tokens", Json.of(value)));
    members.put("stop", Json.of(request.stop().stream().map(Json::of).toList()));
    members.put("mcp", Json.of(request.mcpServers().stream().map(RequestForm::server).toList()));
    members.put("extra", request.extra());
    return new Json.Obj(members);
  }

  /**
   * Reads it again.
   *
   * @throws IllegalArgumentException that names the member
   */
  public static LlmRequest read(Json from) {
    Members in = new Members("request", from);
    LlmRequest.Builder request =
        LlmRequest.to(in.text("model"))
            .messages(in.list("messages", PartForm::readMessage))
            .tools(in.list("tools", RequestForm::readTool))
            .toolChoice(in.text("tool_choice"))
            .format(readFormat(in.need("format")))
            .stop(in.texts("stop"))
            .mcpServers(in.list("mcp", RequestForm::readServer))
            .extra(in.object("extra"));
    if (in.find("temperature").isPresent()) {
      request.temperature(in.number("temperature").doubleValue());
    }
    if (in.find("top_p").isPresent()) {
      request.topP(in.number("top_p").doubleValue());
    }
    if (in.find("max_tokens").isPresent()) {
      request.maxTokens(in.small("max_tokens"));
    }
    return request.build();
  }

  private static Json tool(Tool tool) {
    return Json.EMPTY
        .with("name", Json.of(tool.name()))
        .with("description", Json.of(tool.description()))
        .with("parameters", tool.parameters());
  }

  private static Tool readTool(Json from) {
    Members in = new Members("tool", from);
    return new Tool(in.text("name"), in.text("description"), in.object("parameters"));
  }

  private static Json format(ResponseFormat format) {
    return switch (format) {
      case ResponseFormat.Text text -> Json.EMPTY.with("type", Json.of("text"));
      case ResponseFormat.JsonObject object -> Json.EMPTY.with("type", Json.of("json_object"));
      case ResponseFormat.JsonSchema schema ->
          Json.EMPTY
              .with("type", Json.of("json_schema"))
              .with("name", Json.of(schema.name()))
              .with("schema", schema.schema())
              .with("strict", Json.of(schema.strict()));
    };
  }

  private static ResponseFormat readFormat(Json from) {
    Members in = new Members("format", from);
    return switch (in.text("type")) {
      case "text" -> new ResponseFormat.Text();
      case "json_object" -> new ResponseFormat.JsonObject();
      case "json_schema" ->
          new ResponseFormat.JsonSchema(in.text("name"), in.object("schema"), in.bool("strict"));
      default -> in.fail("type", "be text, json_object or json_schema");
    };
  }

  private static Json server(McpServer server) {
    return switch (server) {
      case McpServer.Stdio program ->
          Json.EMPTY
              .with("type", Json.of("stdio"))
              .with("name", Json.of(program.name()))
              .with("command", Json.of(program.command()))
              .with("args", Json.of(program.args().stream().map(Json::of).toList()))
              .with("env", sorted(program.env()));
      case McpServer.Remote remote ->
          Json.EMPTY
              .with("type", Json.of(remote.type()))
              .with("name", Json.of(remote.name()))
              .with("url", Json.of(remote.url()))
              .with("headers", sorted(remote.headers()))
              .with("tools", Json.of(remote.allowedTools().stream().map(Json::of).toList()));
    };
  }

  private static McpServer readServer(Json from) {
    Members in = new Members("mcp server", from);
    String type = in.text("type");
    String name = in.text("name");
    return type.equals("stdio")
        ? new McpServer.Stdio(name, in.text("command"), in.texts("args"), in.textMap("env"))
        : new McpServer.Remote(
            name, type, in.text("url"), in.textMap("headers"), in.texts("tools"));
  }

  /** The order of a map may differ from one run to the next; that of what is hashed must not. */
  private static Json.Obj sorted(Map<String, String> texts) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (String key : List.copyOf(new TreeMap<>(texts).keySet())) {
      members.put(key, Json.of(texts.getOrDefault(key, "")));
    }
    return new Json.Obj(members);
  }
}
