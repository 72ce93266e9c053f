package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.server.live.EventFeed;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventStreamTest {

  /** Reads events off a socket, which shows when it is closed and can be left unread. */
  private static final class Reader implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Reader(int port, String... headers) throws IOException {
      socket = new Socket();
      socket.setReceiveBufferSize(4_096);
      socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(20_000);
      StringBuilder head =
          new StringBuilder(
              "GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      until(": events of this server");
    }

    /** The line that starts like this, which comes sooner or later. */
    String until(String start) throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(start)) {
          return line;
        }
      }
      throw new AssertionError("the stream ended before " + start);
    }

    JsonObject event(String type) throws IOException {
      until("event: " + type);
      String data = until("data: ");
      Api.checkSecrets(data);
      return new JsonObject(data.substring(6));
    }

    /** Reads to the end, which must come. */
    void awaitEnd() throws IOException {
      try {
        while (lines.readLine() != null) {
          // whatever was on its way
        }
      } catch (java.net.SocketException reset) {
        // an end as well
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** A stream of its own, quick and small. */
  private static final class Stream implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final EventFeed feed;
    private final HttpServer server;

    Stream(Duration heartbeat, int readers, int kept) throws Exception {
      feed = new EventFeed(Time.system(), kept);
      Router router = Router.router(vertx);
      Routes routes = new Routes(router);
      new EventStream(vertx, feed, heartbeat, readers).addTo(routes);
      routes.close();
      server =
          vertx
              .createHttpServer()
              .requestHandler(router)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
    }

    Reader reader(String... headers) throws IOException {
      return new Reader(server.actualPort(), headers);
    }

    @Override
    public void close() {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    }
  }

  @Test
  void tellsOfBreakersRetriesFailuresPoolAndPolicy() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy upstream = FaultyProxy.start(FaultyProxy.Kind.HTTP)) {
      upstream.kill();
      String pool = "{url: \"http://ann:%s@127.0.0.1:%d\"}".formatted(Api.CANARY, upstream.port());
      try (Api api =
              Api.start(
                  pool,
                  """
                  retry: {max_attempts: 2, base_delay: 5ms}
                  circuit_breaker: {failure_threshold: 2}
                  """);
          Reader reader = new Reader(api.uri("/").getPort())) {
        api.through(origin.uri("/"));

        JsonObject retry = reader.event("retry");
        assertThat(retry.getString("proxy"))
            .isEqualTo(
                "http://127.0.0.1:%d#%s".formatted(upstream.port(), retry.getString("proxy_id")));
        assertThat(retry.getInteger("attempt")).isEqualTo(2);
        assertThat(retry.getDouble("delay")).isEqualTo(0.005);
        assertThat(retry.getString("error_class")).isEqualTo("connect");
        JsonObject opened = reader.event("breaker");
        assertThat(opened.getString("from_state")).isEqualTo("closed");
        assertThat(opened.getString("to_state")).isEqualTo("open");
        assertThat(opened.getString("proxy_id")).isEqualTo(retry.getString("proxy_id"));
        JsonObject failed = reader.event("call_failed");
        assertThat(failed.getString("request_id")).isEqualTo(retry.getString("request_id"));
        assertThat(failed.getString("reason")).isEqualTo("attempts_exhausted");
        assertThat(failed.getInteger("attempts")).isEqualTo(2);

        api.json(
            "POST",
            "/api/v1/proxies",
            "{\"url\": \"http://bob:%s@10.0.0.1:1\"}".formatted(Api.CANARY));
        JsonObject added = reader.event("pool");
        assertThat(added.getString("change")).isEqualTo("added");
        assertThat(added.getInteger("proxies")).isEqualTo(2);
        assertThat(added.getString("proxy")).isEqualTo("http://10.0.0.1:1#2f04b0921d25");
        api.json("PATCH", "/api/v1/retry/policy", "{\"max_attempts\": 5}");
        assertThat(reader.event("policy").getString("source")).isEqualTo("api");
      }
    }
  }

  @Test
  void givesWhatWasMissedToWhoComesBack() throws Exception {
    try (Stream stream = new Stream(Duration.ofSeconds(15), 4, 100)) {
      String last;
      try (Reader reader = stream.reader()) {
        stream.feed.publish("pool", new JsonObject().put("n", 1));
        last = reader.until("id: ").substring(4);
        assertThat(reader.event("pool").getInteger("n")).isEqualTo(1);
      }
      stream.feed.publish("pool", new JsonObject().put("n", 2));
      stream.feed.publish("pool", new JsonObject().put("n", 3));

      try (Reader reader = stream.reader("Last-Event-ID: " + last)) {
        assertThat(reader.event("pool").getInteger("n")).isEqualTo(2);
        assertThat(reader.event("pool").getInteger("n")).isEqualTo(3);
      }
      try (Reader reader = stream.reader("Last-Event-ID: of-another-run-7")) {
        assertThat(reader.event("pool").getInteger("n")).isEqualTo(1);
      }
    }
  }

  @Test
  void saysHowManyAreGone() throws Exception {
    try (Stream stream = new Stream(Duration.ofSeconds(15), 4, 3)) {
      for (int i = 1; i <= 10; i++) {
        stream.feed.publish("pool", new JsonObject().put("n", i));
      }

      try (Reader reader = stream.reader("Last-Event-ID: " + stream.feed.id(2))) {
        assertThat(reader.event("gap").getLong("missed")).isEqualTo(5);
        assertThat(reader.event("pool").getInteger("n")).isEqualTo(8);
      }
    }
  }

  @Test
  void keepsQuietConnectionsAlive() throws Exception {
    try (Stream stream = new Stream(Duration.ofMillis(20), 4, 100);
        Reader reader = stream.reader()) {
      assertThat(reader.until(": heartbeat")).isNotEmpty();
      assertThat(reader.until(": heartbeat")).isNotEmpty();
    }
  }

  @Test
  void cutsOffWhoDoesNotReadAndHoldsUpNobody() throws Exception {
    try (Stream stream = new Stream(Duration.ofMillis(200), 2, 2_000);
        Reader slow = stream.reader();
        Reader quick = stream.reader()) {
      Thread reading =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  quick.event("policy");
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      JsonObject large = new JsonObject().put("text", "x".repeat(8_192));
      long start = System.nanoTime();
      for (int i = 0; i < 5_000; i++) {
        stream.feed.publish("pool", large);
      }
      long took = System.nanoTime() - start;
      assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(5));

      // its place is free again only once it was cut off
      List<Reader> others = new ArrayList<>();
      Api.eventually(
          "the slow one is cut off",
          () -> {
            try {
              others.add(stream.reader());
              return true;
            } catch (AssertionError busy) {
              return false;
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      slow.awaitEnd();
      stream.feed.publish("policy", new JsonObject());
      assertThat(reading.join(Duration.ofSeconds(20))).isTrue();
      for (Reader other : others) {
        other.close();
      }
    }
  }

  @Test
  void hasRoomForSoManyReaders() throws Exception {
    try (Stream stream = new Stream(Duration.ofSeconds(15), 1, 100);
        Reader first = stream.reader()) {
      HttpResponse<String> second =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create(
                              "http://127.0.0.1:%d/api/v1/events/stream"
                                  .formatted(stream.server.actualPort())))
                      .build(),
                  BodyHandlers.ofString());

      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.headers().firstValue("Retry-After")).contains("1");
      assertThat(first.socket.isClosed()).isFalse();
    }
  }
}
