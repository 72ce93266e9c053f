package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that are read while they come in. */
@Timeout(60)
class StreamTest {
  private static final int PIECE = 64 * 1024;
  private static final long SIZE = 1_600L * PIECE;

  private final ClientHarness harness = new ClientHarness();
  private final AtomicLong sent = new AtomicLong();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  /** Serves a body of 100 MB to whoever connects. */
  private URI longBody() throws IOException {
    ServerSocket server =
        harness.closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.startVirtualThread(() -> {
      try (Socket socket = server.accept()) {
        if (socket.getInputStream().read(new byte[8192]) > 0) {
          String head = "HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n";
          socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
          byte[] piece = new byte[PIECE];
          for (long left = SIZE; left > 0; left -= PIECE) {
            socket.getOutputStream().write(piece);
            sent.addAndGet(PIECE);
          }
        }
      } catch (IOException gone) {
        // the reader has seen enough
      }
    });
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
  }

  private long awaitStall() {
    long last = -1;
    long since = System.nanoTime();
    while (sent.get() == 0 || System.nanoTime() - since < 300_000_000L) {
      if (sent.get() != last) {
        last = sent.get();
        since = System.nanoTime();
      }
      LockSupport.parkNanos(1_000_000);
    }
    return last;
  }

  @Test
  void aLongBodyWaitsForItsReaderAndArrivesWhole() throws Exception {
    URI uri = longBody();
    harness.proxy(Kind.SOCKS5);

    try (ProxyResponse response = harness.client().stream(ProxyRequest.get(uri))) {
      // what lies in sockets is the system's affair, and at most a few megabytes each
      assertThat(awaitStall()).isLessThan(SIZE / 3);

      assertThat(drain(response.stream())).isEqualTo(SIZE);
    }
    harness.awaitQuiet();
  }

  @Test
  void aBodyThatTricklesEndsWithTheTimeOfItsRequest() throws Exception {
    String[] drops = new String[2_000];
    Arrays.fill(drops, "x");
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.status(200).trickled(Duration.ofMillis(20), drops)));
    harness.proxy(Kind.HTTP);
    ProxyRequest request =
        ProxyRequest.builder(ProxyRequest.Method.GET, origin.uri())
            .timeout(Duration.ofMillis(700))
            .build();

    try (ProxyResponse response = harness.client().stream(request)) {
      assertThatThrownBy(() -> drain(response.stream()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the time of the request was over");
    }
    harness.awaitQuiet();
  }

  @Test
  void aBodyThatStallsEndsAfterTheSilence() throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.ok("never").bodyDelayed(Duration.ofMinutes(2))));
    harness.proxy(Kind.HTTP);
    harness.builder().timeouts(ClientTimeouts.DEFAULT.withSilence(Duration.ofMillis(300)));

    try (ProxyResponse response = harness.client().stream(ProxyRequest.get(origin.uri()))) {
      assertThatThrownBy(() -> drain(response.stream())).isInstanceOf(IOException.class);
    }
    harness.awaitQuiet();
  }

  @Test
  void aLongBodyOverHttp2DoesToo() throws Exception {
    Http2Origin origin = harness.http2Origin();
    origin.answer(request -> {
      HttpServerResponse out = request.response();
      if (request.uri().equals("/short")) {
        out.end("short");
      } else {
        out.putHeader("Content-Length", Long.toString(SIZE));
        write(out, SIZE);
      }
    });
    harness.proxy(Kind.SOCKS5);

    try (ProxyResponse response = harness.client().stream(ProxyRequest.get(origin.uri("/")))) {
      assertThat(awaitStall()).isLessThan(SIZE / 3);

      // a stream that nobody reads does not hold up the others of its connection
      assertThat(harness.get(origin.uri("/short")).text()).isEqualTo("short");
      assertThat(origin.connections()).isEqualTo(1);
      assertThat(drain(response.stream())).isEqualTo(SIZE);
    }
    harness.awaitQuiet();
  }

  private void write(HttpServerResponse out, long left) {
    long rest = left;
    while (rest > 0 && !out.writeQueueFull()) {
      var unused = out.write(Buffer.buffer(new byte[PIECE]));
      sent.addAndGet(PIECE);
      rest -= PIECE;
    }
    long remaining = rest;
    if (remaining > 0) {
      out.drainHandler(none -> write(out, remaining));
    } else {
      var unused = out.end();
    }
  }

  private static long drain(InputStream in) throws IOException {
    byte[] piece = new byte[10_000];
    long total = 0;
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      total += count;
    }
    return total;
  }

  @Test
  void theHeadIsHandedOverBeforeTheBodyHasCome() throws Exception {
    FaultyOrigin origin =
        harness.origin(
            Script.of(
                Reply.status(503),
                Reply.status(200).chunked(Duration.ofMillis(300), "first", "second")));
    harness.proxy(Kind.HTTP);

    CompletableFuture<ProxyResponse> future =
        harness.client().streamAsync(ProxyRequest.get(origin.uri()));

    try (ProxyResponse response = future.get(10, TimeUnit.SECONDS)) {
      assertThat(response.report().attempts()).hasSize(2);
      assertThat(response.stream().readNBytes(5)).asString().isEqualTo("first");
      assertThat(response.text()).isEqualTo("second");
    }
    harness.awaitQuiet();
  }

  @Test
  void theConnectionOfAWholeBodyIsKept() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    harness.proxy(Kind.HTTP);

    for (int i = 0; i < 5; i++) {
      try (ProxyResponse response = harness.client().stream(ProxyRequest.get(origin.uri()))) {
        assertThat(response.text()).isEqualTo("fine");
      }
    }

    assertThat(origin.connectionCount()).isEqualTo(1);
  }

  @Test
  void aTextThatIsTooLongIsAnError() throws Exception {
    URI uri = longBody();
    harness.proxy(Kind.SOCKS5);
    harness.builder().limits(ClientLimits.DEFAULT.withBodyBytes(100_000));

    try (ProxyResponse response = harness.client().stream(ProxyRequest.get(uri))) {
      assertThatThrownBy(response::text)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("100000 bytes");
    }
    harness.awaitQuiet();
  }
}
