package dev.belay.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Time;
import dev.belay.http.ProxyAddress;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.ProxyRequest;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkCheckTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final List<TestCertificate> CERTIFICATES = new ArrayList<>();

  private final List<AutoCloseable> open = new ArrayList<>();
  private Duration timeout = Duration.ofSeconds(5);
  private boolean trusting = true;

  @BeforeAll
  static void makeCertificate() throws Exception {
    CERTIFICATES.add(TestCertificate.generate());
  }

  @AfterAll
  static void closeAll() throws Exception {
    CERTIFICATES.forEach(TestCertificate::close);
    VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private static TestCertificate certificate() {
    return CERTIFICATES.getFirst();
  }

  private <C extends AutoCloseable> C closing(C closeable) {
    open.addFirst(closeable);
    return closeable;
  }

  private FaultyOrigin origin(Script<ReceivedRequest, Reply> script) {
    return closing(FaultyOrigin.start(script));
  }

  private FaultyOrigin tlsOrigin() {
    return closing(FaultyOrigin.startTls(certificate(), Script.of(Reply.ok("secret"))));
  }

  private FaultyProxy proxy(Kind kind, Behaviour behaviour) {
    FaultyProxy.Builder builder = FaultyProxy.builder(kind);
    if (kind == Kind.HTTPS) {
      builder.tls(certificate());
    }
    Script<ProxyRequest, Behaviour> script = Script.of(behaviour);
    return closing(builder.start(script));
  }

  private static String url(FaultyProxy proxy) {
    String scheme = proxy.kind() == Kind.SOCKS5 ? "socks5h" : proxy.uri().getScheme();
    return scheme + "://127.0.0.1:" + proxy.port();
  }

  private HealthReport check(HealthSettings.Probe probe, String proxy) throws Exception {
    ClientSSLOptions tls = new ClientSSLOptions();
    if (trusting) {
      tls.setTrustOptions(new PemTrustOptions().addCertPath(certificate().pem().toString()));
    }
    NetworkCheck check = new NetworkCheck(VERTX, probe, tls, Time.system(), 1);
    AutoCloseable end =
        () -> check.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    open.addFirst(end);
    return check.check(ProxyAddress.parse(proxy)).get(20, TimeUnit.SECONDS);
  }

  private HealthSettings.Probe probe(HealthLevel level, String url, String judge) {
    return new HealthSettings.Probe(level, timeout, url, judge, Set.of("203.0.113.7"));
  }

  private HealthReport tcp(String proxy) throws Exception {
    return check(probe(HealthLevel.TCP, "", ""), proxy);
  }

  private HealthReport http(FaultyOrigin origin, String proxy) throws Exception {
    return check(probe(HealthLevel.HTTP, origin.uri("/ok").toString(), ""), proxy);
  }

  private HealthReport https(FaultyOrigin origin, String proxy) throws Exception {
    String url = "https://localhost:" + origin.port() + "/";
    return check(probe(HealthLevel.HTTPS, url, ""), proxy);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aProxyThatForwardsWorksAtEveryLevel(Kind kind) throws Exception {
    FaultyProxy proxy = proxy(kind, Behaviour.forward());
    FaultyOrigin plain = origin(Script.of(Reply.ok("hello")));
    FaultyOrigin secure = tlsOrigin();

    for (HealthReport report :
        List.of(tcp(url(proxy)), http(plain, url(proxy)), https(secure, url(proxy)))) {
      assertThat(report.message()).isEmpty();
      assertThat(report.isWorking()).isTrue();
      assertThat(report.error()).isEqualTo(ErrorClass.NONE);
      assertThat(report.latency()).isPositive().isLessThan(timeout);
      assertThat(report.anonymity()).isEqualTo(Anonymity.UNKNOWN);
    }
    assertThat(plain.requestCount()).isEqualTo(1);
    assertThat(proxy.awaitIdle(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void aDeadProxyDoesNotWork() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }

    HealthReport report = tcp("http://127.0.0.1:" + port);
    assertThat(report.isWorking()).isFalse();
    assertThat(report.error()).isEqualTo(ErrorClass.CONNECT);
    assertThat(report.verdict().blame()).isEqualTo(Blame.ENDPOINT);
    assertThat(report.message()).contains("127.0.0.1:" + port, "cannot be reached");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void usesTheCredentials(Kind kind) throws Exception {
    String user = "us@r%";
    String password = kind == Kind.SOCKS4A ? "" : "p@ss:w%rd CANARY";
    FaultyProxy.Builder builder = FaultyProxy.builder(kind).credentials(user, password);
    if (kind == Kind.HTTPS) {
      builder.tls(certificate());
    }
    FaultyProxy proxy = closing(builder.start(Script.of(Behaviour.forward())));
    FaultyOrigin plain = origin(Script.of(Reply.ok("hello")));
    FaultyOrigin secure = tlsOrigin();
    String login = "us%40r%25:" + (password.isEmpty() ? "" : "p%40ss%3Aw%25rd%20CANARY") + "@";
    String right = url(proxy).replace("://", "://" + login);
    String wrong = url(proxy).replace("://", "://other:CANARY@");

    assertThat(http(plain, right).message()).isEmpty();
    assertThat(https(secure, right).message()).isEmpty();
    for (HealthReport report : List.of(http(plain, wrong), https(secure, wrong))) {
      assertThat(report.isWorking()).isFalse();
      // SOCKS 4 has no word for it that all proxies use
      assertThat(report.verdict().blame())
          .isEqualTo(kind == Kind.SOCKS4A ? Blame.UNKNOWN : Blame.ENDPOINT);
      assertThat(report.toString()).doesNotContain("CANARY");
    }
    assertThat(plain.requestCount()).isEqualTo(1);
  }

  @Test
  void aStatusThatIsAnErrorMayBeTheTargets() throws Exception {
    FaultyOrigin origin = origin(Script.of(Reply.status(503)));

    HealthReport report = http(origin, url(proxy(Kind.HTTP, Behaviour.forward())));
    assertThat(report.error()).isEqualTo(ErrorClass.STATUS);
    assertThat(report.verdict().blame()).isEqualTo(Blame.UNKNOWN);
    assertThat(report.message()).contains("503");
  }

  @Test
  void readsNoMoreThanItNeedsOfAnEndlessPage() throws Exception {
    FaultyOrigin origin = origin(Script.of(Reply.ok("x".repeat(5_000_000))));
    FaultyProxy proxy = proxy(Kind.HTTP, Behaviour.forward());

    assertThat(http(origin, url(proxy)).isWorking()).isTrue();
    assertThat(proxy.awaitIdle(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void anAnswerThatBreaksOffIsAFailure() throws Exception {
    FaultyOrigin origin = origin(Script.of(Reply.ok("0123456789").truncatedAfter(4)));

    HealthReport report = http(origin, url(proxy(Kind.SOCKS5, Behaviour.forward())));
    assertThat(report.error()).isEqualTo(ErrorClass.RESET);
  }

  @Test
  void seesThatACertificateIsNotValid() throws Exception {
    FaultyOrigin secure = tlsOrigin();
    FaultyProxy proxy = proxy(Kind.HTTP, Behaviour.forward());
    trusting = false;
    assertThat(https(secure, url(proxy)).message()).contains("certificate");
    assertThat(https(secure, url(proxy)).error()).isEqualTo(ErrorClass.TLS);
  }

  @Test
  void seesThatACertificateIsForAnotherName() throws Exception {
    FaultyOrigin secure = tlsOrigin();
    FaultyProxy proxy =
        closing(
            FaultyProxy.builder(Kind.HTTP)
                .resolve("other.test", secure.port())
                .start(Script.of(Behaviour.forward())));

    HealthReport report =
        check(
            probe(HealthLevel.HTTPS, "https://other.test:" + secure.port() + "/", ""), url(proxy));
    assertThat(report.message()).contains("certificate");
  }

  @Test
  void seesThatNoTlsIsSpokenAtTheFarEnd() throws Exception {
    FaultyOrigin plain = origin(Script.of(Reply.ok("no TLS")));

    HealthReport report = https(plain, url(proxy(Kind.HTTP, Behaviour.forward())));
    assertThat(report.isWorking()).isFalse();
    assertThat(report.error()).isIn(ErrorClass.TLS, ErrorClass.RESET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "half a line", "100 headers", "500 headers", "never", "502"})
  void survivesWhateverIsAnsweredToConnect(String way) throws Exception {
    Behaviour behaviour =
        switch (way) {
          case "garbage" -> Behaviour.garbage("\u0000\u0001no!".getBytes(StandardCharsets.UTF_8));
          case "half a line" -> Behaviour.halfLine();
          case "100 headers" -> Behaviour.manyHeaders(90);
          case "500 headers" -> Behaviour.manyHeaders(500);
          case "never" -> Behaviour.hang();
          default -> Behaviour.status(502);
        };
    FaultyProxy proxy = proxy(Kind.HTTP, behaviour);
    timeout = Duration.ofMillis(way.equals("never") ? 300 : 5_000);

    HealthReport report = https(tlsOrigin(), url(proxy));
    assertThat(report.isWorking()).isEqualTo(way.equals("100 headers"));
    assertThat(report.error())
        .isEqualTo(
            switch (way) {
              case "garbage", "500 headers" -> ErrorClass.PROTOCOL;
              case "half a line" -> ErrorClass.RESET;
              case "100 headers" -> ErrorClass.NONE;
              case "never" -> ErrorClass.TIMEOUT;
              default -> ErrorClass.STATUS;
            });
    assertThat(proxy.awaitIdle(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void endsACheckWhenItsTimeIsOver() throws Exception {
    timeout = Duration.ofMillis(300);
    FaultyOrigin hanging = origin(Script.of(Reply.hang()));
    FaultyProxy proxy = proxy(Kind.HTTP, Behaviour.forward());

    HealthReport plain = http(hanging, url(proxy));
    assertThat(plain.error()).isEqualTo(ErrorClass.TIMEOUT);
    assertThat(plain.latency()).isBetween(Duration.ofMillis(250), Duration.ofSeconds(4));
    // it accepts the connection and never says hello
    FaultyProxy mute = proxy(Kind.SOCKS5, Behaviour.hangOnAccept());
    assertThat(https(hanging, url(mute)).error()).isEqualTo(ErrorClass.TIMEOUT);
  }

  @Test
  void aCheckThatHangsInTlsEndsToo() throws Exception {
    timeout = Duration.ofMillis(300);
    FaultyOrigin silent = origin(Script.of(Reply.hang()));
    try (ServerSocket mute = new ServerSocket(0)) {
      FaultyProxy proxy =
          closing(
              FaultyProxy.builder(Kind.HTTP)
                  .resolve("localhost:" + silent.port(), mute.getLocalPort())
                  .start(Script.of(Behaviour.forward())));
      HealthReport report = https(silent, url(proxy));
      assertThat(report.error()).isEqualTo(ErrorClass.TIMEOUT);
    }
  }

  @Test
  void asksAJudgeForAnonymity() throws Exception {
    FaultyOrigin page = origin(Script.of(Reply.ok("hello")));
    FaultyProxy proxy = proxy(Kind.HTTP, Behaviour.forward());
    for (Anonymity anonymity : Anonymity.values()) {
      FaultyOrigin judge =
          origin(
              Script.answering(request -> {
                String echo = request.text();
                return switch (anonymity) {
                  case TRANSPARENT -> Reply.ok(echo + "\nX-Forwarded-For: 203.0.113.7");
                  case ANONYMOUS -> Reply.ok(echo + "\nVia: 1.1 somebody");
                  case ELITE -> Reply.ok(echo);
                  case UNKNOWN -> Reply.status(500);
                };
              }));
      HealthSettings.Probe probe =
          probe(HealthLevel.HTTP, page.uri("/").toString(), judge.uri("/echo?a=b").toString());

      HealthReport report = check(probe, url(proxy));
      assertThat(report.isWorking()).isTrue();
      assertThat(report.anonymity()).isEqualTo(anonymity);
      assertThat(judge.requests().getFirst().path()).isEqualTo("/echo");
    }
  }

  @Test
  void reachesAProxyOverIpv6() throws Exception {
    FaultyProxy proxy = proxy(Kind.HTTP, Behaviour.forward());
    try (Ipv6Door door = Ipv6Door.before(proxy.port())) {
      String address = "http://user:pass@[::1]:" + door.port();
      assertThat(tcp(address).message()).isEmpty();
      assertThat(https(tlsOrigin(), address).message()).isEmpty();
      HealthReport report = http(origin(Script.of(Reply.ok("hello"))), address);
      assertThat(report.message()).isEmpty();
      assertThat(report.proxy()).startsWith("http://[::1]:%d#".formatted(door.port()));
    }
  }

  @Test
  void isClosedWithItsConnections() throws Exception {
    NetworkCheck check =
        new NetworkCheck(
            VERTX, probe(HealthLevel.TCP, "", ""), new ClientSSLOptions(), Time.system(), 2);
    check.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);

    HealthReport report =
        check
            .check(ProxyAddress.parse(url(proxy(Kind.HTTP, Behaviour.forward()))))
            .get(10, TimeUnit.SECONDS);
    assertThat(report.isWorking()).isFalse();
  }
}
