package dev.belay.llm.mcp;

import dev.belay.llm.form.Bounds;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Speaks MCP with one server, as far as tools go. Safe for any number of threads. */
final class McpClient implements ToolServer {
  private static final String VERSION = "2025-06-18";
  private static final Set<String> VERSIONS =
      Set.of("2024-11-05", "2025-03-26", VERSION, "2025-11-25");
  private static final int MOST_PAGES = 100;
  private static final int MOST_TOOLS = 1_000;
  private static final Json.Obj ANY = Json.EMPTY.with("type", Json.of("object"));

  private final String name;
  private final Channel channel;
  private final int longest;

  private McpClient(String name, Channel channel, int longest) {
    this.name = name;
    this.channel = channel;
    this.longest = longest;
  }

  /**
   * Gets acquainted; closes the channel if that fails.
   *
   * @param most how long it may take
   * @param longest characters of a result that are kept
   */
  static McpClient over(String name, Channel channel, Duration most, int longest)
      throws InterruptedException {
    boolean met = false;
    try {
      Json.Obj us =
          Json.EMPTY
              .with("protocolVersion", Json.of(VERSION))
              .with("capabilities", Json.EMPTY)
              .with(
                  "clientInfo",
                  Json.EMPTY.with("name", Json.of("belay")).with("version", Json.of("0.1")));
      String version = Rpc.text(channel.ask("initialize", us, most), "protocolVersion");
      if (!VERSIONS.contains(version)) {
        throw new ToolServerException(
            name,
            "speaks version '%s' of the protocol; known are %s"
                .formatted(Bounds.cut(version, 40), VERSIONS.stream().sorted().toList()));
      }
      channel.agreed(version);
      met = true;
      return new McpClient(name, channel, longest);
    } finally {
      if (!met) {
        channel.close();
      }
    }
  }

  @Override
  public List<Offer> list(Duration most) throws InterruptedException {
    List<Offer> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String cursor = "";
    do {
      Json.Obj where = cursor.isEmpty() ? Json.EMPTY : Json.EMPTY.with("cursor", Json.of(cursor));
      Json.Obj page = channel.ask("tools/list", where, most);
      if (page.get("tools").orElse(new Json.Null()) instanceof Json.Arr tools) {
        tools.items().forEach(tool -> add(tool, all));
      }
      cursor = Rpc.text(page, "nextCursor");
      if (all.size() > MOST_TOOLS || seen.size() >= MOST_PAGES || !seen.add(cursor)) {
        throw new ToolServerException(
            name, "lists tools without end; %d are the most".formatted(MOST_TOOLS));
      }
    } while (!cursor.isEmpty());
    return all;
  }

  private static void add(Json tool, List<Offer> to) {
    if (tool instanceof Json.Obj form && !Rpc.text(form, "name").isEmpty()) {
      Json.Obj schema =
          form.get("inputSchema").orElse(ANY) instanceof Json.Obj parameters ? parameters : ANY;
      to.add(new Offer(Rpc.text(form, "name"), Rpc.text(form, "description"), schema));
    }
  }

  @Override
  public Answer call(String tool, Json.Obj arguments, Duration most) throws InterruptedException {
    Json.Obj result =
        channel.ask(
            "tools/call",
            Json.EMPTY.with("name", Json.of(tool)).with("arguments", arguments),
            most);
    boolean failed =
        result.get("isError").orElse(Json.of(false)) instanceof Json.Bool error && error.value();
    return new Answer(Bounds.cut(words(result), longest), failed);
  }

  private static String words(Json.Obj result) {
    List<String> all = new ArrayList<>();
    if (result.get("content").orElse(new Json.Null()) instanceof Json.Arr content) {
      for (Json block : content.items()) {
        if (block instanceof Json.Obj form) {
          all.add(block(form));
        }
      }
    }
    String said = String.join("\n", all);
    return said.isEmpty() ? result.get("structuredContent").map(Json::toString).orElse("") : said;
  }

  /** What the model cannot be shown as text is named at least. */
  private static String block(Json.Obj form) {
    return switch (Rpc.text(form, "type")) {
      case "text" -> Rpc.text(form, "text");
      case "resource" ->
          form.get("resource").orElse(new Json.Null()) instanceof Json.Obj resource
              ? resource.get("text").isPresent()
                  ? Rpc.text(resource, "text")
                  : "(a file: %s)".formatted(Rpc.text(resource, "uri"))
              : "";
      case "resource_link" -> "(a link: %s)".formatted(Rpc.text(form, "uri"));
      case String other -> "(%s: %s)".formatted(other, Rpc.text(form, "mimeType"));
    };
  }

  @Override
  public void close() {
    channel.close();
  }
}
