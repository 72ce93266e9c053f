package dev.belay.proxy;

import static java.util.Objects.requireNonNull;

import dev.belay.CallObserver;
import dev.belay.Check;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.http.LoopTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ClientSSLOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A forward proxy on two ports, HTTP and SOCKS, over a pool of unreliable proxies. Clients set
 * {@code http_proxy} to it and get retry, breakers and failover. Safe for any number of threads.
 */
public final class ForwardProxy {
  private final Vertx vertx;
  private final Engine engine;
  private final List<Loop> loops;

  /** A listener and the event loop it lives on. */
  private record Loop(Context context, Listener listener) {}

  private ForwardProxy(Vertx vertx, Engine engine, List<Loop> loops) {
    this.vertx = vertx;
    this.engine = engine;
    this.loops = loops;
  }

  /**
   * What a forward proxy needs besides its settings.
   *
   * @param pool where requests go
   * @param budget bounds retries and hedges
   * @param observer is told of every attempt
   * @param tls whom to trust, for proxies that are reached over TLS
   * @param loops how many event loops share the work, at least 1
   */
  public record Parts(
      UpstreamPool pool,
      RetryBudget budget,
      CallObserver observer,
      ClientSSLOptions tls,
      int loops) {

    /** A generous budget, nobody to tell, the trust of the Java runtime, a loop for each core. */
    public static Parts of(UpstreamPool pool) {
      return new Parts(
          pool,
          RetryBudget.of(1, 10, 1_000, Time.system()),
          CallObserver.NONE,
          new ClientSSLOptions(),
          Runtime.getRuntime().availableProcessors());
    }

    /** Rejects a proxy without an event loop. */
    public Parts {
      requireNonNull(pool, "pool");
      Check.that(loops >= 1, "loops must be at least 1, was %d", loops);
    }
  }

  /**
   * Opens both ports. If that fails, because one is taken, say, nothing stays open.
   *
   * @return fails with the reason that the system gave
   */
  public static Future<ForwardProxy> start(Vertx vertx, ProxySettings settings, Parts parts) {
    Engine engine =
        new Engine(
            settings, parts.pool(), parts.budget(), parts.observer(), parts.tls(), new LoopTime());
    Doors doors = new Doors(settings.limits(), engine.traffic());
    List<Loop> loops = new ArrayList<>();
    int port = shared(settings.listen().port());
    int socksPort = shared(settings.listen().socksPort());
    Future<Void> started = Future.succeededFuture();
    for (int i = 0; i < parts.loops(); i++) {
      started =
          started.compose(none ->
              listen(vertx, engine, doors, port, socksPort).onSuccess(loops::add).mapEmpty());
    }
    ForwardProxy proxy = new ForwardProxy(vertx, engine, loops);
    return started
        .map(none -> proxy)
        .recover(failure -> proxy.stop().transform(none -> Future.failedFuture(failure)));
  }

  /** Vert.x lets servers share a free port if they ask for it by the same negative number. */
  private static int shared(int port) {
    return port == 0 ? -1 - ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : port;
  }

  private static Future<Loop> listen(
      Vertx vertx, Engine engine, Doors doors, int port, int socksPort) {
    ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    Promise<Loop> promise = Promise.promise();
    context.runOnContext(none ->
        new Listener(vertx, context, engine, doors)
            .listen(port, socksPort)
            .map(listener -> new Loop(context, listener))
            .onComplete(promise));
    return promise.future();
  }

  /** The port for HTTP. */
  public int port() {
    return loops.getFirst().listener().port();
  }

  /** The port for SOCKS. */
  public int socksPort() {
    return loops.getFirst().listener().socksPort();
  }

  /** The address it listens on. */
  public String host() {
    return engine.settings().listen().host();
  }

  /** What went through it. */
  public Traffic traffic() {
    return engine.traffic();
  }

  /** Changes the policies that clients can ask for, from the next request on. */
  public void usePolicies(Map<String, RetryPolicy> policies) {
    engine.usePolicies(policies);
  }

  /**
   * Changes which methods may be tried again although the target may have acted on them, from the
   * next request on.
   *
   * @param methods in upper case
   */
  public void useRetryMethods(Set<String> methods) {
    engine.useRetryMethods(methods);
  }

  /**
   * Lets nobody in any more, waits for what is under way up to the drain limit, then cuts it.
   *
   * @return how many connections of clients were cut, each with a request or a tunnel under way
   */
  public Future<Integer> stop() {
    List<Future<Integer>> stopping = loops.stream().map(this::drain).toList();
    return Future.join(stopping).map(all -> stopping.stream().mapToInt(Future::result).sum());
  }

  private Future<Integer> drain(Loop loop) {
    Promise<Integer> promise = Promise.promise();
    loop.context()
        .runOnContext(none ->
            loop.listener().drain(vertx, engine.settings().timeouts().drain()).onComplete(promise));
    return promise.future();
  }
}
