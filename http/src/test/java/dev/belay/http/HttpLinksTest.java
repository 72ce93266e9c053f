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
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpLinksTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private final Vertx vertx = Vertx.vertx();
  private final Context context = ((VertxInternal) vertx).createEventLoopContext();
  private final TunnelDialer dialer = new TunnelDialer(vertx, Time.system());
  private FaultyOrigin origin;
  private FaultyProxy proxy;
  private HttpLinks links;

  @BeforeEach
  void open() {
    origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
    proxy = FaultyProxy.start(Kind.SOCKS5);
    links = links(2, 10, Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    Waits.get(links.close());
    proxy.close();
    origin.close();
    Waits.get(vertx.close());
  }

  private HttpLinks links(int forEachProxy, int idle, Duration keepAlive) {
    return Waits.get(
        onLoop(() ->
            Future.succeededFuture(
                new HttpLinks(
                    vertx,
                    context,
                    dialer,
                    new HttpLinks.Limits(forEachProxy, idle, keepAlive, LIMIT)))));
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(none -> task.get().onComplete(promise));
    return promise.future();
  }

  private HttpLease lease(int port, Duration limit) {
    ProxyAddress address = ProxyAddress.parse("socks5h://127.0.0.1:" + proxy.port());
    return links.lease(address, "127.0.0.1", port, limit);
  }

  private Future<Buffer> get() {
    return onLoop(() ->
        lease(origin.port(), LIMIT)
            .request()
            .compose(request -> request.send())
            .compose(HttpClientResponse::body));
  }

  /** The end of a connection arrives when it arrives. */
  private void awaitNoLink() throws InterruptedException {
    for (int i = 0; i < 500 && openLinks() > 0; i++) {
      Time.system().sleep(10_000_000);
    }
    assertThat(openLinks()).isZero();
  }

  private int openLinks() {
    return Waits.get(onLoop(() -> Future.succeededFuture(links.open())));
  }

  @Test
  void aConnectionIsUsedAgain() {
    for (int i = 0; i < 5; i++) {
      assertThat(Waits.get(get()).toString()).isEqualTo("hello");
    }
    assertThat(proxy.connectionCount()).isEqualTo(1);
    assertThat(openLinks()).isEqualTo(1);
  }

  @Test
  void requestsBeyondTheLimitWaitForTheirTurn() {
    List<Future<Buffer>> running = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      running.add(get());
    }
    running.forEach(Waits::get);
    assertThat(proxy.connectionCount()).isLessThanOrEqualTo(2);
    assertThat(origin.requestCount()).isEqualTo(15);
  }

  @Test
  void aWaitHasALimitAndMayBeGivenUp() throws Exception {
    origin.behave(Script.of(Reply.hang()));
    List<Future<Buffer>> hanging = List.of(get(), get());
    assertThat(origin.awaitRequests(2, LIMIT)).isTrue();

    DialException late =
        Waits.failure(
            onLoop(() -> lease(origin.port(), Duration.ofMillis(50)).request()),
            DialException.class);
    DialException given =
        Waits.failure(
            onLoop(() -> {
              HttpLease lease = lease(origin.port(), LIMIT);
              lease.cancel();
              return lease.request();
            }),
            DialException.class);

    assertThat(late.verdict())
        .isEqualTo(Verdict.retry(ErrorClass.REJECTED, Blame.CALLER).withNothingSent());
    assertThat(given.verdict()).isEqualTo(Verdict.CANCELLED.withNothingSent());
    origin.kill();
    hanging.forEach(future -> Waits.failure(future, Throwable.class));
  }

  @Test
  void tooManyWaitersAreTurnedDown() throws Exception {
    origin.behave(Script.of(Reply.hang()));
    List<Future<Buffer>> hanging = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      hanging.add(get());
    }
    DialException failure =
        Waits.failure(onLoop(() -> lease(origin.port(), LIMIT).request()), DialException.class);
    assertThat(failure.verdict().errorClass()).isEqualTo(ErrorClass.REJECTED);
    proxy.kill();
    hanging.forEach(future -> Waits.failure(future, Throwable.class));
    assertThat(openLinks()).isZero();
  }

  @Test
  void aConnectionBeingMadeCanBeGivenUp() throws Exception {
    proxy.behave(Script.of(Behaviour.hang()));
    Promise<HttpLease> leased = Promise.promise();
    context.runOnContext(none -> leased.complete(lease(origin.port(), LIMIT)));
    HttpLease lease = Waits.get(leased.future());
    assertThat(proxy.awaitRequests(1, LIMIT)).isTrue();
    context.runOnContext(none -> lease.cancel());
    assertThat(Waits.failure(lease.request(), DialException.class).verdict())
        .isEqualTo(Verdict.CANCELLED.withNothingSent());
    assertThat(proxy.awaitIdle(LIMIT)).isTrue();
    assertThat(openLinks()).isZero();
  }

  @Test
  void idleConnectionsAreClosedInTime() throws Exception {
    links = links(2, 10, Duration.ofMillis(200));
    Waits.get(get());
    assertThat(proxy.awaitIdle(LIMIT)).isTrue();
    assertThat(openLinks()).isZero();
  }

  @Test
  void onlySoManyAreKept() throws Exception {
    links = links(2, 0, LIMIT);
    Waits.get(get());
    assertThat(proxy.awaitIdle(LIMIT)).isTrue();
  }

  @Test
  void idleOnesCanBeDropped() throws Exception {
    Waits.get(get());
    ProxyAddress address = ProxyAddress.parse("socks5h://127.0.0.1:" + proxy.port());
    context.runOnContext(none -> links.dropIdle(address, "127.0.0.1", origin.port()));
    assertThat(proxy.awaitIdle(LIMIT)).isTrue();
    assertThat(Waits.get(get()).toString()).isEqualTo("hello");
  }

  @Test
  void aConnectionThatTheOtherSideClosedIsForgotten() throws Exception {
    Waits.get(get());
    proxy.kill();
    awaitNoLink();
    proxy.restart();
    assertThat(Waits.get(get()).toString()).isEqualTo("hello");
    assertThat(openLinks()).isEqualTo(1);
  }

  @Test
  void aTargetThatSpeaksFirstSpeaksNoHttp() throws Exception {
    try (Peer loud =
        new Peer(socket -> {
          socket.getInputStream().readNBytes(3);
          socket.getOutputStream().write(new byte[] {5, 0});
          socket.getInputStream().readNBytes(10);
          byte[] reply = new byte[100];
          reply[0] = 5;
          reply[3] = 1;
          socket.getOutputStream().write(reply);
          socket.getInputStream().readAllBytes();
        })) {
      ProxyAddress address = ProxyAddress.parse("socks5h://127.0.0.1:" + loud.port());
      DialException failure =
          Waits.failure(
              onLoop(() -> links.lease(address, "127.0.0.1", 80, LIMIT).request()),
              DialException.class);
      assertThat(failure).hasMessageContaining("spoke before it was asked");
    }
  }
}
