package dev.belay.proxy;

import static java.util.Objects.requireNonNull;

import dev.belay.Attempt;
import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.Endpoint;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.Verdict;
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
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A forward proxy, its upstreams and an origin, all on loopback; closes whatever it opened. */
final class ProxyHarness {
  /** What the forward proxy finds when it looks names up; there is nobody else to ask. */
  private static final String HOSTS = "127.0.0.1 localhost\n127.0.0.1 inside.example\n";

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setAddressResolverOptions(
                  new AddressResolverOptions()
                      .setHostsValue(Buffer.buffer(HOSTS))
                      .setServers(List.of("127.0.0.1:9"))
                      .setMaxQueries(1)
                      .setQueryTimeout(200)));
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<UpstreamPool.Entry> entries = new ArrayList<>();
  private final UpstreamPool pool;
  private ProxySettings settings =
      ProxySettings.DEFAULT
          .withListen(new ProxySettings.Listen("127.0.0.1", 0, 0))
          .withAccess(new ProxySettings.Access(Map.of(), true))
          .withPolicies(policies());
  private final Queue<Verdict> verdicts = new ConcurrentLinkedQueue<>();
  private final Queue<CallReport> reports = new ConcurrentLinkedQueue<>();
  private RetryBudget budget = RetryBudget.unlimited();
  private @Nullable ForwardProxy proxy;
  private @Nullable TestCertificate certificate;

  ProxyHarness() {
    this(Time.system());
  }

  /** With breakers, and memory of targets, on a clock of one's own. */
  ProxyHarness(Time time) {
    pool = new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, time, event -> {});
  }

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
    return closing(FaultyOrigin.start(script));
  }

  FaultyProxy upstream(FaultyProxy.Kind kind) throws Exception {
    return upstream(kind, Script.of(Behaviour.forward()));
  }

  FaultyProxy upstream(FaultyProxy.Kind kind, Script<ProxyRequest, Behaviour> script)
      throws Exception {
    FaultyProxy.Builder builder = FaultyProxy.builder(kind);
    if (kind == FaultyProxy.Kind.HTTPS) {
      builder = builder.tls(certificate());
    }
    FaultyProxy upstream = closing(builder.start(script));
    use(scheme(kind) + "://127.0.0.1:" + upstream.port());
    return upstream;
  }

  static String scheme(FaultyProxy.Kind kind) {
    return switch (kind) {
      case HTTP -> "http";
      case HTTPS -> "https";
      case SOCKS4A -> "socks4a";
      case SOCKS5 -> "socks5h";
    };
  }

  /** Closes it after the test, the one that was opened last first. */
  <C extends AutoCloseable> C closing(C closeable) {
    open.addFirst(closeable);
    return closeable;
  }

  void use(String url) {
    entries.add(new UpstreamPool.Entry(ProxyAddress.parse(url), Endpoint.Traits.NONE));
  }

  void use(String url, Endpoint.Traits traits) {
    entries.add(new UpstreamPool.Entry(ProxyAddress.parse(url), traits));
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

  ProxySettings settings() {
    return settings;
  }

  void settings(ProxySettings changed) {
    settings = changed;
  }

  /** Changes the policies by name; {@code default} is there already. */
  void policy(RetryPolicy policy) {
    Map<String, RetryPolicy> changed = new LinkedHashMap<>(settings.policies());
    changed.put(policy.name(), policy);
    settings = settings.withPolicies(changed);
  }

  void timeouts(UnaryOperator<ProxySettings.Timeouts> change) {
    settings = settings.withTimeouts(change.apply(settings.timeouts()));
  }

  void limits(UnaryOperator<ProxySettings.Limits> change) {
    settings = settings.withLimits(change.apply(settings.limits()));
  }

  void budget(RetryBudget bounded) {
    budget = bounded;
  }

  /** What became of each call, in order. */
  List<CallReport> reports() {
    return List.copyOf(reports);
  }

  /** What was made of each attempt, in order. */
  List<Verdict> verdicts() {
    return List.copyOf(verdicts);
  }

  private CallObserver observer() {
    return new CallObserver() {
      @Override
      public void attempted(
          Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
        verdicts.add(verdict);
      }

      @Override
      public void finished(Call call, CallReport report) {
        reports.add(report);
      }
    };
  }

  /** Waits until no attempt is under way, no probe is out, and no client is connected. */
  void awaitQuiet() {
    Eventually.holds(
        "attempts, probes, clients and tunnels are gone",
        () ->
            pool.upstreams().stream()
                    .allMatch(one ->
                        one.stats().inFlight() == 0 && one.breaker().snapshot().probesOut() == 0)
                && proxy().traffic().connections() == 0
                && proxy().traffic().openTunnels() == 0);
  }

  void start() throws Exception {
    pool.replace(entries);
    ClientSSLOptions tls = new ClientSSLOptions();
    if (certificate != null) {
      tls.setTrustOptions(new PemTrustOptions().addCertPath(certificate.pem().toString()));
    }
    ForwardProxy.Parts parts = new ForwardProxy.Parts(pool, budget, observer(), tls, 2);
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
