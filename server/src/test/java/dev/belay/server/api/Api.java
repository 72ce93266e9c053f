package dev.belay.server.api;

import dev.belay.chaos.session.Experiments;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.backend.Backend;
import dev.belay.server.BelayServer;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running server and a client of its API. Every answer is held against the description of the
 * API, and none may hold a canary.
 */
final class Api implements AutoCloseable {
  /** What passwords contain in these tests. */
  static final String CANARY = "c4nary";

  private static final JsonMapper JSON = new JsonMapper();

  private final BelayServer server;
  private final HttpClient direct = HttpClient.newHttpClient();
  private final HttpClient proxied;
  private final OpenApi document = new OpenApi();

  private Api(BelayServer server) {
    this.server = server;
    URI proxy = URI.create("http://" + server.proxy());
    this.proxied =
        HttpClient.newBuilder()
            .proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())))
            .build();
  }

  static BelayConfig config(String yaml) {
    return BelayConfig.parse(yaml, "test", Map.of("TOKEN", "t0ken"));
  }

  /** With these proxies, and other sections. */
  static Api start(String pool, String more) throws Exception {
    return start(
        "control: {port: 0}\nproxy: {port: 0, socks_port: 0, allow_private: true, pool: [%s]}\n%s"
            .formatted(pool, more));
  }

  static Api start(String yaml) throws Exception {
    return new Api(BelayServer.start(config(yaml)));
  }

  /** One that remembers in the store of its configuration. */
  static Api startStored(String pool, String more) throws Exception {
    BelayConfig config =
        config(
            "control: {port: 0}\nproxy: {port: 0, socks_port: 0, allow_private: true, pool: [%s]}\n%s"
                .formatted(pool, more));
    return new Api(BelayServer.start(config, Store.opening(config.store())));
  }

  /** One that remembers in a store that the test has in its hands, too. */
  static Api start(String yaml, Store store) throws Exception {
    return new Api(BelayServer.start(config(yaml), store));
  }

  /** One whose runs are carried out by these backends. */
  static Api start(String yaml, Store store, Function<BackendSettings, Backend> backends)
      throws Exception {
    return new Api(BelayServer.start(config(yaml), store, backends));
  }

  /** One whose sessions search these systems, besides those of its configuration. */
  static Api start(String yaml, UnaryOperator<Experiments> experiments) throws Exception {
    return new Api(
        BelayServer.start(
            config(yaml),
            Store.inMemory(),
            settings -> {
              throw new IllegalArgumentException("there are no backends");
            },
            experiments));
  }

  BelayServer server() {
    return server;
  }

  OpenApi document() {
    return document;
  }

  HttpResponse<String> get(String path, String... more) throws Exception {
    return send("GET", path, BodyPublishers.noBody(), more);
  }

  HttpResponse<String> post(String path, String... more) throws Exception {
    return send("POST", path, BodyPublishers.noBody(), more);
  }

  HttpResponse<String> json(String method, String path, String body, String... more)
      throws Exception {
    List<String> typed = new ArrayList<>(List.of("Content-Type", "application/json"));
    typed.addAll(List.of(more));
    return send(method, path, BodyPublishers.ofString(body), typed.toArray(String[]::new));
  }

  HttpResponse<String> send(String method, String path, BodyPublisher body, String... more)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20)).method(method, body);
    if (more.length > 0) {
      request.headers(more);
    }
    HttpResponse<String> response = direct.send(request.build(), BodyHandlers.ofString());
    checkSecrets(response.body());
    response.headers().map().values().forEach(values -> checkSecrets(values.toString()));
    document.check(response);
    return response;
  }

  static void checkSecrets(String text) {
    if (text.contains(CANARY)) {
      throw new AssertionError("shows a secret: " + text);
    }
  }

  URI uri(String path) {
    return URI.create(server.control() + path);
  }

  HttpClient client() {
    return direct;
  }

  static JsonNode body(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  /** The body of a good answer. */
  JsonNode read(String path) throws Exception {
    HttpResponse<String> response = get(path);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return body(response);
  }

  /** Sends a request through the forward proxy. */
  HttpResponse<String> through(URI target, String... more)
      throws IOException, InterruptedException {
    return proxied.send(request(target, more), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> throughAsync(URI target, String... more) {
    return proxied.sendAsync(request(target, more), BodyHandlers.ofString());
  }

  private static HttpRequest request(URI target, String... more) {
    HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(Duration.ofSeconds(40));
    return (more.length > 0 ? request.headers(more) : request).build();
  }

  /** Waits for what other threads bring about, for ten seconds at the most. */
  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not come true: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() throws IOException {
    direct.shutdownNow();
    proxied.shutdownNow();
    try {
      server.stop();
    } catch (InterruptedException interrupted) {
      throw new IOException("interrupted", interrupted);
    }
  }
}
