package dev.belay.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FreePorts;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real clients, through Belay, through real proxies, one of which dies and comes back. */
@Timeout(120)
class RealProxiesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Processes processes;

  private int tinyPort;
  private int squidPort;
  private @Nullable Process tiny;

  @BeforeEach
  void startProxies() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    processes = new Processes(folder);
    tinyPort = FreePorts.one();
    squidPort = FreePorts.one();
    startTinyproxy();
    Path config =
        Files.writeString(
            folder.resolve("squid.conf"),
            """
            http_port 127.0.0.1:%d
            acl here src 127.0.0.1
            http_access allow here
            cache deny all
            access_log none
            pid_filename none
            cache_log %s/cache.log
            coredump_dir %s
            shutdown_lifetime 1 seconds
            """
                .formatted(squidPort, folder, folder));
    processes.serve(squidPort, Processes.find("squid"), "-N", "-f", config.toString());
  }

  private void startTinyproxy() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("tinyproxy.conf"),
            """
            Port %d
            Listen 127.0.0.1
            Timeout 30
            MaxClients 100
            Allow 127.0.0.1
            """
                .formatted(tinyPort));
    tiny = processes.serve(tinyPort, Processes.find("tinyproxy"), "-d", "-c", config.toString());
  }

  @AfterEach
  void stopProxies() throws Exception {
    processes.killAll();
  }

  private BelayServer belay(int failureThreshold) throws Exception {
    String yaml =
        """
        control: {port: 0}
        retry: {max_attempts: 4, base_delay: 50ms, immediate_failover: true, attempt_timeout: 5s}
        circuit_breaker: {failure_threshold: %d, timeout_duration: 1s}
        proxy:
          port: 0
          socks_port: 0
          allow_private: true
          strategy: round-robin
          pool:
            - {url: "http://127.0.0.1:%d"}
            - {url: "http://127.0.0.1:%d"}
        """
            .formatted(failureThreshold, tinyPort, squidPort);
    return BelayServer.start(BelayConfig.parse(yaml, "test", Map.of()));
  }

  private String curl(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Processes.find("curl"), "-s", "--max-time", "20", "-w", "%{http_code}"));
    command.addAll(List.of(more));
    return processes.run(30, command.toArray(String[]::new));
  }

  @Test
  void noRequestFailsWhileOneProxyIsKilledAndRestarted() throws Exception {
    try (FaultyOrigin plain = FaultyOrigin.start(Script.of(Reply.ok("plain ")));
        TestCertificate certificate = TestCertificate.generate();
        FaultyOrigin secure = FaultyOrigin.startTls(certificate, Script.of(Reply.ok("secure ")))) {
      BelayServer server = belay(3);
      String pem = certificate.pem().toString();
      List<String> answers = new ArrayList<>();
      try {
        for (int round = 0; round < 12; round++) {
          if (round == 4) {
            Processes.kill(requireNonNull(tiny));
          } else if (round == 8) {
            startTinyproxy();
          }
          answers.add(curl("-x", "http://" + server.proxy(), plain.uri().toString()));
          answers.add(
              curl("-x", "http://" + server.proxy(), "--cacert", pem, secure.uri().toString()));
          answers.add(curl("--socks5-hostname", server.socks(), plain.uri().toString()));
        }
      } finally {
        server.stop();
      }

      assertThat(answers)
          .hasSize(36)
          .allMatch(a -> a.equals("plain 200") || a.equals("secure 200"));
      assertThat(answers.stream().filter(a -> a.startsWith("secure"))).hasSize(12);
    }
  }

  @Test
  void aBrowserShowsAPage() throws Exception {
    String page = "<html><body><h1>through the rope</h1></body></html>";
    try (FaultyOrigin origin =
        FaultyOrigin.start(
            Script.of(Reply.status(200).header("Content-Type", "text/html").body(page)))) {
      // the browser asks for pages of its own, which nothing here can reach
      BelayServer server = belay(1_000);
      try {
        Processes.kill(requireNonNull(tiny));
        String dom =
            processes.run(
                60,
                Processes.find("chromium"),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"),
                "--proxy-server=http://" + server.proxy(),
                "--proxy-bypass-list=<-loopback>",
                "--dump-dom",
                origin.uri("/page").toString());
        assertThat(dom).contains("<h1>through the rope</h1>");
        assertThat(origin.requests()).anyMatch(request -> request.target().equals("/page"));
      } finally {
        server.stop();
      }
    }
  }
}
