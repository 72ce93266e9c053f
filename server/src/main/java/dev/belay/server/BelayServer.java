package dev.belay.server;

import dev.belay.BreakerEvent;
import dev.belay.CallObserver;
import dev.belay.Time;
import dev.belay.http.Loops;
import dev.belay.ledger.AttemptLedger;
import dev.belay.proxy.ForwardProxy;
import dev.belay.proxy.ProxyLog;
import dev.belay.proxy.UpstreamPool;
import dev.belay.select.Strategies;
import dev.belay.server.api.ControlServer;
import dev.belay.server.config.BelayConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running server: builds the graph of its objects, once, here. Safe for any number of threads.
 */
public final class BelayServer {
  private static final Logger LOG = LoggerFactory.getLogger(BelayServer.class);
  private static final int STOP_SECONDS = 60;

  private final Loops loops;
  private final UpstreamPool pool;
  private final ForwardProxy proxy;
  private final PoolUpkeep upkeep;
  private final ControlServer control;

  private BelayServer(
      Loops loops,
      UpstreamPool pool,
      ForwardProxy proxy,
      PoolUpkeep upkeep,
      ControlServer control) {
    this.loops = loops;
    this.pool = pool;
    this.proxy = proxy;
    this.upkeep = upkeep;
    this.control = control;
  }

  /**
   * Opens all ports. If one is taken, nothing stays open.
   *
   * @throws IOException that names the port and says why
   */
  public static BelayServer start(BelayConfig config) throws IOException, InterruptedException {
    Loops loops = Loops.start(wish(System.getenv("BELAY_TRANSPORT")));
    Vertx vertx = loops.vertx();
    ForwardProxy proxy = null;
    PoolUpkeep upkeep = null;
    try {
      Time time = Time.system();
      AttemptLedger ledger = new AttemptLedger(time);
      UpstreamPool pool = pool(config, time, ledger);
      ForwardProxy.Parts parts =
          new ForwardProxy.Parts(
              pool,
              config.budget().on(time),
              CallObserver.all(ledger, new ProxyLog()),
              new ClientSSLOptions(),
              Runtime.getRuntime().availableProcessors());
      proxy = await(ForwardProxy.start(vertx, config.proxy().settings(), parts), "the proxy");
      upkeep =
          new PoolUpkeep(
              vertx,
              pool,
              proxy,
              config.proxy().settings().access(),
              config.proxy().upkeep().health(),
              time);
      // before anybody is told that the server is ready
      await(
          Future.fromCompletionStage(upkeep.use(config.proxy().upkeep())), "the files of proxies");
      ControlServer control =
          await(
              ControlServer.start(vertx, config.control(), pool, proxy.traffic(), ledger, time),
              "control port " + config.control().port());
      return new BelayServer(loops, pool, proxy, upkeep, control);
    } catch (IOException | RuntimeException | InterruptedException failure) {
      if (upkeep != null) {
        upkeep.stop();
      }
      if (proxy != null) {
        quietly(proxy.stop());
      }
      quietly(vertx.close());
      throw failure;
    }
  }

  private static Loops.Wish wish(@Nullable String name) {
    return name == null || name.isBlank()
        ? Loops.Wish.AUTO
        : Loops.Wish.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static UpstreamPool pool(BelayConfig config, Time time, AttemptLedger ledger) {
    Consumer<BreakerEvent> listener =
        event -> {
          ledger.onBreakerEvent(event);
          ProxyLog.edge(event);
        };
    UpstreamPool pool =
        new UpstreamPool(
            Strategies.named(config.proxy().strategy(), time), config.breaker(), time, listener);
    pool.replace(config.proxy().pool());
    return pool;
  }

  /**
   * Takes over policies, breakers, strategy and pool of a new configuration, from the next request
   * on. Ports and limits stay as they are until the next start.
   */
  public void reload(BelayConfig config) {
    pool.replace(config.proxy().pool());
    var unused = upkeep.use(config.proxy().upkeep());
    pool.updateBreakers(config.breaker());
    pool.chooseBy(Strategies.named(config.proxy().strategy(), Time.system()));
    proxy.usePolicies(config.policies());
    LOG.info("configuration reloaded: {} proxies", config.proxy().pool().size());
  }

  /** Where the control API answers. */
  public String control() {
    return "http://" + control.host() + ":" + control.port();
  }

  /** Where the HTTP proxy listens. */
  public String proxy() {
    return proxy.host() + ":" + proxy.port();
  }

  /** Where the SOCKS proxy listens. */
  public String socks() {
    return proxy.host() + ":" + proxy.socksPort();
  }

  /** How bytes get in and out: {@code io_uring}, {@code epoll}, {@code nio}. */
  public String transport() {
    return loops.transport();
  }

  /**
   * Lets what is under way finish, within the drain limit, and closes everything.
   *
   * @return how many tunnels had to be cut
   */
  public int stop() throws IOException, InterruptedException {
    upkeep.stop();
    int cut = await(proxy.stop(), "the proxy");
    await(control.stop(), "the control port");
    await(loops.vertx().close(), "the event loops");
    return cut;
  }

  private static <T> T await(Future<T> future, String what)
      throws IOException, InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(what + ": " + reason(failed.getCause()), failed.getCause());
    } catch (TimeoutException late) {
      throw new IOException(what + ": no answer within a minute", late);
    }
  }

  private static String reason(@Nullable Throwable cause) {
    String message = cause == null ? null : cause.getMessage();
    return message == null ? String.valueOf(cause) : message;
  }

  private static void quietly(Future<?> closing) throws InterruptedException {
    try {
      var unused =
          closing.toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException stillOpen) {
      LOG.warn("not everything could be closed: {}", stillOpen.toString());
    }
  }
}
