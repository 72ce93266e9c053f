package dev.belay.testkit.mcp;

import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Response;
import dev.belay.testkit.Script;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server of tools that fails. As a program, it is started by whoever uses it, by {@link
 * #command}; by HTTP, it is started here and answers at {@link #uri}. Safe for any number of
 * threads.
 */
public final class FaultyMcpServer implements AutoCloseable {
  private static final int FLOOD_BYTES = 10 << 20;

  /** What else is wrong with a server. */
  public enum Manner {
    /** Lists its tools one by one. */
    PAGED,
    /** Writes what is no message between its messages, and asks something itself. */
    NOISY,
    /** Answers nothing at all. */
    DEAF,
    /** Does not end when it is told to, but only when it is killed; of programs only. */
    STUBBORN,
    /** Answers by a stream of events; by HTTP only. */
    STREAMING
  }

  private final FaultyOrigin origin;

  private FaultyMcpServer(FaultyOrigin origin) {
    this.origin = origin;
  }

  /** Starts one by HTTP on a free port of 127.0.0.1. */
  public static FaultyMcpServer start(FaultyTool... tools) {
    return start(Set.of(), tools);
  }

  /** The same with manners. */
  public static FaultyMcpServer start(Set<Manner> manners, FaultyTool... tools) {
    McpDesk desk = desk(List.of(tools), manners);
    return new FaultyMcpServer(
        FaultyOrigin.start(Script.answering(request -> reply(desk, manners, request))));
  }

  /** The command that starts one as a program. */
  public static List<String> command(FaultyTool... tools) {
    return command(Set.of(), tools);
  }

  /** The same with manners. */
  public static List<String> command(Set<Manner> manners, FaultyTool... tools) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath()));
    command.add(McpProgram.class.getName());
    manners.forEach(manner -> command.add("--" + manner));
    Stream.of(tools).map(FaultyTool::word).forEach(command::add);
    return command;
  }

  static McpDesk desk(List<FaultyTool> tools, Set<Manner> manners) {
    return new McpDesk(tools, manners.contains(Manner.PAGED) ? 1 : 1_000);
  }

  /** What the program needs, wherever it was loaded from here. */
  private static String classPath() {
    return Stream.of(
            FaultyMcpServer.class,
            JsonMapper.class,
            JsonParser.class,
            com.fasterxml.jackson.annotation.JsonProperty.class)
        .map(FaultyMcpServer::place)
        .distinct()
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException none) {
      throw new IllegalStateException("a class comes from a file or a folder", none);
    }
  }

  private static Reply reply(McpDesk desk, Set<Manner> manners, ReceivedRequest request) {
    if (manners.contains(Manner.DEAF)) {
      return Reply.hang();
    }
    if (!request.method().equals("POST")) {
      return Reply.status(request.method().equals("DELETE") ? 200 : 405);
    }
    return switch (desk.act(request.bodyText())) {
      case McpDesk.Act.Say(String message) -> said(manners, message);
      case McpDesk.Act.Nothing nothing -> Reply.status(202);
      case McpDesk.Act.Hang hang -> Reply.hang();
      case McpDesk.Act.Die die -> Reply.reset();
      case McpDesk.Act.Flood flood -> said(manners, "\"" + "x".repeat(FLOOD_BYTES) + "\"");
    };
  }

  private static Response said(Set<Manner> manners, String message) {
    Response begun = Reply.status(200).header("Mcp-Session-Id", "session-1");
    if (!manners.contains(Manner.STREAMING)) {
      return begun.header("Content-Type", "application/json").body(message);
    }
    String before =
        manners.contains(Manner.NOISY)
            ? ": hello\n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"p1\",\"method\":\"ping\"}\n\n"
            : "";
    return begun
        .header("Content-Type", "text/event-stream")
        .body(before + "event: message\ndata: " + message + "\n\n");
  }

  /** Where it answers. */
  public URI uri() {
    return origin.uri("/mcp");
  }

  /** The server below, which knows all requests. */
  public FaultyOrigin origin() {
    return origin;
  }

  /** Ends it for good. Further calls do nothing. */
  @Override
  public void close() {
    origin.close();
  }
}
