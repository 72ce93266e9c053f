package dev.belay.llm.mcp;

import dev.belay.Deadline;
import dev.belay.llm.LlmException;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.Part;
import dev.belay.llm.Tool;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import dev.belay.llm.provider.WriteOptions.UnsupportedMcp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The servers of one call and their tools, under the names by which the model knows them. */
final class ToolKit implements AutoCloseable {

  /** A tool and where it is run. */
  private record Place(ToolServer server, ToolServer.Offer offer) {}

  /** A server with what it offers. */
  private record Opened(String name, ToolServer server, List<ToolServer.Offer> offers) {}

  private final List<Opened> opened;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Duration longestCall;
  private final Deadline deadline;

  private ToolKit(List<Opened> opened, Set<String> taken, Opening opening, Deadline deadline) {
    this.opened = opened;
    this.longestCall = opening.settings().call();
    this.deadline = deadline;
    Set<String> all = new HashSet<>(taken);
    for (Opened one : opened) {
      for (ToolServer.Offer offer : one.offers) {
        String name = ToolNames.of(one.name, offer.name(), all);
        all.add(name);
        places.put(name, new Place(one.server, offer));
      }
    }
  }

  /**
   * Opens servers, all at once.
   *
   * @param taken names that are not free
   * @throws LlmException if one cannot be opened, and none may be left out
   */
  static ToolKit open(
      List<McpServer> servers, Set<String> taken, Opening opening, Deadline deadline)
      throws InterruptedException {
    List<Callable<Opened>> tasks = new ArrayList<>();
    List<ToolServer> begun = new CopyOnWriteArrayList<>();
    servers.forEach(server -> tasks.add(() -> opened(server, opening, deadline, begun)));
    boolean skips = opening.options().mcp() == UnsupportedMcp.SKIP;
    List<Opened> all = new ArrayList<>();
    boolean done = false;
    try {
      for (Future<Opened> one : atOnce(tasks)) {
        switch (one.state()) {
          case SUCCESS -> all.add(one.resultNow());
          case RUNNING, FAILED, CANCELLED -> {
            if (!skips || !(one.exceptionNow() instanceof ToolServerException)) {
              throw failure(one);
            }
          }
        }
      }
      ToolKit kit = new ToolKit(all, taken, opening, deadline);
      done = true;
      return kit;
    } finally {
      if (!done) {
        begun.forEach(ToolServer::close);
      }
    }
  }

  /** Those that are under way when the caller is interrupted end by themselves. */
  private static <T> List<Future<T>> atOnce(List<Callable<T>> tasks) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(tasks);
    }
  }

  private static RuntimeException failure(Future<?> failed) {
    return failed.exceptionNow() instanceof RuntimeException known
        ? known
        : new IllegalStateException("a server was not opened", failed.exceptionNow());
  }

  /** Notes it as soon as it is open: whoever asked for it may be gone by then. */
  private static Opened opened(
      McpServer server, Opening opening, Deadline deadline, List<ToolServer> begun)
      throws InterruptedException {
    ToolServer open = opening.open(server, deadline);
    begun.add(open);
    boolean listed = false;
    try {
      Duration most = Opening.within(opening.settings().start(), deadline);
      List<ToolServer.Offer> offers =
          open.list(most).stream().filter(offer -> isAllowed(server, offer)).toList();
      listed = true;
      return new Opened(server.name(), open, offers);
    } finally {
      if (!listed) {
        open.close();
      }
    }
  }

  private static boolean isAllowed(McpServer server, ToolServer.Offer offer) {
    return switch (server) {
      case McpServer.Stdio program -> true;
      case McpServer.Remote remote ->
          remote.allowedTools().isEmpty() || remote.allowedTools().contains(offer.name());
    };
  }

  /** The request with these tools beside the caller's own. */
  LlmRequest offered(LlmRequest request) {
    List<Tool> all = new ArrayList<>(request.tools());
    places.forEach((name, place) ->
        all.add(new Tool(name, place.offer.description(), place.offer.parameters())));
    return request.toBuilder().tools(all).toolChoice(choice(request.toolChoice())).build();
  }

  /** Who asks for a tool of a server by its own name means the name it has here. */
  private String choice(String wanted) {
    return places.entrySet().stream()
        .filter(one -> one.getValue().offer.name().equals(wanted))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(wanted);
  }

  boolean has(Part.ToolCall call) {
    return places.containsKey(call.name());
  }

  /** Runs calls, all at once; one that fails says so. */
  List<Part> run(List<Part.ToolCall> calls) throws InterruptedException {
    List<Callable<Part>> tasks = new ArrayList<>();
    calls.forEach(call -> tasks.add(() -> run(call)));
    List<Part> results = new ArrayList<>();
    try {
      for (Future<Part> one : atOnce(tasks)) {
        results.add(one.get());
      }
    } catch (ExecutionException broken) {
      throw new IllegalStateException("a tool was not run", broken.getCause());
    }
    return results;
  }

  private Part run(Part.ToolCall call) throws InterruptedException {
    Place place = places.get(call.name());
    if (place == null) {
      return new Part.ToolResult(call.id(), "there is no such tool", true);
    }
    try {
      if (!(call.parsed() instanceof Json.Obj arguments)) {
        return new Part.ToolResult(call.id(), "the arguments must be a JSON object", true);
      }
      Duration most = Opening.within(longestCall, deadline);
      ToolServer.Answer answer = place.server.call(place.offer.name(), arguments, most);
      return new Part.ToolResult(call.id(), answer.text(), answer.error());
    } catch (ToolServerException | JsonException failed) {
      return new Part.ToolResult(call.id(), String.valueOf(failed.getMessage()), true);
    }
  }

  @Override
  public void close() {
    opened.forEach(one -> one.server.close());
  }
}
