package dev.belay.llm.mcp;

import dev.belay.Deadline;
import dev.belay.Time;
import dev.belay.llm.McpServer;
import dev.belay.llm.provider.WriteOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How servers are started and reached.
 *
 * @param options variables of settings
 */
record Opening(ToolSettings settings, WriteOptions options, Time time) {

  /** What is left of a time until a deadline. */
  static Duration within(Duration most, Deadline deadline) {
    return deadline == Deadline.NEVER || most.compareTo(deadline.left()) <= 0
        ? most
        : deadline.left();
  }

  /**
   * Starts or reaches one.
   *
   * @throws ToolServerException if it does not answer as such
   * @throws dev.belay.llm.provider.MissingVariable if a {@code ${NAME}} has no value
   */
  ToolServer open(McpServer server, Deadline deadline) throws InterruptedException {
    Duration most = within(settings.start(), deadline);
    return McpClient.over(server.name(), channel(server), most, settings.result());
  }

  private Channel channel(McpServer server) {
    String where = "MCP server '%s'".formatted(server.name());
    return switch (server) {
      case McpServer.Stdio program -> {
        List<String> command = new ArrayList<>();
        command.add(options.expand(program.command(), where));
        program.args().forEach(word -> command.add(options.expand(word, where)));
        Map<String, String> environment = expanded(program.env(), where);
        yield StdioChannel.start(server.name(), command, environment, settings.grace(), time);
      }
      case McpServer.Remote remote ->
          new HttpChannel(
              server.name(),
              address(server.name(), options.expand(remote.url(), where)),
              expanded(remote.headers(), where),
              time);
    };
  }

  private static URI address(String server, String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException none) {
      // its words hold the address, which may hold a key
      throw new ToolServerException(server, "has an address that is none");
    }
  }

  private Map<String, String> expanded(Map<String, String> texts, String where) {
    Map<String, String> all = new LinkedHashMap<>();
    texts.forEach((name, text) -> all.put(name, options.expand(text, where)));
    return all;
  }
}
