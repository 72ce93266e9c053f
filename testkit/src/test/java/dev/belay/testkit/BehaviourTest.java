package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.FaultyProxy.Outcome;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BehaviourTest extends BeforeAnOrigin {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Test
  void answersWithAStatusInsteadAndKeepsTheConnection() throws Exception {
    FaultyProxy proxy =
        proxy(
            Behaviour.status(502),
            Behaviour.status(407),
            Behaviour.status(Reply.status(429).retryAfterSeconds(7).body("slow down")),
            Behaviour.reject(5),
            Behaviour.forward());

    try (Peer peer = new Peer(proxy.port())) {
      assertThat(peer.get("http://origin.test/").head()).startsWith("HTTP/1.1 502");
      assertThat(peer.get("http://origin.test/").head()).contains("Proxy-Authenticate: Basic");
      assertThat(peer.get("http://origin.test/").head()).contains("Retry-After: 7");
      assertThat(peer.read(9)).isEqualTo("slow down");
      peer.send("CONNECT origin.test:443 HTTP/1.1\r\n\r\n");
      assertThat(peer.head()).startsWith("HTTP/1.1 502");
      assertThat(peer.get("http://origin.test/").head()).startsWith("HTTP/1.1 200");
    }
    assertThat(proxy.outcomes())
        .containsEntry(Outcome.DECLINED, 4L)
        .containsEntry(Outcome.FORWARDED, 1L)
        .containsEntry(Outcome.HUNG, 0L);
    assertThat(proxy.requestCount()).isEqualTo(5);
  }

  @Test
  void bansSomeTargetsOnly() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.ban("Bad.test"));

    try (Peer peer = new Peer(proxy.port())) {
      assertThat(peer.get("http://bad.test/").head()).startsWith("HTTP/1.1 403");
      assertThat(peer.get("http://origin.test/").head()).startsWith("HTTP/1.1 200");
    }
    assertThat(proxy.count(Outcome.BANNED)).isEqualTo(1);
  }

  @Test
  void hangsUntilItIsKilled() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.hang());

    try (Peer one = plain(proxy, "http://origin.test/");
        Peer two = connect(proxy, "origin.test:443")) {
      assertThat(proxy.awaitRequests(2, PATIENCE)).isTrue();
      proxy.kill();
      assertThat(one.seesEnd()).isTrue();
      assertThat(two.seesEnd()).isTrue();
    }
    assertThat(proxy.liveThreads()).isZero();
    assertThat(proxy.activeConnections()).isZero();
    assertThat(proxy.count(Outcome.HUNG)).isEqualTo(2);
  }

  @Test
  void hangsOnTunnelsOnly() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.neverAnswerConnect());

    try (Peer plain = plain(proxy, "http://origin.test/");
        Peer tunnel = connect(proxy, "origin.test:443")) {
      assertThat(plain.head()).startsWith("HTTP/1.1 200");
      assertThat(proxy.awaitRequests(2, PATIENCE)).isTrue();
      tunnel.socket.shutdownOutput();
      assertThat(tunnel.seesEnd()).isTrue();
    }
    assertThat(proxy.count(Outcome.HUNG)).isEqualTo(1);
  }

  @Test
  void resetsOrHangsAtTheDoorWithoutARequest() throws Exception {
    FaultyProxy proxy =
        proxy(Behaviour.resetOnAccept(), Behaviour.hangOnAccept(), Behaviour.forward());

    try (Peer peer = new Peer(proxy.port())) {
      assertThat(peer.seesReset()).isTrue();
    }
    try (Peer peer = plain(proxy, "http://origin.test/")) {
      peer.socket.shutdownOutput();
      assertThat(peer.seesEnd()).isTrue();
    }
    try (Peer peer = plain(proxy, "http://origin.test/")) {
      assertThat(peer.head()).startsWith("HTTP/1.1 200");
    }
    assertThat(proxy.requestCount()).isEqualTo(1);
    assertThat(proxy.count(Outcome.RESET)).isEqualTo(1);
  }

  @Test
  void resetsAfterTheRequestWhereItDecides() throws Exception {
    FaultyProxy proxy = proxy(Script.answering(q -> Behaviour.resetOnAccept()));

    try (Peer peer = plain(proxy, "http://origin.test/")) {
      assertThat(peer.seesReset()).isTrue();
    }
    assertThat(proxy.requestCount()).isEqualTo(1);
  }

  @Test
  void sendsGarbageOrHalfALine() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.garbage("\0\1".getBytes(UTF_8)), Behaviour.halfLine());

    try (Peer peer = connect(proxy, "origin.test:443")) {
      assertThat(peer.rest()).isEqualTo("\0\1");
    }
    try (Peer peer = connect(proxy, "origin.test:443")) {
      assertThat(peer.rest()).isEqualTo("HTTP/1.1 20");
    }
    assertThat(proxy.count(Outcome.GARBLED)).isEqualTo(2);
  }

  @Test
  void addsManyHeadersToItsAnswer() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.manyHeaders(300));

    try (Peer tunnel = connect(proxy, "origin.test:443");
        Peer plain = plain(proxy, "http://origin.test/")) {
      assertThat(tunnel.head()).startsWith("HTTP/1.1 200").contains("X-Filler-299: 299");
      assertThat(plain.head()).startsWith("HTTP/1.1 200").contains("X-Filler-299: 299");
      assertThat(plain.read(5)).isEqualTo("hello");
    }
  }

  @Test
  void dropsOrResetsInTheMiddle() throws Exception {
    FaultyProxy proxy =
        proxy(Behaviour.dropAfter(8), Behaviour.forward().resetAfter(8), Behaviour.dropAfter(0));

    for (boolean reset : new boolean[] {false, true}) {
      try (Peer peer = connect(proxy, "origin.test:443")) {
        peer.head();
        assertThat(peer.get("/").read(8)).isEqualTo("HTTP/1.1");
        assertThat(reset ? peer.seesReset() : peer.seesEnd()).isTrue();
      }
    }
    try (Peer peer = connect(proxy, "origin.test:443")) {
      peer.head();
      assertThat(peer.seesEnd()).isTrue();
    }
    proxy.behave(Script.of(Behaviour.dropAfter(8)));
    try (Peer peer = plain(proxy, "http://origin.test/")) {
      assertThat(peer.rest()).isEqualTo("HTTP/1.1");
    }
    assertThat(proxy.count(Outcome.DROPPED)).isEqualTo(4);
    assertThat(proxy.bytesDown()).isEqualTo(24);
    assertThat(proxy.awaitIdle(PATIENCE)).isTrue();
  }

  @Test
  void answersLateAndSlowly() throws Exception {
    origin.behave(Script.of(Reply.ok("x".repeat(200))));
    FaultyProxy proxy =
        proxy(Behaviour.slow(Duration.ofMillis(30), 2_000), Behaviour.forward().limitedTo(10));

    long start = System.nanoTime();
    try (Peer peer = plain(proxy, "http://origin.test/")) {
      peer.head();
      peer.read(200);
      assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(100).toNanos());
    }
    try (Peer peer = plain(proxy, "http://origin.test/")) {
      assertThat(peer.read(2)).isEqualTo("HT");
      proxy.close();
      assertThat(proxy.liveThreads()).isZero();
    }
  }

  @Test
  void behavesByTargetAndInPhases() throws Exception {
    FaultyProxy proxy =
        proxy(
            Script.byTarget(
                Map.of(
                    "origin.test",
                    Script.phases(
                        1, Script.of(Behaviour.status(503)), Script.of(Behaviour.forward()))),
                Script.of(Behaviour.status(504))));

    try (Peer peer = new Peer(proxy.port())) {
      assertThat(peer.get("http://origin.test/").head()).startsWith("HTTP/1.1 503");
      assertThat(peer.get("http://bad.test/").head()).startsWith("HTTP/1.1 504");
      assertThat(peer.get("http://origin.test/").head()).startsWith("HTTP/1.1 200");
      peer.read(5);
      proxy.reset();
      assertThat(proxy.requestCount()).isZero();
      assertThat(proxy.count(Outcome.DECLINED)).isZero();
      assertThat(peer.get("http://origin.test/").head()).startsWith("HTTP/1.1 503");
    }
  }
}
