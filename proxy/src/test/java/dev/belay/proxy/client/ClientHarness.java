package dev.belay.proxy.client;

import dev.belay.Attempt;
import dev.belay.Backoff;
import dev.belay.BreakerEvent;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import dev.belay.select.RoundRobin;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.ProxyRequest;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A client, its proxies and an origin, all on loopback; closes whatever it opened. */
final class ClientHarness {
  /** Quick, so that tests are; round robin, so that one knows where attempts go. */
  static final RetryPolicy QUICK =
      RetryPolicy.named("quick")
          .maxAttempts(4)
          .backoff(Backoff.fixed(Duration.ofMillis(1)))
          .attemptTimeout(Duration.ofSeconds(10))
          .build();

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Queue<Verdict> verdicts = new ConcurrentLinkedQueue<>();
  private final Queue<BreakerEvent> edges = new ConcurrentLinkedQueue<>();
  private final ProxyClient.Builder builder =
      ProxyClient.builder()
          .selection(new RoundRobin())
          .policy(QUICK)
          .budget(RetryBudget.unlimited())
          .onBreaker(edges::add)
          .observer(
              new CallObserver() {
                @Override
                public void attempted(
                    Call call, String policy, Attempt<?> attempt, Verdict verdict, long nanos) {
                  verdicts.add(verdict);
                }
              });
  private @Nullable TestCertificate certificate;
  private @Nullable ProxyClient client;

  ProxyClient.Builder builder() {
    return builder;
  }

  FaultyOrigin origin(Script<ReceivedRequest, Reply> script) {
    return closing(FaultyOrigin.start(script));
  }

  FaultyOrigin tlsOrigin(Script<ReceivedRequest, Reply> script) throws Exception {
    builder.trust(certificate().clientContext());
    return closing(FaultyOrigin.startTls(certificate(), script));
  }

  Http2Origin http2Origin() throws Exception {
    builder.trust(certificate().pem());
    return closing(new Http2Origin(certificate()));
  }

  FaultyProxy proxy(FaultyProxy.Kind kind) throws Exception {
    return proxy(kind, Script.of(Behaviour.forward()));
  }

  FaultyProxy proxy(FaultyProxy.Kind kind, Script<ProxyRequest, Behaviour> script)
      throws Exception {
    FaultyProxy.Builder settings = FaultyProxy.builder(kind);
    if (kind == FaultyProxy.Kind.HTTPS) {
      settings.tls(certificate());
      builder.trustProxies(certificate().pem());
    }
    FaultyProxy proxy = closing(settings.start(script));
    builder.proxy(url(kind, "", proxy.port()));
    return proxy;
  }

  static String url(FaultyProxy.Kind kind, String login, int port) {
    String scheme =
        switch (kind) {
          case HTTP -> "http";
          case HTTPS -> "https";
          case SOCKS4A -> "socks4a";
          case SOCKS5 -> "socks5h";
        };
    return scheme + "://" + login + "127.0.0.1:" + port;
  }

  TestCertificate certificate() throws Exception {
    TestCertificate made = certificate;
    if (made == null) {
      made = TestCertificate.generate();
      certificate = made;
      open.addLast(made);
    }
    return made;
  }

  /** Closes it after the test, the one that was opened last first. */
  <C extends AutoCloseable> C closing(C closeable) {
    open.addFirst(closeable);
    return closeable;
  }

  ProxyClient client() {
    ProxyClient made = client;
    if (made == null) {
      made = builder.build();
      client = made;
    }
    return made;
  }

  ProxyResponse get(URI uri) throws InterruptedException {
    return client().send(dev.belay.proxy.client.ProxyRequest.get(uri));
  }

  /** What was made of each attempt, in order. */
  List<Verdict> verdicts() {
    return List.copyOf(verdicts);
  }

  /** What breakers did, in order. */
  List<BreakerEvent> edges() {
    return List.copyOf(edges);
  }

  /** Accepts connections, and never says a word. */
  int silentPort() throws IOException {
    return closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress())).getLocalPort();
  }

  int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Waits until no request is under way and no probe is out. */
  void awaitQuiet() {
    eventually(
        "attempts and probes are gone",
        () ->
            client().underWay() == 0
                && client().proxies().stream()
                    .allMatch(
                        one -> one.stats().inFlight() == 0 && one.breaker().probesOut() == 0));
  }

  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not come true: " + what);
      }
      LockSupport.parkNanos(500_000);
    }
  }

  void close() throws Exception {
    ProxyClient made = client;
    if (made != null) {
      made.close();
    }
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }
}
