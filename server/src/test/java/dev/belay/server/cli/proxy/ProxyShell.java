package dev.belay.server.cli.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.BelayServer;
import dev.belay.server.cli.Shell;
import dev.belay.server.config.BelayConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running server, and a shell in which {@code belay proxy} talks to it. */
final class ProxyShell implements AutoCloseable {
  /** What passwords and tokens contain in these tests. */
  static final String CANARY = "c4nary";

  private final @Nullable BelayServer server;
  private final List<Shell> shells = new ArrayList<>();

  private ProxyShell(@Nullable BelayServer server) {
    this.server = server;
  }

  /** With these proxies, and more in {@code control}. */
  static ProxyShell serving(String pool, String control) throws Exception {
    return serving(pool, control, "");
  }

  /** With more of the section on proxies. */
  static ProxyShell serving(String pool, String control, String proxy) throws Exception {
    String yaml =
        """
        control: {port: 0%s}
        retry: {base_delay: 1ms, immediate_failover: true}
        proxy: {port: 0, socks_port: 0, allow_private: true, strategy: round-robin, pool: [%s]%s}
        """
            .formatted(control, pool, proxy);
    return new ProxyShell(BelayServer.start(BelayConfig.parse(yaml, "test", Map.of())));
  }

  /** Where nobody serves. */
  static ProxyShell alone() {
    return new ProxyShell(null);
  }

  String control() {
    return requireNonNull(server).control();
  }

  /** The next command's. */
  Shell shell() {
    shells.add(new Shell());
    return shells.getLast();
  }

  /** Runs {@code belay proxy} with these words. */
  int run(String... words) {
    return run(shell(), words);
  }

  int run(Shell shell, String... words) {
    List<String> all = new ArrayList<>(List.of("proxy"));
    all.addAll(List.of(words));
    if (server != null && !all.contains("--url")) {
      all.add("--url=" + control());
    }
    return shell.run(all.toArray(String[]::new));
  }

  /** What the last command printed. */
  String out() {
    return shells.getLast().out();
  }

  /** What it complained of. */
  String err() {
    return shells.getLast().err();
  }

  JsonNode json() {
    return new JsonMapper().readTree(out());
  }

  /** Sends a request through the forward proxy. */
  int through(URI target) throws IOException, InterruptedException {
    URI proxy = URI.create("http://" + requireNonNull(server).proxy());
    try (HttpClient client =
        HttpClient.newBuilder()
            .proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())))
            .build()) {
      return client
          .send(HttpRequest.newBuilder(target).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (server != null) {
        server.stop();
      }
    } catch (InterruptedException interrupted) {
      throw new IOException("interrupted", interrupted);
    }
    for (Shell shell : shells) {
      assertThat(shell.out() + shell.err()).doesNotContain(CANARY);
    }
  }
}
