package dev.belay.chaos.inject.plane;

import dev.belay.Time;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.http.Loops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Proxies in front of services that let the faults happen which are in force, and otherwise only
 * pass on what comes. They never wait for whoever sets the rules: without word from there, traffic
 * goes through untouched. Speaks HTTP/1.1 on both sides. Safe for any number of threads.
 */
public final class FaultPlane implements AutoCloseable {
  private static final int LONGEST_START_SECONDS = 30;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int CONNECTIONS = 1_024;
  private static final int HEAD_BYTES = 64 * 1024;

  private final Loops loops;
  private final List<Integer> ports;

  private FaultPlane(Loops loops, List<Integer> ports) {
    this.loops = loops;
    this.ports = List.copyOf(ports);
  }

  /**
   * Opens all ports; if one is taken, none stays open.
   *
   * @param rules what strikes
   * @param receipts told of each strike, on an event loop; must not block
   * @throws IOException that names the port and says why
   */
  public static FaultPlane start(
      PlaneSettings settings, LiveRules rules, Consumer<StrikeReceipt> receipts, Time time)
      throws IOException, InterruptedException {
    Loops loops = Loops.inBackground(Runtime.getRuntime().availableProcessors());
    FrontHandler.Parts parts = new FrontHandler.Parts(rules, receipts, time);
    List<Integer> ports = new ArrayList<>();
    try {
      for (Front front : settings.fronts()) {
        ports.add(open(loops.vertx(), settings, front, parts).actualPort());
      }
      return new FaultPlane(loops, ports);
    } catch (IOException | InterruptedException | RuntimeException failure) {
      var unused = loops.vertx().close();
      throw failure;
    }
  }

  private static HttpServer open(
      Vertx vertx, PlaneSettings settings, Front front, FrontHandler.Parts parts)
      throws IOException, InterruptedException {
    int silence = (int) settings.silence().toSeconds();
    HttpClient client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setConnectTimeout(CONNECT_MILLIS)
                    .setIdleTimeout(silence)
                    .setMaxHeaderSize(HEAD_BYTES)
                    .setMaxChunkSize(HEAD_BYTES)
                    .setKeepAlive(true)
                    .setTcpNoDelay(true))
            .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(CONNECTIONS))
            .build();
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(silence)
            .setMaxHeaderSize(HEAD_BYTES)
            .setMaxChunkSize(HEAD_BYTES)
            .setHttp2ClearTextEnabled(false)
            .setTcpNoDelay(true)
            .setReuseAddress(true)
            .setHandle100ContinueAutomatically(true);
    Front.At at = front.listen();
    return await(
        vertx
            .createHttpServer(options)
            .requestHandler(new FrontHandler(vertx, front, settings.callerHeader(), client, parts))
            .listen(at.port(), at.host()),
        "port %d for %s".formatted(at.port(), front.service()));
  }

  private static <T> T await(Future<T> future, String what)
      throws IOException, InterruptedException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(what + ": " + failed.getCause(), failed.getCause());
    } catch (TimeoutException late) {
      throw new IOException(what + ": no answer within half a minute", late);
    }
  }

  /** The ports that are open, in the order of the fronts. */
  public List<Integer> ports() {
    return ports;
  }

  /** Closes all ports and connections. */
  @Override
  public void close() {
    var unused = loops.vertx().close();
  }
}
