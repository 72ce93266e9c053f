package dev.belay.server.demo;

import dev.belay.Attempt;
import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.Endpoint;
import dev.belay.Hedge;
import dev.belay.Jitter;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.ForwardProxy;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.UpstreamPool;
import dev.belay.select.BestRecent;
import dev.belay.testkit.FaultyProxy;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGeneratorFactory;

/**
 * Sends the same traffic through eight bad proxies twice: by plain random rotation, as scripts do
 * it, and through Belay. All on loopback; closes whatever it opened.
 */
public final class ProxyDemo implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final long seed;
  private final int requests;
  private final BadProxies world;
  private final Vertx vertx;
  private final Observed observed;
  private final ForwardProxy belay;

  private ProxyDemo(
      long seed,
      int requests,
      BadProxies world,
      Vertx vertx,
      Observed observed,
      ForwardProxy belay) {
    this.seed = seed;
    this.requests = requests;
    this.world = world;
    this.vertx = vertx;
    this.observed = observed;
    this.belay = belay;
  }

  /** Told how far the demo is. */
  public interface Progress {
    /** In the phase {@code side}, {@code done} of {@code all} are over, {@code good} well. */
    void at(String side, int done, int good, int all);
  }

  /** Both columns. */
  public record Outcome(long seed, Map<String, Object> plain, Map<String, Object> belay) {}

  /**
   * Starts origin, proxies and Belay.
   *
   * @param port for Belay's HTTP listener, 0 for any free one
   */
  public static ProxyDemo start(long seed, int requests, int port, int socksPort)
      throws IOException, InterruptedException {
    BadProxies world = BadProxies.start(seed);
    Vertx vertx = Vertx.vertx();
    Observed observed = new Observed();
    try {
      ForwardProxy belay =
          await(ForwardProxy.start(vertx, settings(port, socksPort), parts(world, observed)));
      return new ProxyDemo(seed, requests, world, vertx, observed, belay);
    } catch (IOException | InterruptedException failure) {
      world.close();
      await(vertx.close());
      throw failure;
    }
  }

  private static <T> T await(io.vertx.core.Future<T> future)
      throws IOException, InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(String.valueOf(failed.getCause()), failed.getCause());
    } catch (java.util.concurrent.TimeoutException late) {
      throw new IOException("no answer within 30 s", late);
    }
  }

  /** The rules of the demo: everything that helps is switched on. */
  private static ProxySettings settings(int port, int socksPort) {
    RetryPolicy policy =
        RetryPolicy.named("default")
            .maxAttempts(6)
            .backoff(
                Backoff.exponential(Duration.ofMillis(50))
                    .withCap(Duration.ofSeconds(1))
                    .withJitter(Jitter.EQUAL))
            .attemptTimeout(PATIENCE)
            .timeout(Duration.ofSeconds(8))
            .immediateFailover(true)
            .hedge(new Hedge(2, Duration.ofMillis(100), 0))
            .build();
    return ProxySettings.DEFAULT
        .withListen(new ProxySettings.Listen("127.0.0.1", port, socksPort))
        .withAccess(new ProxySettings.Access(Map.of(), true))
        .withPolicies(Map.of("default", policy));
  }

  private static ForwardProxy.Parts parts(BadProxies world, Observed observed) {
    BreakerPolicy breakers =
        BreakerPolicy.builder()
            .failureThreshold(3)
            .window(Duration.ofSeconds(10))
            .openFor(Duration.ofSeconds(2))
            .openGrowth(2, Duration.ofSeconds(30))
            .openJitter(0.2)
            .probeLease(PATIENCE)
            .build();
    UpstreamPool pool = new UpstreamPool(new BestRecent(), breakers, Time.system(), event -> {});
    List<UpstreamPool.Entry> entries =
        world.proxies().entrySet().stream()
            .map(named -> entry(named.getKey(), named.getValue(), observed))
            .toList();
    pool.replace(entries);
    return new ForwardProxy.Parts(
        pool,
        RetryBudget.of(2, 10, 1_000, Time.system()),
        observed,
        new ClientSSLOptions(),
        Runtime.getRuntime().availableProcessors());
  }

  private static UpstreamPool.Entry entry(String name, FaultyProxy proxy, Observed observed) {
    ProxyAddress address = ProxyAddress.parse("http://127.0.0.1:" + proxy.port());
    observed.names.put(address.name(), name);
    return new UpstreamPool.Entry(address, Endpoint.Traits.NONE);
  }

  /** Counts attempts, and those that went where nothing can come of them. */
  private static final class Observed implements CallObserver {
    private final Map<String, String> names = new HashMap<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger wasted = new AtomicInteger();

    @Override
    public void attempted(
        Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
      attempts.incrementAndGet();
      String name = names.getOrDefault(attempt.endpoint().name(), "");
      if (BadProxies.isHopeless(name)) {
        wasted.incrementAndGet();
      }
    }
  }

  /** Sends the traffic both ways. */
  public Outcome run(Progress progress) throws InterruptedException {
    Side plain = plain(progress);
    Side belaySide = throughBelay(progress);
    return new Outcome(seed, plain.json(), belaySide.json());
  }

  private Side plain(Progress progress) throws InterruptedException {
    List<Map.Entry<String, FaultyProxy>> all = List.copyOf(world.proxies().entrySet());
    int[] choices =
        RandomGeneratorFactory.of("L64X128MixRandom")
            .create(seed + 1)
            .ints(requests, 0, all.size())
            .toArray();
    AtomicInteger wasted = new AtomicInteger();
    Traffic.Result result =
        send(
            "random rotation",
            number -> {
              Map.Entry<String, FaultyProxy> chosen = all.get(choices[number]);
              if (BadProxies.isHopeless(chosen.getKey())) {
                wasted.incrementAndGet();
              }
              return chosen.getValue().port();
            },
            PATIENCE,
            progress);
    return new Side(result, requests, wasted.get());
  }

  private Side throughBelay(Progress progress) throws InterruptedException {
    Traffic.Result result = send("belay", number -> belay.port(), Duration.ofSeconds(10), progress);
    return new Side(result, observed.attempts.get(), observed.wasted.get());
  }

  private Traffic.Result send(
      String side, java.util.function.IntUnaryOperator portOf, Duration limit, Progress progress)
      throws InterruptedException {
    Moods moods = new Moods(world.moody(), requests);
    Traffic.Result result =
        new Traffic(seed, requests, world.origin().port())
            .send(
                portOf,
                limit,
                (done, good) -> {
                  moods.at(done);
                  progress.at(side, done, good, requests);
                });
    moods.comeBack();
    return result;
  }

  /** Takes the moody proxy down for the middle third of the traffic. */
  private static final class Moods {
    private final FaultyProxy proxy;
    private final int requests;

    Moods(FaultyProxy proxy, int requests) {
      this.proxy = proxy;
      this.requests = requests;
    }

    void at(int done) {
      if (done == requests / 3) {
        proxy.kill();
      } else if (done == 2 * requests / 3) {
        comeBack();
      }
    }

    void comeBack() {
      proxy.restart();
    }
  }

  /** What each proxy does wrong, for people. */
  public static Map<String, String> habits() {
    return BadProxies.habits();
  }

  /** Belay's HTTP listener. */
  public int port() {
    return belay.port();
  }

  /** Belay's SOCKS listener. */
  public int socksPort() {
    return belay.socksPort();
  }

  /** Where something answers behind the proxies. */
  public int originPort() {
    return world.origin().port();
  }

  @Override
  public void close() throws IOException {
    try {
      await(belay.stop());
      await(vertx.close());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      world.close();
    }
  }
}
