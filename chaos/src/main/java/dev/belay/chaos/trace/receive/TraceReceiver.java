package dev.belay.chaos.trace.receive;

import dev.belay.chaos.trace.read.ReadLimits;
import dev.belay.chaos.trace.read.SpanReader;
import dev.belay.http.Loops;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.CompletionStage;

/**
 * Takes spans over OTLP/HTTP, on the loopback address only: {@code POST /v1/traces} with protobuf
 * or JSON, packed with gzip or not. Safe for any number of threads.
 *
 * <p>Point the services at it with {@code otel.exporter.otlp.protocol=http/protobuf} and {@code
 * otel.exporter.otlp.endpoint=http://127.0.0.1:PORT}.
 */
public final class TraceReceiver {
  /** OTLP's own port. */
  public static final int PORT = 4318;

  private static final String HOST = "127.0.0.1";
  private static final int IDLE_SECONDS = 60;

  private final HttpServer server;

  private TraceReceiver(HttpServer server) {
    this.server = server;
  }

  /**
   * Opens the port.
   *
   * @param port where to listen; 0 for any that is free
   * @param limits how much one request may hold; at most 32 are taken at once
   * @param keeper where the spans go
   */
  public static CompletionStage<TraceReceiver> start(
      Loops loops, int port, ReadLimits limits, TraceKeeper keeper) {
    return start(loops, port, limits, PeerNames.NONE, keeper);
  }

  /**
   * Opens the port, for services that call each other by ports whose meaning is known.
   *
   * @param port where to listen; 0 for any that is free
   * @param limits how much one request may hold; at most 32 are taken at once
   * @param peers whom the ports of this machine stand for
   * @param keeper where the spans go
   */
  public static CompletionStage<TraceReceiver> start(
      Loops loops, int port, ReadLimits limits, PeerNames peers, TraceKeeper keeper) {
    HttpServerOptions options =
        new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setMaxHeaderSize(16 * 1024);
    return loops
        .vertx()
        .createHttpServer(options)
        .requestHandler(new Door(new SpanReader(limits), peers, keeper, loops.vertx()))
        .listen(port, HOST)
        .map(TraceReceiver::new)
        .toCompletionStage();
  }

  /** The port. */
  public int port() {
    return server.actualPort();
  }

  /** Closes the port. */
  public CompletionStage<Void> stop() {
    return server.close().toCompletionStage();
  }
}
