package dev.belay.bench.criteria;

import dev.belay.BreakerEvent;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Selection;
import dev.belay.Time;
import dev.belay.proxy.ForwardProxy;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.UpstreamPool;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.ProxyRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * An origin, bad proxies and a forward proxy over them, all on loopback; closes whatever it opened.
 */
final class LiveWorld implements AutoCloseable {
  /** As many targets as this, so that no proxy's fault is taken for that of one target. */
  static final int TARGETS = 500;

  private final Vertx vertx = Vertx.vertx();
  private final FaultyOrigin origin;
  private final List<FaultyProxy> upstreams = new ArrayList<>();
  private final Map<String, Double> successRates = new HashMap<>();
  private final Queue<CallReport> reports = new ConcurrentLinkedQueue<>();
  private final ForwardProxy proxy;

  /**
   * How the forward proxy goes about it.
   *
   * @param policy retries
   * @param breaker when proxies are left alone
   * @param breaks whether breakers open at all
   * @param selection how proxies are chosen
   * @param listener told of every edge of a breaker
   */
  record Rules(
      RetryPolicy policy,
      BreakerPolicy breaker,
      boolean breaks,
      Selection selection,
      Consumer<BreakerEvent> listener) {}

  private LiveWorld(List<Double> world, Behaviour failure, Duration delay, Rules rules)
      throws IOException, InterruptedException {
    origin = FaultyOrigin.start(Script.of(Reply.ok("here you are").delayed(delay)));
    UpstreamPool pool =
        new UpstreamPool(rules.selection(), rules.breaker(), Time.system(), rules.listener());
    List<UpstreamPool.Entry> entries = new ArrayList<>();
    for (double rate : world) {
      FaultyProxy upstream = upstream(rate, failure, upstreams.size());
      upstreams.add(upstream);
      entries.add(UpstreamPool.Entry.of(upstream.uri().toString()));
    }
    pool.replace(entries);
    for (int i = 0; i < world.size(); i++) {
      successRates.put(pool.upstreams().get(i).name(), world.get(i));
    }
    if (!rules.breaks()) {
      pool.upstreams().forEach(upstream -> upstream.breaker().holdClosed());
    }
    proxy = await(ForwardProxy.start(vertx, settings(rules.policy()), parts(pool)));
  }

  /**
   * Starts everything.
   *
   * @param world share of requests that each proxy lets through
   * @param failure what it does with the others
   * @param delay of the origin's answers
   */
  static LiveWorld start(List<Double> world, Behaviour failure, Duration delay, Rules rules)
      throws IOException, InterruptedException {
    return new LiveWorld(world, failure, delay, rules);
  }

  private FaultyProxy upstream(double rate, Behaviour failure, int number) {
    Script<ProxyRequest, Behaviour> script =
        rate >= 1
            ? Script.of(Behaviour.forward())
            : rate <= 0
                ? Script.of(failure)
                : Script.mix(
                    number,
                    Script.weighted(rate, Behaviour.forward()),
                    Script.weighted(1 - rate, failure));
    FaultyProxy.Builder builder = FaultyProxy.builder(FaultyProxy.Kind.HTTP);
    for (int i = 0; i < TARGETS; i++) {
      builder = builder.resolve(target(i), origin.port());
    }
    return builder.start(script);
  }

  static String target(int number) {
    return "t" + number % TARGETS + ".test";
  }

  private static ProxySettings settings(RetryPolicy policy) {
    return ProxySettings.DEFAULT
        .withListen(new ProxySettings.Listen("127.0.0.1", 0, 0))
        .withAccess(new ProxySettings.Access(Map.of(), true))
        .withPolicies(Map.of("default", policy));
  }

  private ForwardProxy.Parts parts(UpstreamPool pool) {
    CallObserver observer =
        new CallObserver() {
          @Override
          public void finished(Call call, CallReport report) {
            reports.add(report);
          }
        };
    return new ForwardProxy.Parts(
        pool,
        RetryBudget.unlimited(),
        observer,
        new ClientSSLOptions(),
        Runtime.getRuntime().availableProcessors());
  }

  private static <T> T await(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(String.valueOf(failed.getCause()), failed.getCause());
    } catch (TimeoutException late) {
      throw new IOException("no answer within 30 s", late);
    }
  }

  /** Where the forward proxy listens. */
  int port() {
    return proxy.port();
  }

  /** What became of each call so far. */
  List<CallReport> reports() {
    return List.copyOf(reports);
  }

  /** Whether more than 70 % fail at the proxy of this name. */
  boolean isHopeless(String name) {
    return Worlds.isHopeless(successRates.getOrDefault(name, 1.0));
  }

  @Override
  public void close() throws IOException {
    try {
      await(proxy.stop());
      await(vertx.close());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      upstreams.forEach(FaultyProxy::close);
      origin.close();
    }
  }
}
