package dev.belay.llm.gateway;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Time;
import dev.belay.http.Loops;
import dev.belay.llm.transport.HttpTransport;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Listens as OpenAI and Anthropic do, and stands for the providers behind each model name. Safe for
 * any number of threads.
 */
public final class LlmGateway {
  private static final int IDLE_SECONDS = 120;
  private static final int HEAD_BYTES = 32 * 1024;

  private final HttpServer server;
  private final Door door;
  private final GatewaySettings settings;
  private final Time time;

  private LlmGateway(HttpServer server, Door door, GatewaySettings settings, Time time) {
    this.server = server;
    this.door = door;
    this.settings = settings;
    this.time = time;
  }

  /**
   * Opens the port.
   *
   * @param transport on the same loops
   * @param routes by name; may be empty, and replaced later
   */
  public static CompletionStage<LlmGateway> start(
      Loops loops,
      GatewaySettings settings,
      HttpTransport transport,
      List<GatewayRoute> routes,
      Time time) {
    requireNonNull(transport, "transport");
    Door door = new Door(settings, transport, time);
    door.use(byName(routes));
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(IDLE_SECONDS)
            .setMaxHeaderSize(HEAD_BYTES)
            .setMaxInitialLineLength(8 * 1024)
            .setTcpNoDelay(true)
            .setHandle100ContinueAutomatically(true);
    return loops
        .vertx()
        .createHttpServer(options)
        .requestHandler(door)
        .listen(settings.port(), settings.host())
        .map(server -> new LlmGateway(server, door, settings, time))
        .toCompletionStage();
  }

  private static Map<String, GatewayRoute> byName(List<GatewayRoute> routes) {
    Map<String, GatewayRoute> all = new LinkedHashMap<>();
    for (GatewayRoute route : routes) {
      Check.that(
          all.putIfAbsent(route.name(), route) == null, "two routes are named %s", route.name());
    }
    return all;
  }

  /** Stands for other models from the next request on. */
  public void use(List<GatewayRoute> routes) {
    door.use(byName(routes));
  }

  /** What it stands for now, in order. */
  public List<GatewayRoute> routes() {
    return List.copyOf(door.routes().values());
  }

  /** The address. */
  public String host() {
    return settings.host();
  }

  /** The port. */
  public int port() {
    return server.actualPort();
  }

  /** What has gone through since the start. */
  public GatewayCounts counts() {
    return door.counts();
  }

  /**
   * Takes no further request, lets those under way finish within the drain limit, and closes.
   *
   * @return how many had to be cut
   */
  public CompletionStage<Integer> stop() {
    door.close();
    CompletableFuture<Integer> stopped = new CompletableFuture<>();
    long end = time.nanos() + settings.drain().toNanos();
    await(end, stopped);
    return stopped;
  }

  private void await(long end, CompletableFuture<Integer> stopped) {
    int left = door.underWay();
    if (left == 0 || time.nanos() - end >= 0) {
      var unused = server.close().onComplete(closed -> stopped.complete(left));
      return;
    }
    var unused = time.after(10_000_000, Runnable::run, () -> await(end, stopped));
  }
}
