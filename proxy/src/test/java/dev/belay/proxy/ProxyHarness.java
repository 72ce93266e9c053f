package dev.belay.proxy;

import static java.util.Objects.requireNonNull;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.CallObserver;
import dev.belay.Endpoint;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.http.ProxyAddress;
import dev.belay.select.RoundRobin;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.ProxyRequest;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A forward proxy, its upstreams and an origin, all on loopback; closes whatever it opened. */
final class ProxyHarness {
  private final Vertx vertx = Vertx.vertx();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<UpstreamPool.Entry> entries = new ArrayList<>();
  private final UpstreamPool pool =
      new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, Time.system(), event -> {});
  private ProxySettings settings =
      ProxySettings.DEFAULT
          .withListen(new ProxySettings.Listen("127.0.0.1", 0, 0))
          .withAccess(new ProxySettings.Access(Map.of(), true))
          .withPolicies(policies());
  private CallObserver observer = CallObserver.NONE;
  private @Nullable ForwardProxy proxy;
  private @Nullable TestCertificate certificate;

  private static Map<String, RetryPolicy> policies() {
    Map<String, RetryPolicy> policies = new LinkedHashMap<>();
    policies.put(
        "default",
        RetryPolicy.named("default")
            .maxAttempts(4)
            .backoff(Backoff.fixed(Duration.ofMillis(1)))
            .attemptTimeout(Duration.ofSeconds(5))
            .build());
    policies.put("once", RetryPolicy.named("once").maxAttempts(1).build());
    return policies;
  }

  FaultyOrigin origin(Script<ReceivedRequest, Reply> script) throws Exception {
    FaultyOrigin origin = FaultyOrigin.start(script);
    open.addFirst(origin);
    return origin;
  }

  FaultyProxy upstream(FaultyProxy.Kind kind, Script<ProxyRequest, Behaviour> script)
      throws Exception {
    FaultyProxy.Builder builder = FaultyProxy.builder(kind);
    if (kind == FaultyProxy.Kind.HTTPS) {
      builder = builder.tls(certificate());
    }
    FaultyProxy upstream = builder.start(script);
    open.addFirst(upstream);
    String scheme =
        switch (kind) {
          case HTTP -> "http";
          case HTTPS -> "https";
          case SOCKS4A -> "socks4a";
          case SOCKS5 -> "socks5h";
        };
    use(scheme + "://127.0.0.1:" + upstream.port());
    return upstream;
  }

  void use(String url) {
    entries.add(new UpstreamPool.Entry(ProxyAddress.parse(url), Endpoint.Traits.NONE));
  }

  private TestCertificate certificate() throws Exception {
    TestCertificate made = certificate;
    if (made == null) {
      made = TestCertificate.generate();
      certificate = made;
      open.addLast(made);
    }
    return made;
  }

  ProxySettings settings() {
    return settings;
  }

  void settings(ProxySettings changed) {
    settings = changed;
  }

  void observer(CallObserver told) {
    observer = told;
  }

  void start() throws Exception {
    pool.replace(entries);
    ClientSSLOptions tls = new ClientSSLOptions();
    if (certificate != null) {
      tls.setTrustOptions(new PemTrustOptions().addCertPath(certificate.pem().toString()));
    }
    ForwardProxy.Parts parts =
        new ForwardProxy.Parts(pool, RetryBudget.unlimited(), observer, tls, 2);
    proxy =
        ForwardProxy.start(vertx, settings, parts)
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  ForwardProxy proxy() {
    return requireNonNull(proxy, "start it first");
  }

  UpstreamPool pool() {
    return pool;
  }

  Client client() {
    return new Client(proxy().port(), proxy().socksPort());
  }

  int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  void close() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
    if (proxy != null) {
      proxy.stop().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
