package dev.belay.proxy.client;

import dev.belay.testkit.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An origin that speaks HTTP/2 by ALPN, on loopback. */
final class Http2Origin implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final AtomicInteger connections = new AtomicInteger();
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private volatile Consumer<HttpServerRequest> answer = request -> request.response().end("two");

  /** What it was asked. */
  record Seen(String method, String scheme, String authority, String path, String body) {}

  Http2Origin(TestCertificate certificate) throws Exception {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setHost("127.0.0.1")
            .setPort(0)
            .setKeyCertOptions(KeyCertOptions.wrap(certificate.keyManager()));
    server = vertx.createHttpServer(options);
    server.connectionHandler(connection -> connections.incrementAndGet());
    server.requestHandler(this::handle);
    server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> {
          seen.add(
              new Seen(
                  request.method().name(),
                  String.valueOf(request.scheme()),
                  String.valueOf(request.authority()),
                  request.uri(),
                  body.toString()));
          answer.accept(request);
        });
  }

  /** Answers like this from now on. */
  void answer(Consumer<HttpServerRequest> next) {
    answer = next;
  }

  URI uri(String path) {
    return URI.create("https://127.0.0.1:" + server.actualPort() + path);
  }

  int connections() {
    return connections.get();
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
