package dev.belay.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A cart that calls pricing through a fault proxy, and leaves the spans of both. */
public final class TracedCart implements AutoCloseable {
  private final HttpClient inside =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer pricing = server();
  private final HttpServer cart = server();
  private final int front = free();
  private final int traces = free();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicBoolean bears = new AtomicBoolean();
  private final AtomicInteger watched = new AtomicInteger();
  private final AtomicInteger missed = new AtomicInteger();
  private final AtomicReference<List<String>> watches = new AtomicReference<>(List.of());

  /** A cart that has no idea what to do without a price. */
  public TracedCart() throws IOException {
    pricing.createContext("/price", exchange -> answer(exchange, 200, "100"));
    cart.createContext("/cart", this::order);
    pricing.start();
    cart.start();
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return server;
  }

  private static int free() throws IOException {
    try (FreePorts free = new FreePorts()) {
      return free.next();
    }
  }

  /** From now on it asks pricing for these paths, too, and bears whatever comes of that. */
  public void watch(String... paths) {
    watches.set(List.of(paths));
  }

  /** How often it asked for them. */
  public int watched() {
    return watched.get();
  }

  /** How often that went wrong. */
  public int missed() {
    return missed.get();
  }

  /** What a server must know to search it. */
  public String yaml() {
    return yaml("");
  }

  /** The same with more that the guard must know. */
  public String yaml(String guard) {
    return """
    traces_port: %d
    services: {pricing: {url: "http://127.0.0.1:%d/cart", healthy_runs: 2}}
    guard: {max_delay: 300ms%s}
    fronts: [{service: pricing, caller: cart, port: %d, upstream: "127.0.0.1:%d"}]
    """
        .formatted(
            traces, cart.getAddress().getPort(), guard, front, pricing.getAddress().getPort());
  }

  /** What is asked of it. */
  public URI ask() {
    return URI.create("http://127.0.0.1:%d/cart".formatted(cart.getAddress().getPort()));
  }

  /** How often it was asked. */
  public int asked() {
    return asked.get();
  }

  /** From now on it has a price of its own. */
  public void repair() {
    bears.set(true);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void order(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    long begun = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    String baggage = exchange.getRequestHeaders().getFirst("baggage");
    for (String path : watches.get()) {
      watched.incrementAndGet();
      missed.addAndGet(status(path, baggage) == 200 ? 0 : 1);
    }
    int status = status("/price", baggage);
    int answer = status == 200 || bears.get() ? 200 : 500;
    String parent = exchange.getRequestHeaders().getFirst("traceparent");
    if (parent != null) {
      leave(parent.split("-", 4), begun, status, answer);
    }
    answer(exchange, answer, "status " + status);
  }

  private int status(String path, @Nullable String baggage) {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(front, path));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5));
    if (baggage != null) {
      request.header("baggage", baggage);
    }
    try {
      return inside.send(request.build(), BodyHandlers.ofString()).statusCode();
    } catch (IOException broken) {
      return 599;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private void leave(String[] parent, long begun, int status, int answer) throws IOException {
    String spans =
        """
        {"resourceSpans": [%s, %s]}
        """
            .formatted(
                span("cart", parent[1], "00000000000000c1", parent[2], "GET /cart", begun, answer),
                span(
                    "pricing",
                    parent[1],
                    "00000000000000c2",
                    "00000000000000c1",
                    "GET /price",
                    begun + 1,
                    status));
    try {
      inside.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/traces".formatted(traces)))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(spans))
              .build(),
          BodyHandlers.discarding());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static String span(
      String service, String trace, String id, String parent, String name, long begun, int status) {
    return """
    {"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "%s"}}]},
     "scopeSpans": [{"spans": [{"traceId": "%s", "spanId": "%s", "parentSpanId": "%s",
       "name": "%s", "kind": 2, "startTimeUnixNano": "%d", "endTimeUnixNano": "%d",
       "status": {"code": %d}}]}]}
    """
        .formatted(service, trace, id, parent, name, begun, begun + 1_000, status >= 500 ? 2 : 1);
  }

  @Override
  public void close() {
    pricing.stop(0);
    cart.stop(0);
  }
}
