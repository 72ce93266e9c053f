package dev.belay.llm.check.judge;

import dev.belay.llm.McpServer;
import dev.belay.llm.check.Params;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code {"mcpServers": {"name": {…}}}}. */
final class McpConfig {
  private McpConfig() {}

  static List<McpServer> servers(Params params, Json.Obj config) {
    if (!(config.get("mcpServers").orElse(Json.of("")) instanceof Json.Obj all)) {
      throw params.bad("mcp_config", "an object with mcpServers");
    }
    List<McpServer> servers = new ArrayList<>();
    all.members().forEach((name, value) -> servers.add(server(params, name, value)));
    return List.copyOf(servers);
  }

  private static McpServer server(Params params, String name, Json value) {
    if (value instanceof Json.Obj server && server.get("command").isPresent()) {
      return new McpServer.Stdio(
          name, Report.text(server, "command"), texts(server, "args"), named(server, "env"));
    }
    if (value instanceof Json.Obj server && server.get("url").isPresent()) {
      String type = Report.text(server, "type");
      return new McpServer.Remote(
          name,
          type.isEmpty() ? "http" : type,
          Report.text(server, "url"),
          named(server, "headers"),
          texts(server, "allowed_tools"));
    }
    throw params.bad(
        "mcp_config", "servers with a command or a url, as '%s' has not".formatted(name));
  }

  private static List<String> texts(Json.Obj server, String member) {
    List<String> texts = new ArrayList<>();
    if (server.get(member).orElse(Json.EMPTY) instanceof Json.Arr list) {
      for (Json item : list.items()) {
        texts.add(item instanceof Json.Str string ? string.value() : item.toString());
      }
    }
    return texts;
  }

  private static Map<String, String> named(Json.Obj server, String member) {
    Map<String, String> named = new LinkedHashMap<>();
    if (server.get(member).orElse(Json.of("")) instanceof Json.Obj object) {
      object
          .members()
          .forEach((name, value) ->
              named.put(
                  name, value instanceof Json.Str string ? string.value() : value.toString()));
    }
    return named;
  }
}
