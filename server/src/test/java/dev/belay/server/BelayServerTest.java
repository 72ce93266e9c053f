package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BelayServerTest {
  private static BelayConfig config(String more) {
    return BelayConfig.parse(
        "proxy: {port: 0, socks_port: 0, allow_private: true%s}\n".formatted(more)
            + "control: {port: 0}\n",
        "test",
        Map.of());
  }

  /** Whatever bytes to a port, and all that comes back. */
  private static String ask(String address, String head) throws IOException {
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .lines()
          .collect(Collectors.joining("\n"));
    }
  }

  private static String get(BelayServer server, String path, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
    String authority = URI.create(server.control()).getAuthority();
    boolean named = false;
    for (String header : headers) {
      named |= header.startsWith("Host:");
      head.append(header).append("\r\n");
    }
    return ask(authority, head + (named ? "" : "Host: " + authority + "\r\n"));
  }

  @Test
  void servesHealthAndMetrics() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()))) {
      String secret = "s3cret-canary";
      BelayServer server =
          BelayServer.start(
              config(
                  ", pool: [{url: \"http://ann:%s@127.0.0.1:%d\"}]"
                      .formatted(secret, upstream.port())));
      try {
        String answer =
            ask(server.proxy(), "GET %s HTTP/1.1\r\nHost: x\r\n".formatted(origin.uri("/")));
        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("hello");

        assertThat(get(server, "/health"))
            .startsWith("HTTP/1.1 200")
            .contains("\"status\":\"UP\"", "\"total\":1", "\"selectable\":1");
        String metrics = get(server, "/metrics");
        assertThat(metrics)
            .contains("belay_requests_total 1", "belay_circuit_breaker_state{proxy=\"http://127.0")
            .contains("belay_attempts_24h 1", "jvm_memory_used_bytes")
            .doesNotContain(secret, "ann@");
        assertThat(get(server, "/nothing")).startsWith("HTTP/1.1 404").contains("NOT_FOUND");
      } finally {
        server.stop();
      }
    }
  }

  @Test
  void controlAnswersToItsOwnNamesOnly() throws Exception {
    BelayServer server = BelayServer.start(config(""));
    try {
      assertThat(get(server, "/health", "Host: evil.example")).startsWith("HTTP/1.1 403");
      assertThat(get(server, "/health", "Host: localhost")).startsWith("HTTP/1.1 200");
      assertThat(get(server, "/health", "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
      assertThat(get(server, "/health", "Origin: null")).startsWith("HTTP/1.1 403");
      assertThat(get(server, "/health", "Origin: " + server.control())).startsWith("HTTP/1.1 200");
    } finally {
      server.stop();
    }
  }

  @Test
  void controlAsksForItsToken() throws Exception {
    BelayConfig config =
        BelayConfig.parse(
            "control: {port: 0, token: \"${TOKEN}\"}\nproxy: {port: 0, socks_port: 0}\n",
            "test",
            Map.of("TOKEN", "s3cret"));
    BelayServer server = BelayServer.start(config);
    try {
      assertThat(get(server, "/metrics")).startsWith("HTTP/1.1 401").contains("Bearer");
      assertThat(get(server, "/metrics", "Authorization: Bearer wrong"))
          .startsWith("HTTP/1.1 401")
          .doesNotContain("s3cret");
      assertThat(get(server, "/metrics", "Authorization: Bearer s3cret"))
          .startsWith("HTTP/1.1 200");
      assertThat(get(server, "/health")).startsWith("HTTP/1.1 200");
    } finally {
      server.stop();
    }
  }

  @Test
  void aTakenPortLeavesNothingOpen() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BelayConfig config =
          BelayConfig.parse(
              "control: {port: %d}\nproxy: {port: 0, socks_port: 0}\n"
                  .formatted(taken.getLocalPort()),
              "test",
              Map.of());
      assertThatThrownBy(() -> BelayServer.start(config))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("control port " + taken.getLocalPort())
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aNewConfigurationHoldsFromTheNextRequest() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()))) {
      BelayServer server = BelayServer.start(config(""));
      try {
        String request = "GET %s HTTP/1.1\r\nHost: x\r\n".formatted(origin.uri("/"));
        assertThat(ask(server.proxy(), request)).startsWith("HTTP/1.1 503");
        server.reload(
            config(", pool: [{url: \"http://127.0.0.1:%d\"}]".formatted(upstream.port())));
        assertThat(ask(server.proxy(), request)).startsWith("HTTP/1.1 200");
      } finally {
        server.stop();
      }
    }
  }

  @Test
  void whatMayBeRepeatedIsUpToTheNewConfiguration() throws Exception {
    try (FaultyOrigin origin =
            FaultyOrigin.start(Script.of(Reply.status(503), Reply.status(503), Reply.ok("")));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()))) {
      String pool = ", pool: [{url: \"http://127.0.0.1:%d\"}]".formatted(upstream.port());
      BelayServer server = BelayServer.start(config(pool));
      try {
        String request = "POST %s HTTP/1.1\r\nHost: x\r\n".formatted(origin.uri("/"));
        assertThat(ask(server.proxy(), request)).startsWith("HTTP/1.1 503");
        server.reload(config(pool + ", retry_methods: [GET, POST]"));
        assertThat(ask(server.proxy(), request)).startsWith("HTTP/1.1 200");
      } finally {
        server.stop();
      }
    }
  }

  @Test
  void aReloadLeavesSessionsWithTheirProxies() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy one = FaultyProxy.start(FaultyProxy.Kind.HTTP);
        FaultyProxy other = FaultyProxy.start(FaultyProxy.Kind.HTTP)) {
      BelayConfig config =
          config(
              ", strategy: round-robin, pool: [%s, %s]"
                  .formatted(
                      "{url: \"http://127.0.0.1:%d\"}".formatted(one.port()),
                      "{url: \"http://127.0.0.1:%d\"}".formatted(other.port())));
      BelayServer server = BelayServer.start(config);
      try {
        String request =
            "GET %s HTTP/1.1\r\nHost: x\r\nX-Belay-Session: 42\r\n".formatted(origin.uri("/"));
        for (int i = 0; i < 6; i++) {
          assertThat(ask(server.proxy(), request)).startsWith("HTTP/1.1 200");
          server.reload(config);
        }
        assertThat(new long[] {one.requestCount(), other.requestCount()}).contains(0L);
      } finally {
        server.stop();
      }
    }
  }
}
