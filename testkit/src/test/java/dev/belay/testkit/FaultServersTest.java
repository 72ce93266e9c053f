package dev.belay.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FaultServersTest {

  @Test
  void closesWhatATestStarted() throws Exception {
    FaultServers servers = new FaultServers();
    FaultyOrigin origin = servers.origin(Script.of(Reply.hang()));
    FaultyProxy proxy = servers.proxy(FaultyProxy.Kind.SOCKS5, Script.of(Behaviour.forward()));

    try (Peer peer = new Peer(origin.port()).get("/")) {
      assertThat(origin.awaitRequests(1, Duration.ofSeconds(5))).isTrue();
      servers.close();
      assertThat(peer.seesEnd()).isTrue();
    }

    assertThat(origin.liveThreads() + proxy.liveThreads()).isZero();
  }

  @Test
  void failsATestThatLeavesConnectionsOpenWhereTheyAreRefused() throws Exception {
    FaultServers servers = FaultServers.refusingOpenConnections();
    FaultyOrigin origin = servers.origin(Script.of(Reply.ok("")));

    try (Peer peer = new Peer(origin.port())) {
      peer.get("/").head();
      assertThatThrownBy(servers::close)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("FaultyOrigin port " + origin.port() + ": 1 connections open");
    }

    assertThat(origin.liveThreads()).isZero();
  }

  @Test
  void isContentWithAnIdleServer() throws Exception {
    FaultServers servers = FaultServers.refusingOpenConnections();
    FaultyOrigin origin = servers.origin(Script.of(Reply.ok("")));

    try (Peer peer = new Peer(origin.port())) {
      peer.get("/").head();
    }

    servers.close();
    assertThat(origin.activeConnections()).isZero();
  }

  @Test
  void failsATestThatLeavesAThreadRunning() throws Exception {
    FaultServers servers = new FaultServers();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    FaultyOrigin origin =
        servers.origin(
            Script.answering(q -> {
              asked.countDown();
              while (enough.getCount() > 0) {
                Thread.onSpinWait(); // deaf to interrupts
              }
              return Reply.ok("");
            }));

    try (Peer peer = new Peer(origin.port())) {
      peer.get("/");
      assertThat(asked.await(5, SECONDS)).isTrue();
      assertThatThrownBy(servers::close).hasMessageContaining("1 threads running");
    } finally {
      enough.countDown();
    }
  }
}
