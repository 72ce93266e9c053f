package dev.belay.server;

import dev.belay.BreakerEvent;
import dev.belay.CallObserver;
import dev.belay.Time;
import dev.belay.http.Loops;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.History;
import dev.belay.proxy.ForwardProxy;
import dev.belay.proxy.PoolChanges;
import dev.belay.proxy.ProxyLog;
import dev.belay.proxy.UpstreamPool;
import dev.belay.select.Strategies;
import dev.belay.server.api.ControlServer;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.live.CallCounts;
import dev.belay.server.live.DefaultPolicy;
import dev.belay.server.live.EventFeed;
import dev.belay.server.live.LiveRequests;
import dev.belay.server.live.PoolEditor;
import dev.belay.server.live.PoolMemory;
import dev.belay.server.live.RecentLatencies;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.time.Duration;
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

  /** Long enough for what is stored to be there first, nearly always. */
  private static final Duration BEFORE_PORTS = Duration.ofSeconds(1);

  private static final Duration BEFORE_READY = Duration.ofSeconds(10);

  private final Loops loops;
  private final ForwardProxy proxy;
  private final ControlServer control;
  private final ControlServer.Rooms rooms;

  private BelayServer(
      Loops loops, ForwardProxy proxy, ControlServer control, ControlServer.Rooms rooms) {
    this.loops = loops;
    this.proxy = proxy;
    this.control = control;
    this.rooms = rooms;
  }

  /**
   * Opens all ports, and remembers in memory only. If a port is taken, nothing stays open.
   *
   * @throws IOException that names the port and says why
   */
  public static BelayServer start(BelayConfig config) throws IOException, InterruptedException {
    return start(config, Store.inMemory());
  }

  /**
   * Opens all ports, and goes on where the store left off. If a port is taken or the store refuses,
   * nothing stays open, the store included. A store that cannot be reached delays the start by a
   * few seconds and is waited for while serving; until then the pool is as configured.
   *
   * @throws IOException that names the port or the store and says why
   */
  public static BelayServer start(BelayConfig config, Store store)
      throws IOException, InterruptedException {
    Loops loops = Loops.start(wish(System.getenv("BELAY_TRANSPORT")));
    Vertx vertx = loops.vertx();
    ForwardProxy proxy = null;
    Keeper keeper = null;
    try {
      Time time = Time.system();
      AttemptLedger ledger = new AttemptLedger(time);
      EventFeed feed = new EventFeed(time);
      LiveRequests requests = new LiveRequests(time, feed);
      RecentLatencies latencies = new RecentLatencies();
      CallCounts counts = new CallCounts();
      PoolEditor pool = pool(config, time, edges(ledger, counts, feed), feed);
      ForwardProxy.Parts parts =
          new ForwardProxy.Parts(
              pool.pool(),
              config.budget().on(time),
              CallObserver.all(ledger, new ProxyLog(), counts, latencies, requests),
              new ClientSSLOptions(),
              Runtime.getRuntime().availableProcessors());
      proxy = await(ForwardProxy.start(vertx, config.proxy().settings(), parts), "the proxy");
      DefaultPolicy policy = new DefaultPolicy(config.policies(), time, feed, proxy::usePolicies);
      ControlServer.Rooms rooms =
          new ControlServer.Rooms(
              pool, policy, ledger, requests, latencies, counts, proxy.traffic(), feed, time);
      ControlServer control =
          await(
              ControlServer.start(vertx, config.control(), rooms),
              "control port " + config.control().port());
      return new BelayServer(loops, proxy, control, rooms);
    } catch (IOException | RuntimeException | InterruptedException failure) {
      if (keeper == null) {
        store.close();
      } else {
        keeper.stop();
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

  /** Whoever has to know of an edge that a breaker took. */
  private static Consumer<BreakerEvent> edges(
      AttemptLedger ledger, CallCounts counts, EventFeed feed) {
    return event -> {
      ledger.onBreakerEvent(event);
      counts.onBreakerEvent(event);
      feed.publish(event);
      ProxyLog.edge(event);
    };
  }

  private static PoolEditor pool(
      BelayConfig config, Time time, Consumer<BreakerEvent> edges, EventFeed feed) {
    UpstreamPool pool =
        new UpstreamPool(
            Strategies.named(config.proxy().strategy(), time), config.breaker(), time, edges);
    PoolEditor editor = new PoolEditor(pool, PoolMemory.none(), feed);
    editor.configure(config.proxy().pool());
    return editor;
  }

  /**
   * Takes over policies, breakers, strategy and pool of a new configuration, from the next request
   * on. What was set over the API instead is replaced, but proxies that were added or removed there
   * stay so. Ports and limits stay as they are until the next start.
   */
  public void reload(BelayConfig config) {
    UpstreamPool pool = rooms.pool().pool();
    rooms.pool().configure(config.proxy().pool());
    pool.updateBreakers(config.breaker());
    pool.chooseBy(Strategies.named(config.proxy().strategy(), Time.system()));
    rooms.policy().configure(config.policies());
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
    try {
      int cut = await(proxy.stop(), "the proxy");
      await(control.stop(), "the control port");
      return cut;
    } finally {
      keeper.stop();
      await(loops.vertx().close(), "the event loops");
    }
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
