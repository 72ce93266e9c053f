package dev.belay.llm.provider;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The servers of tools that go with a call, in each provider's own form. */
final class McpServers {
  private static final String BEARER = "bearer ";

  /** One server in a provider's form, or why it has none. */
  private sealed interface Form {
    record Fits(Json.Obj form) implements Form {}

    record Misfit(String why) implements Form {}
  }

  private final String provider;
  private final List<McpServer> servers;
  private final WriteOptions options;

  McpServers(String provider, LlmRequest request, WriteOptions options) {
    this(provider, request.mcpServers(), options);
  }

  private McpServers(String provider, List<McpServer> servers, WriteOptions options) {
    this.provider = provider;
    this.servers = servers;
    this.options = options;
  }

  /** For protocols that know no such servers. */
  void refuse() {
    for (McpServer server : servers) {
      misfit(server, "its protocol has no place for such servers");
    }
  }

  static boolean fitsAnthropic(McpServer server, WriteOptions options) {
    return new McpServers("", List.of(), options).anthropic(server) instanceof Form.Fits;
  }

  static boolean fitsResponses(McpServer server, WriteOptions options) {
    return new McpServers("", List.of(), options).responses(server) instanceof Form.Fits;
  }

  List<Json.Obj> forAnthropic() {
    return all(this::anthropic);
  }

  List<Json.Obj> forResponses() {
    return all(this::responses);
  }

  private List<Json.Obj> all(java.util.function.Function<McpServer, Form> translate) {
    List<Json.Obj> forms = new ArrayList<>();
    for (McpServer server : servers) {
      switch (translate.apply(server)) {
        case Form.Fits(Json.Obj form) -> forms.add(form);
        case Form.Misfit(String why) -> misfit(server, why);
      }
    }
    return forms;
  }

  private void misfit(McpServer server, String why) {
    if (options.mcp() == WriteOptions.UnsupportedMcp.FAIL) {
      throw new UnsupportedToolStage(provider, server.name(), why);
    }
  }

  private Form anthropic(McpServer server) {
    if (!(server instanceof McpServer.Remote remote)) {
      return new Form.Misfit("it reaches servers by https only, not programs");
    }
    String url = expand(remote, remote.url());
    if (!url.startsWith("https://")) {
      return new Form.Misfit("it reaches servers by https only");
    }
    Optional<String> other =
        remote.headers().keySet().stream()
            .filter(name -> !name.equalsIgnoreCase("authorization"))
            .findFirst();
    if (other.isPresent()) {
      return new Form.Misfit("it sends no header but a bearer token, not " + other.get());
    }
    Members form =
        new Members()
            .put("type", "url")
            .put("url", url)
            .put("name", remote.name())
            .putUnlessEmpty("authorization_token", token(remote));
    if (!remote.allowedTools().isEmpty()) {
      form.put(
          "tool_configuration",
          new Members()
              .put("enabled", true)
              .putTexts("allowed_tools", remote.allowedTools())
              .done());
    }
    return new Form.Fits(form.done());
  }

  private String token(McpServer.Remote remote) {
    return remote.headers().values().stream()
        .findFirst()
        .map(value -> expand(remote, value))
        .map(value -> isBearer(value) ? value.substring(BEARER.length()).strip() : value)
        .orElse("");
  }

  private static boolean isBearer(String value) {
    return value.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  private Form responses(McpServer server) {
    if (!(server instanceof McpServer.Remote remote)) {
      return new Form.Misfit("it reaches servers by http only, not programs");
    }
    Members headers = new Members();
    for (Map.Entry<String, String> header : remote.headers().entrySet()) {
      headers.put(header.getKey(), expand(remote, header.getValue()));
    }
    return new Form.Fits(
        new Members()
            .put("type", "mcp")
            .put("server_label", remote.name())
            .put("server_url", expand(remote, remote.url()))
            .putUnlessEmpty("headers", headers.done())
            .putTexts("allowed_tools", remote.allowedTools())
            .put("require_approval", "never")
            .done());
  }

  private String expand(McpServer server, String text) {
    return Variables.expand(
        text, options.environment(), "MCP server '%s'".formatted(server.name()));
  }
}
