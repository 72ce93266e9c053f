package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.Store;
import dev.belay.server.store.StoreRefused;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FreePorts;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers that remember. */
@Timeout(60)
class StoredServerTest {
  private static final String CANARY = "s3cret-canary";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private BelayConfig config(String store, String breaker, String pool) {
    return BelayConfig.parse(
        """
        control: {port: 0}
        store: {url: "%s"}
        circuit_breaker: {failure_threshold: 1, timeout_duration: 1h%s}
        retry: {max_attempts: 1}
        proxy: {port: 0, socks_port: 0, allow_private: true, pool: [%s]}
        """
            .formatted(store, breaker, pool),
        "test",
        Map.of());
  }

  private String file() {
    return "sqlite:" + folder.resolve("belay.db");
  }

  private static BelayServer start(BelayConfig config) throws Exception {
    return BelayServer.start(config, Store.opening(config.store()));
  }

  private static String control(BelayServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.control() + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private static int through(BelayServer server, URI target) throws Exception {
    URI proxy = URI.create("http://" + server.proxy());
    try (HttpClient client =
        HttpClient.newBuilder()
            .proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())))
            .build()) {
      return client
          .send(HttpRequest.newBuilder(target).build(), BodyHandlers.ofString())
          .statusCode();
    }
  }

  @Test
  void aRestartKnowsTheAttemptsAndStartsItsBreakersClosed() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()))) {
      String good = "{url: \"http://ann:%s@127.0.0.1:%d\"}".formatted(CANARY, upstream.port());
      String bad = "{url: \"http://127.0.0.1:%d\"}".formatted(FreePorts.one());
      String open = "belay_circuit_breaker_state{proxy=\"http://127.0.0.1:";

      BelayServer first = start(config(file(), "", bad));
      assertThat(through(first, origin.uri("/"))).isGreaterThanOrEqualTo(500);
      assertThat(control(first, "/metrics")).contains("belay_attempts_24h 1").contains(open);
      first.stop();

      BelayServer second = start(config(file(), "", bad));
      assertThat(control(second, "/metrics"))
          .contains("belay_attempts_24h 1", "belay_store_failing 0")
          .containsPattern("belay_circuit_breaker_state\\{.*} 0");
      second.reload(config(file(), "", good));
      assertThat(through(second, origin.uri("/"))).isEqualTo(200);
      assertThat(control(second, "/health")).contains("\"store\":{\"failing\":false}");
      second.stop();

      BelayServer third = start(config(file(), "", bad));
      assertThat(control(third, "/metrics")).contains("belay_attempts_24h 2");
      third.stop();
    }
    byte[] stored = Files.readAllBytes(folder.resolve("belay.db"));
    assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(CANARY);
  }

  @Test
  void aWarmStartTestsWhatWasOpen() throws Exception {
    String bad = "{url: \"http://127.0.0.1:%d\"}".formatted(FreePorts.one());
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")))) {
      BelayServer first = start(config(file(), "", bad));
      through(first, origin.uri("/"));
      first.stop();
    }

    BelayServer second = start(config(file(), ", warm_start: true", bad));
    try {
      assertThat(control(second, "/metrics"))
          .containsPattern("belay_circuit_breaker_state\\{.*} 2");
    } finally {
      second.stop();
    }
  }

  @Test
  void aRefusedStoreLeavesNothingOpen() throws Exception {
    Files.writeString(folder.resolve("belay.db"), "no database ".repeat(1_000));
    BelayConfig config = config(file(), "", "");

    assertThatThrownBy(() -> start(config))
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining("belay.db: the file is damaged");
    Files.delete(folder.resolve("belay.db"));
    start(config).stop();
  }

  @Test
  void aTakenPortGivesTheStoreBack() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      BelayConfig config = config(file(), "", "");
      BelayConfig moved =
          config.withPorts(
              java.util.Optional.of(taken.getLocalPort()),
              java.util.Optional.empty(),
              java.util.Optional.empty());
      assertThatThrownBy(() -> start(moved)).isInstanceOf(IOException.class);
      start(config).stop();
    }
  }

  @Test
  void servesWithoutItsStoreAndSaysSo() throws Exception {
    int nobody = FreePorts.one();
    String url = "postgresql://belay:%s@127.0.0.1:%d/belay".formatted(CANARY, nobody);
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()))) {
      String good = "{url: \"http://127.0.0.1:%d\"}".formatted(upstream.port());
      BelayServer server = start(config(url, "", good));
      try {
        assertThat(through(server, origin.uri("/"))).isEqualTo(200);
        assertThat(control(server, "/health"))
            .contains("\"status\":\"DEGRADED\"", "\"store\":{\"failing\":true}")
            .doesNotContain(CANARY);
        assertThat(control(server, "/metrics"))
            .contains("belay_store_failing 1")
            .doesNotContain(CANARY);
      } finally {
        server.stop();
      }
    }
  }
}
