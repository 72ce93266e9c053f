package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as a program takes it. Immutable; prints none of it.
 *
 * @param prompt the conversation
 * @param instructions apart from it; empty if there are none
 * @param mcpConfig the file of MCP servers, with secrets in it
 */
public record CliInput(String prompt, String instructions, String mcpConfig) {
  /** Rejects null. */
  public CliInput {
    requireNonNull(prompt, "prompt");
    requireNonNull(instructions, "instructions");
    requireNonNull(mcpConfig, "mcpConfig");
  }

  /**
   * Words a request for a program.
   *
   * @throws UnsupportedToolStage if MCP servers are to go along, and the command has no place for
   *     them
   * @throws MissingVariable if a {@code ${NAME}} has no value
   */
  public static CliInput of(LlmRequest request, Backend.Cli cli, WriteOptions options) {
    boolean takesServers = cli.command().stream().anyMatch(word -> word.contains("{mcp_config}"));
    if (!takesServers) {
      new McpServers(cli.command().getFirst(), request, options).refuse();
    }
    List<Message> said =
        request.format() instanceof ResponseFormat.Text
            ? request.messages()
            : JsonOnly.asked(request.messages());
    String instructions = Turns.instructions(said);
    if (request.format() instanceof ResponseFormat.JsonSchema schema) {
      instructions += "\n\nIt must satisfy this JSON Schema: " + schema.schema();
    }
    boolean takesInstructions = cli.command().stream().anyMatch(w -> w.contains("{system}"));
    String prompt = conversation(Turns.alternating(said));
    if (!takesInstructions && !instructions.isEmpty()) {
      prompt = instructions + "\n\n" + prompt;
    }
    return new CliInput(prompt, instructions, config(request.mcpServers(), options));
  }

  private static String conversation(List<Turn> turns) {
    if (turns.size() == 1) {
      return words(turns.getFirst());
    }
    List<String> all = new ArrayList<>();
    for (Turn turn : turns) {
      all.add((turn.isBy(Role.ASSISTANT) ? "Assistant: " : "User: ") + words(turn));
    }
    return String.join("\n\n", all);
  }

  private static String words(Turn turn) {
    List<String> all = new ArrayList<>();
    for (Part part : turn.parts()) {
      all.add(
          switch (part) {
            case Part.Text text -> text.text();
            case Part.Media media -> media.inline() ? "(a file)" : media.source();
            case Part.ToolCall call ->
                "(calls %s with %s)".formatted(call.name(), call.arguments());
            case Part.ToolResult result -> "(result: %s)".formatted(Wiring.content(result));
          });
    }
    return String.join("\n\n", all);
  }

  private static String config(List<McpServer> servers, WriteOptions options) {
    Members all = new Members();
    for (McpServer server : servers) {
      all.put(server.name(), form(server, options));
    }
    return Members.one("mcpServers", all.done()).toString();
  }

  private static Json.Obj form(McpServer server, WriteOptions options) {
    String where = "MCP server '%s'".formatted(server.name());
    return switch (server) {
      case McpServer.Stdio program ->
          new Members()
              .put("command", Variables.expand(program.command(), options.environment(), where))
              .put(
                  "args",
                  program.args().stream()
                      .map(word -> Json.of(Variables.expand(word, options.environment(), where)))
                      .toList())
              .putUnlessEmpty("env", texts(program.env(), options, where))
              .done();
      case McpServer.Remote remote ->
          new Members()
              .put("type", remote.type())
              .put("url", Variables.expand(remote.url(), options.environment(), where))
              .putUnlessEmpty("headers", texts(remote.headers(), options, where))
              .done();
    };
  }

  private static Json.Obj texts(
      java.util.Map<String, String> texts, WriteOptions options, String where) {
    Members all = new Members();
    Variables.expand(texts, options.environment(), where).forEach(all::put);
    return all.done();
  }

  @Override
  public String toString() {
    return "CliInput[%d characters]".formatted(prompt.length());
  }
}
