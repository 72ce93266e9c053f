package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.KeyCertOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SecureLinksTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static TestCertificate certificate;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = ((VertxInternal) vertx).createEventLoopContext();
  private final TunnelDialer dialer = new TunnelDialer(vertx, Time.system());
  private final AtomicInteger http2Connections = new AtomicInteger();
  private FaultyOrigin origin;
  private FaultyProxy proxy;
  private SecureLinks links;

  @BeforeAll
  static void certify() throws Exception {
    certificate = TestCertificate.generate();
  }

  @AfterAll
  static void forget() {
    certificate.close();
  }

  @BeforeEach
  void open() {
    origin = FaultyOrigin.startTls(certificate, Script.of(Reply.ok("hello")));
    proxy = FaultyProxy.start(Kind.SOCKS5);
    links = links(2, 10, Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    Waits.get(onLoop(links::close));
    proxy.close();
    origin.close();
    Waits.get(vertx.close());
  }

  private SecureLinks links(int most, int idle, Duration keepAlive) {
    HttpLinks.Limits limits = new HttpLinks.Limits(most, idle, keepAlive, LIMIT);
    TargetTls tls = new TargetTls(certificate.clientContext(), true);
    return Waits.get(
        onLoop(() -> Future.succeededFuture(new SecureLinks(vertx, context, dialer, tls, limits))));
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(none -> task.get().onComplete(promise));
    return promise.future();
  }

  private SecureLease lease(int port, Duration limit) {
    ProxyAddress address = ProxyAddress.parse("socks5h://127.0.0.1:" + proxy.port());
    return links.lease(address, "127.0.0.1", port, limit);
  }

  private Future<Buffer> get(int port) {
    return onLoop(() ->
        lease(port, LIMIT)
            .request()
            .compose(request -> request.send())
            .compose(HttpClientResponse::body));
  }

  private int openLinks() {
    return Waits.get(onLoop(() -> Future.succeededFuture(links.open())));
  }

  private void awaitNoLink() throws InterruptedException {
    for (int i = 0; i < 500 && openLinks() > 0; i++) {
      Time.system().sleep(10_000_000);
    }
    assertThat(openLinks()).isZero();
  }

  private int http2Server() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setHost("127.0.0.1")
            .setPort(0)
            .setKeyCertOptions(KeyCertOptions.wrap(certificate.keyManager()));
    HttpServer server = vertx.createHttpServer(options);
    server.connectionHandler(connection -> http2Connections.incrementAndGet());
    server.requestHandler(request -> request.response().end(request.version().name()));
    return Waits.get(server.listen()).actualPort();
  }

  @Test
  void aConnectionIsUsedAgain() {
    for (int i = 0; i < 5; i++) {
      assertThat(Waits.get(get(origin.port()))).hasToString("hello");
    }

    assertThat(origin.connectionCount()).isEqualTo(1);
    assertThat(openLinks()).isEqualTo(1);
  }

  @Test
  void requestsBeyondTheLimitWaitForTheirTurn() {
    List<Future<Buffer>> running = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      running.add(get(origin.port()));
    }
    running.forEach(Waits::get);

    assertThat(origin.connectionCount()).isLessThanOrEqualTo(2);
    assertThat(origin.requestCount()).isEqualTo(15);
  }

  @Test
  void requestsShareAConnectionOfHttp2() {
    int port = http2Server();
    List<Future<Buffer>> running = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      running.add(get(port));
    }

    running.forEach(one -> assertThat(Waits.get(one)).hasToString(HttpVersion.HTTP_2.name()));
    assertThat(http2Connections.get()).isEqualTo(1);
    assertThat(openLinks()).isEqualTo(1);
  }

  @Test
  void aWaitHasALimitAndMayBeGivenUp() throws Exception {
    origin.behave(Script.of(Reply.hang()));
    List<Future<Buffer>> hanging = List.of(get(origin.port()), get(origin.port()));
    assertThat(origin.awaitRequests(2, LIMIT)).isTrue();

    SecureLease waiting =
        Waits.get(
            onLoop(() -> Future.succeededFuture(lease(origin.port(), Duration.ofMillis(50)))));
    DialException late = Waits.failure(waiting.request(), DialException.class);
    DialException given =
        Waits.failure(
            onLoop(() -> {
              SecureLease lease = lease(origin.port(), LIMIT);
              lease.cancel();
              return lease.request();
            }),
            DialException.class);

    assertThat(waiting.hasWaited()).isTrue();
    assertThat(late.verdict())
        .isEqualTo(Verdict.retry(ErrorClass.REJECTED, Blame.CALLER).withNothingSent());
    assertThat(given.verdict()).isEqualTo(Verdict.CANCELLED.withNothingSent());
    origin.kill();
    hanging.forEach(one -> Waits.failure(one, Throwable.class));
    awaitNoLink();
  }

  @Test
  void tooManyThatWaitAreTurnedDown() throws Exception {
    origin.behave(Script.of(Reply.hang()));
    List<Future<Buffer>> hanging = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      hanging.add(get(origin.port()));
    }
    assertThat(origin.awaitRequests(2, LIMIT)).isTrue();

    // of 22, two are served at most, and 20 may wait
    for (int i = 0; i < 3; i++) {
      hanging.add(get(origin.port()));
    }

    DialException full = Waits.failure(hanging.getLast(), DialException.class);
    assertThat(full.verdict().errorClass()).isEqualTo(ErrorClass.REJECTED);
  }

  @Test
  void whoeverGivesUpWhileItIsDialledLeavesNothingBehind() throws Exception {
    proxy.behave(Script.of(Behaviour.hang()));

    DialException given =
        Waits.failure(
            onLoop(() -> {
              SecureLease lease = lease(origin.port(), LIMIT);
              vertx.setTimer(50, none -> context.runOnContext(alsoNone -> lease.cancel()));
              return lease.request();
            }),
            DialException.class);

    assertThat(given.verdict()).isEqualTo(Verdict.CANCELLED.withNothingSent());
    awaitNoLink();
    assertThat(proxy.awaitIdle(LIMIT)).isTrue();
  }

  @Test
  void silenceInTlsIsLate() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      DialException late =
          Waits.failure(
              onLoop(() -> lease(silent.getLocalPort(), Duration.ofSeconds(2)).request()),
              DialException.class);

      assertThat(late.phase()).isEqualTo(DialException.Phase.TLS);
      assertThat(late.verdict())
          .isEqualTo(Verdict.retry(ErrorClass.TLS, Blame.UNKNOWN).withNothingSent());
      awaitNoLink();
    }
  }

  @Test
  void whatOneDialMeetsAllWhoWaitForItMeet() {
    proxy.behave(Script.of(Behaviour.reject(5)));
    List<SecureLease> refused =
        Waits.get(
            onLoop(() ->
                Future.succeededFuture(
                    Stream.generate(() -> lease(origin.port(), LIMIT)).limit(10).toList())));

    refused.forEach(lease -> Waits.failure(lease.request(), DialException.class));

    assertThat(proxy.connectionCount()).isEqualTo(1);
    assertThat(openLinks()).isZero();
  }

  @Test
  void anotherCertificateIsNotTrusted() throws Exception {
    try (TestCertificate other = TestCertificate.generate();
        FaultyOrigin stranger = FaultyOrigin.startTls(other, Script.of(Reply.ok("hello")))) {
      DialException refused = Waits.failure(get(stranger.port()), DialException.class);

      assertThat(refused.verdict().errorClass()).isEqualTo(ErrorClass.TLS);
      assertThat(refused).hasMessageContaining("certificate is not trusted");
      assertThat(stranger.requestCount()).isZero();
    }
  }

  @Test
  void idleConnectionsAreClosedInTime() throws Exception {
    links = links(2, 10, Duration.ofMillis(50));
    assertThat(Waits.get(get(origin.port()))).hasToString("hello");

    awaitNoLink();
  }

  @Test
  void noMoreIdleConnectionsAreKeptThanAllowed() throws Exception {
    links = links(2, 0, Duration.ofSeconds(30));
    assertThat(Waits.get(get(origin.port()))).hasToString("hello");

    awaitNoLink();
  }

  @Test
  void idleConnectionsCanBeDropped() throws Exception {
    assertThat(Waits.get(get(origin.port()))).hasToString("hello");

    Waits.get(
        onLoop(() -> {
          ProxyAddress address = ProxyAddress.parse("socks5h://127.0.0.1:" + proxy.port());
          links.dropIdle(address, "127.0.0.1", origin.port());
          return Future.succeededFuture();
        }));

    awaitNoLink();
    assertThat(Waits.get(get(origin.port()))).hasToString("hello");
    assertThat(origin.connectionCount()).isEqualTo(2);
  }

  @Test
  void afterTheEndNothingIsDialled() {
    Waits.get(onLoop(links::close));

    Waits.failure(get(origin.port()), DialException.class);

    assertThat(proxy.connectionCount()).isZero();
  }
}
