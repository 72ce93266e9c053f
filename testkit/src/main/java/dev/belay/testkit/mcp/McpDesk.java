package dev.belay.testkit.mcp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server says to each message. Safe for any number of threads. */
final class McpDesk {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int INVALID = -32602;
  private static final int UNKNOWN = -32601;

  private final List<FaultyTool> tools;
  private final int page;

  /** What follows on a message. */
  sealed interface Act {
    record Say(String message) implements Act {}

    record Nothing() implements Act {}

    record Hang() implements Act {}

    record Die(String lastWords) implements Act {}

    record Flood() implements Act {}
  }

  /**
   * One that knows these tools.
   *
   * @param page how many are listed at once, 1 or more
   */
  McpDesk(List<FaultyTool> tools, int page) {
    this.tools = List.copyOf(tools);
    this.page = page;
  }

  Act act(String text) {
    JsonNode message;
    try {
      message = MAPPER.readTree(text);
    } catch (JacksonException none) {
      return new Act.Nothing();
    }
    JsonNode id = message.path("id");
    if (id.isMissingNode()) {
      return new Act.Nothing();
    }
    return switch (message.path("method").asString("")) {
      case "initialize" ->
          result(
              id,
              Map.of(
                  "protocolVersion",
                  message.path("params").path("protocolVersion").asString(""),
                  "capabilities",
                  Map.of("tools", Map.of()),
                  "serverInfo",
                  Map.of("name", "faulty", "version", "1")));
      case "tools/list" -> list(id, message.path("params").path("cursor").asString("0"));
      case "tools/call" -> call(id, message.path("params"));
      case String other -> error(id, UNKNOWN, "no method " + other);
    };
  }

  private Act list(JsonNode id, String cursor) {
    int from = Integer.parseInt(cursor);
    int to = Math.min(tools.size(), from + page);
    List<Object> some = new ArrayList<>();
    for (FaultyTool tool : tools.subList(from, to)) {
      some.add(
          Map.of(
              "name",
              tool.name(),
              "description",
              "Does " + tool.deed(),
              "inputSchema",
              Map.of("type", "object", "properties", Map.of("q", Map.of("type", "string")))));
    }
    return result(
        id,
        to < tools.size()
            ? Map.of("tools", some, "nextCursor", Integer.toString(to))
            : Map.of("tools", some));
  }

  private Act call(JsonNode id, JsonNode params) {
    String name = params.path("name").asString("");
    for (FaultyTool tool : tools) {
      if (tool.name().equals(name)) {
        return call(id, tool, params.path("arguments"));
      }
    }
    return error(id, INVALID, "Unknown tool: " + name);
  }

  private Act call(JsonNode id, FaultyTool tool, JsonNode arguments) {
    return switch (tool.deed()) {
      case ANSWER -> said(id, tool.text(), false);
      case ECHO -> said(id, arguments.toString(), false);
      case ENVIRONMENT -> said(id, System.getenv().getOrDefault(tool.text(), ""), false);
      case FAIL -> said(id, tool.text(), true);
      case REFUSE -> error(id, INVALID, tool.text());
      case HANG -> new Act.Hang();
      case DIE -> new Act.Die(tool.text());
      case FLOOD -> new Act.Flood();
      case ORPHAN -> said(id, ProcessHandle.current().pid() + " " + orphan(), false);
    };
  }

  /** A process whose parent is gone at once. */
  private static String orphan() {
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!").start();
      return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException noShell) {
      return "none: " + noShell.getMessage();
    }
  }

  private static Act said(JsonNode id, String text, boolean error) {
    return result(
        id, Map.of("content", List.of(Map.of("type", "text", "text", text)), "isError", error));
  }

  private static Act result(JsonNode id, Object result) {
    return say(Map.of("jsonrpc", "2.0", "id", id, "result", result));
  }

  private static Act error(JsonNode id, int code, String why) {
    return say(Map.of("jsonrpc", "2.0", "id", id, "error", Map.of("code", code, "message", why)));
  }

  private static Act say(Object message) {
    return new Act.Say(MAPPER.writeValueAsString(message));
  }
}
