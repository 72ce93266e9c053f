package dev.belay.server;

import dev.belay.BreakerEvent;
import dev.belay.CallObserver;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.session.Experiments;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.backend.Backends;
import dev.belay.http.Loops;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.History;
import dev.belay.proxy.ForwardProxy;
import dev.belay.proxy.PoolChanges;
import dev.belay.proxy.ProxyLog;
import dev.belay.proxy.UpstreamPool;
import dev.belay.server.api.ControlServer;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.Choice;
import dev.belay.server.live.CallCounts;
import dev.belay.server.live.DefaultPolicy;
import dev.belay.server.live.EventFeed;
import dev.belay.server.live.LiveRequests;
import dev.belay.server.live.PoolEditor;
import dev.belay.server.live.RecentLatencies;
import dev.belay.server.live.Sender;
import dev.belay.server.store.Keeper;
import dev.belay.server.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
  private final ControlServer.Rooms rooms;
  private final ForwardProxy proxy;
  private final PoolUpkeep upkeep;
  private final ControlServer control;
  private final Keeper keeper;
  private final @Nullable LlmRoom llm;
  private final @Nullable FlowRoom flow;
  private final FaultsRoom faults;
  private final ChaosRoom chaos;
  private volatile Choice choice;

  private BelayServer(
      Loops loops,
      ControlServer.Rooms rooms,
      ForwardProxy proxy,
      PoolUpkeep upkeep,
      ControlServer control,
      Keeper keeper,
      @Nullable LlmRoom llm,
      @Nullable FlowRoom flow,
      FaultsRoom faults,
      ChaosRoom chaos,
      Choice choice) {
    this.loops = loops;
    this.rooms = rooms;
    this.proxy = proxy;
    this.upkeep = upkeep;
    this.control = control;
    this.keeper = keeper;
    this.llm = llm;
    this.flow = flow;
    this.faults = faults;
    this.chaos = chaos;
    this.choice = choice;
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
    Map<String, String> environment = System.getenv();
    return start(config, store, settings -> Backends.create(settings, environment, Time.system()));
  }

  /** Endpoints that do not say where they are are those of the gateway, if there is one. */
  private static Function<BackendSettings, Backend> atGateway(
      Function<BackendSettings, Backend> backends, @Nullable LlmRoom llm) {
    return llm == null
        ? backends
        : settings -> backends.apply(settings.orAt(FlowDesk.gateway(llm.address())));
  }

  /**
   * The same with backends of one's own.
   *
   * @param backends makes one of its settings; throws {@link IllegalArgumentException} for what
   *     cannot be one
   * @throws IOException that names the port or the store and says why
   */
  public static BelayServer start(
      BelayConfig config, Store store, Function<BackendSettings, Backend> backends)
      throws IOException, InterruptedException {
    return start(config, store, backends, UnaryOperator.identity());
  }

  /**
   * The same with systems of one's own to search for faults that break them.
   *
   * @param backends makes one of its settings; throws {@link IllegalArgumentException} for what
   *     cannot be one
   * @param experiments takes those of the configuration, and gives those that sessions work with
   * @throws IOException that names the port or the store and says why
   */
  public static BelayServer start(
      BelayConfig config,
      Store store,
      Function<BackendSettings, Backend> backends,
      UnaryOperator<Experiments> experiments)
      throws IOException, InterruptedException {
    Loops loops = Loops.start(wish(System.getenv("BELAY_TRANSPORT")));
    Vertx vertx = loops.vertx();
    ForwardProxy proxy = null;
    PoolUpkeep upkeep = null;
    Keeper keeper = null;
    Sender sender = null;
    LlmRoom llm = null;
    FlowRoom flow = null;
    FaultsRoom faults = null;
    ChaosRoom chaos = null;
    try {
      Time time = Time.system();
      faults = new FaultsRoom(store.faults(), time);
      AttemptLedger ledger = new AttemptLedger(time);
      EventFeed feed = new EventFeed(time);
      LiveRequests requests = new LiveRequests(time, feed);
      RecentLatencies latencies = new RecentLatencies();
      CallCounts counts = new CallCounts();
      UpstreamPool pool =
          new UpstreamPool(
              config.proxy().choice().on(time),
              config.breaker(),
              time,
              edges(ledger, counts, feed));
      PoolChanges changes = new PoolChanges(pool, store.pool(), config.proxy().pool());
      DefaultPolicy policy = new DefaultPolicy(config.policies(), time, feed, store.policies());
      store.tellOfReviews(item -> {
        counts.onReview(item);
        feed.publish(item);
      });
      History history = new History(ledger, store.ledger(), config.store().history());
      keeper = new Keeper(store, new Keeper.Kept(history, changes, pool, policy), time);
      keeper.recall(config.store().warmStart(), BEFORE_PORTS);
      RetryBudget budget = config.budget().on(time);
      sender =
          new Sender(
              pool,
              budget,
              CallObserver.all(ledger, counts, latencies, requests),
              config.proxy().settings(),
              ControlServer.MOST_SENT_BYTES);
      ForwardProxy.Parts parts =
          new ForwardProxy.Parts(
              pool,
              budget,
              CallObserver.all(ledger, new ProxyLog(), counts, latencies, requests),
              new ClientSSLOptions(),
              Runtime.getRuntime().availableProcessors());
      proxy = await(ForwardProxy.start(vertx, config.proxy().settings(), parts), "the proxy");
      policy.tell(both(proxy, sender));
      upkeep =
          new PoolUpkeep(
              vertx,
              pool,
              feed,
              proxy,
              config.proxy().settings().access(),
              config.proxy().upkeep().health(),
              time);
      // before anybody is told that the server is ready
      await(
          Future.fromCompletionStage(upkeep.use(config.proxy().upkeep())), "the files of proxies");
      if (config.llm().isOn()) {
        llm =
            await(
                Future.fromCompletionStage(LlmRoom.start(loops, config.llm(), store, time)),
                "llm port " + config.llm().gateway().port());
      }
      if (config.flow().on()) {
        flow = new FlowRoom(config.flow(), store.runs(), time, atGateway(backends, llm));
      }
      chaos =
          new ChaosRoom(
              config.chaos(),
              config.control().token(),
              faults.control().policies(),
              time,
              experiments);
      abortWhenHalted(faults.control().policies(), chaos);
      ControlServer.Rooms rooms =
          new ControlServer.Rooms(
              new PoolEditor(pool, changes, feed),
              policy,
              ledger,
              requests,
              latencies,
              counts,
              proxy.traffic(),
              feed,
              history,
              store.alarm(),
              store.reviews(),
              Optional.ofNullable(llm),
              Optional.ofNullable(flow),
              faults.control(),
              chaos::sweep,
              chaos.sessions(),
              chaos.executorUse(),
              new ControlServer.Upkeep(upkeep.monitor(), upkeep.sources()),
              sender,
              time);
      ControlServer control =
          await(
              ControlServer.start(vertx, config.control(), rooms),
              "control port " + config.control().port());
      keeper.recall(config.store().warmStart(), BEFORE_READY);
      keeper.begin();
      faults.begin();
      chaos.begin(
          loops, URI.create("http://%s:%d".formatted(shown(control.host()), control.port())));
      if (flow != null) {
        flow.begin();
      }
      return new BelayServer(
          loops,
          rooms,
          proxy,
          upkeep,
          control,
          keeper,
          llm,
          flow,
          faults,
          chaos,
          config.proxy().choice());
    } catch (IOException | RuntimeException | InterruptedException failure) {
      if (chaos != null) {
        chaos.close();
      }
      if (faults != null) {
        faults.close();
      }
      if (flow != null) {
        flow.close();
      }
      if (keeper == null) {
        store.close();
      } else {
        keeper.stop();
      }
      if (upkeep != null) {
        upkeep.stop();
      }
      if (proxy != null) {
        quietly(proxy.stop());
      }
      if (sender != null) {
        sender.close();
      }
      if (llm != null) {
        quietly(Future.fromCompletionStage(llm.stop()));
      }
      quietly(vertx.close());
      throw failure;
    }
  }

  private static Consumer<Map<String, RetryPolicy>> both(ForwardProxy proxy, Sender sender) {
    return policies -> {
      proxy.usePolicies(policies);
      sender.usePolicies(policies);
    };
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

  private static Loops.Wish wish(@Nullable String name) {
    return name == null || name.isBlank()
        ? Loops.Wish.AUTO
        : Loops.Wish.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /**
   * Takes over policies, methods that are repeated, breakers, strategy, pool, health checks and
   * sources of a new configuration, from the next request on. Proxies that were added or removed
   * over the API stay so, and so does a default policy that was set there, unless its configuration
   * changed. Ports and limits stay as they are until the next start.
   *
   * @throws IOException if a file that it names cannot be read; nothing has changed then
   */
  public void reload(BelayConfig config) throws IOException {
    LlmRoom gateway = llm;
    if (gateway != null) {
      gateway.use(config.llm());
    }
    UpstreamPool pool = rooms.pool().pool();
    rooms.pool().configure(config.proxy().pool());
    var unused = upkeep.use(config.proxy().upkeep());
    pool.updateBreakers(config.breaker());
    if (!config.proxy().choice().equals(choice)) { // a new one would not know the sessions
      choice = config.proxy().choice();
      pool.chooseBy(choice.on(Time.system()));
    }
    rooms.policy().configure(config.policies());
    Set<String> repeated = config.proxy().settings().retryMethods();
    proxy.useRetryMethods(repeated);
    rooms.sender().useRetryMethods(repeated);
    LOG.info("configuration reloaded: {} proxies", config.proxy().pool().size());
  }

  private static void abortWhenHalted(FaultPolicies policies, ChaosRoom chaos) {
    policies.addListener(() -> {
      if (policies.isHalted()) {
        chaos.halted();
      }
    });
  }

  private static String shown(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
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

  /** Where the gateway to models listens; empty if there is none. */
  public Optional<String> llm() {
    return Optional.ofNullable(llm).map(LlmRoom::address);
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
    chaos.close(); // while the faults of its sessions can still be taken back
    faults.close();
    rooms.sender().close();
    try {
      if (flow != null) {
        flow.close(); // while its agents still reach the proxy and the gateway
      }
      int cut = await(proxy.stop(), "the proxy");
      if (llm != null) {
        await(Future.fromCompletionStage(llm.stop()), "the gateway to models");
      }
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
