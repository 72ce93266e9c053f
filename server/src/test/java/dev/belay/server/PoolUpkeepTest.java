package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources and checks in a whole server. */
@Timeout(60)
class PoolUpkeepTest {
  @TempDir Path directory = Path.of("");

  private FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
  private FaultyProxy upstream = FaultyProxy.start(FaultyProxy.Kind.HTTP);

  @BeforeEach
  void begin() {
    assertThat(upstream.port()).isPositive();
  }

  @AfterEach
  void close() {
    origin.close();
    upstream.close();
  }

  private static BelayConfig config(String more) {
    return BelayConfig.parse(
        "control: {port: 0}\nproxy: {port: 0, socks_port: 0, allow_private: true, %s}\n"
            .formatted(more),
        "test",
        Map.of());
  }

  private String address() {
    return "127.0.0.1:" + upstream.port();
  }

  private String source(Path file) {
    return "sources: [{name: mine, file: \"%s\"}]".formatted(file);
  }

  private int get(BelayServer server) {
    int port = URI.create("http://" + server.proxy()).getPort();
    try {
      Proxy proxy =
          new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      HttpURLConnection asked = (HttpURLConnection) origin.uri("/").toURL().openConnection(proxy);
      asked.setReadTimeout(20_000);
      return asked.getResponseCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String health(BelayServer server) {
    try {
      byte[] bytes = URI.create(server.control() + "/health").toURL().openStream().readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return String.valueOf(e.getMessage()); // 503 while nothing is selectable
    }
  }

  private static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("too late: " + what).isNegative();
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void aFileOfProxiesIsThereFromTheFirstRequestOnAndFollowed() throws Exception {
    Path file = directory.resolve("proxies.txt");
    Files.writeString(file, address() + "\n");
    BelayServer server = BelayServer.start(config(source(file)));
    try {
      assertThat(get(server)).isEqualTo(200);
      Files.writeString(file, "# none\n");
      eventually("the empty list", () -> get(server) == 503);

      Files.writeString(file, address() + "\n");
      eventually("the list", () -> get(server) == 200);
      server.reload(config("pool: []"));
      eventually("that the source is gone", () -> get(server) == 503);
    } finally {
      server.stop();
    }
  }

  @Test
  void aPageOfProxiesMayBeFetchedThroughThePool() throws Exception {
    FaultyProxy listed = FaultyProxy.start(FaultyProxy.Kind.SOCKS5);
    try (listed;
        FaultyOrigin page =
            FaultyOrigin.start(Script.of(Reply.ok("socks5h://127.0.0.1:" + listed.port())))) {
      String source =
          "pool: [{url: \"http://%s\"}], sources: [{name: web, url: \"%s\", through_pool: true, allow_private: true}]"
              .formatted(address(), page.uri("/"));
      BelayServer server = BelayServer.start(config("users: {ann: \"p:w\"}, " + source));
      try {
        eventually("two proxies", () -> health(server).contains("\"total\":2"));
        assertThat(upstream.requestCount()).isEqualTo(1);
        assertThat(page.requestCount()).isEqualTo(1);
      } finally {
        server.stop();
      }
    }
  }

  @Test
  void activeChecksFindADeadProxyAndItsReturn() throws Exception {
    String more =
        "pool: [{url: \"http://%s\"}], health: {active: true, interval: 200ms, level: http, url: \"%s\"}"
            .formatted(address(), origin.uri("/check"));
    BelayConfig quick =
        BelayConfig.parse(
            "control: {port: 0}\ncircuit_breaker: {timeout_duration: 300ms}\n"
                + "proxy: {port: 0, socks_port: 0, allow_private: true, %s}\n".formatted(more),
            "test",
            Map.of());
    BelayServer server = BelayServer.start(quick);
    try {
      eventually("a first check", () -> upstream.requestCount() > 0);
      upstream.kill();
      eventually("that it is dead", () -> !health(server).contains("\"selectable\":1"));
      upstream.restart();
      eventually("that it is back", () -> get(server) == 200);
    } finally {
      server.stop();
    }
  }
}
