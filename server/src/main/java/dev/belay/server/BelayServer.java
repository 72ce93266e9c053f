package dev.belay.server;

import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.session.Experiments;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.backend.Backends;
import dev.belay.http.Loops;
import dev.belay.ledger.History;
import dev.belay.proxy.ForwardProxy;
import dev.belay.server.api.ControlServer;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.Keeper;
import dev.belay.server.store.Store;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  /** Long enough for what is stored to be there first, nearly always. */
  private static final Duration BEFORE_PORTS = Duration.ofSeconds(1);

  private static final Duration BEFORE_READY = Duration.ofSeconds(10);

  private final Loops loops;
  private final Rooms rooms;
  private final ControlServer control;
  private final Keeper keeper;

  private record Rooms(
      ProxyRoom proxy,
      @Nullable LlmRoom llm,
      @Nullable FlowRoom flow,
      FaultsRoom faults,
      ChaosRoom chaos) {}

  private BelayServer(Loops loops, Rooms rooms, ControlServer control, Keeper keeper) {
    this.loops = loops;
    this.rooms = rooms;
    this.control = control;
    this.keeper = keeper;
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
    Keeper keeper = null;
    ProxyRoom proxy = null;
    LlmRoom llm = null;
    FlowRoom flow = null;
    FaultsRoom faults = null;
    ChaosRoom chaos = null;
    try {
      Time time = Time.system();
      faults = new FaultsRoom(store.faults(), time);
      Watchers watchers = Watchers.of(time);
      Proxies proxies = new Proxies(config, store, watchers, time);
      store.tellOfReviews(item -> {
        watchers.counts().onReview(item);
        watchers.feed().publish(item);
      });
      History history = new History(watchers.ledger(), store.ledger(), config.store().history());
      keeper =
          new Keeper(
              store,
              new Keeper.Kept(history, proxies.changes(), proxies.pool(), proxies.policy()),
              time);
      keeper.recall(config.store().warmStart(), BEFORE_PORTS);
      proxy = ProxyRoom.start(vertx, config, proxies, watchers, time);
      if (config.llm().isOn()) {
        llm =
            Awaiting.await(
                LlmRoom.start(loops, config.llm(), store, time),
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
      ControlServer.Rooms shown =
          new ControlServer.Rooms(
              proxies.editor(),
              proxies.policy(),
              watchers.ledger(),
              watchers.requests(),
              watchers.latencies(),
              watchers.counts(),
              proxy.proxy().traffic(),
              watchers.feed(),
              history,
              store.alarm(),
              store.reviews(),
              Optional.ofNullable(llm),
              Optional.ofNullable(flow),
              faults.control(),
              chaos::sweep,
              chaos.sessions(),
              chaos.executorUse(),
              new ControlServer.Upkeep(proxy.upkeep().monitor(), proxy.upkeep().sources()),
              proxy.sender(),
              time);
      ControlServer control =
          Awaiting.await(
              ControlServer.start(vertx, config.control(), shown),
              "control port " + config.control().port());
      keeper.recall(config.store().warmStart(), BEFORE_READY);
      keeper.begin();
      faults.begin();
      chaos.begin(
          loops, URI.create("http://%s:%d".formatted(bracketed(control.host()), control.port())));
      if (flow != null) {
        flow.begin();
      }
      return new BelayServer(loops, new Rooms(proxy, llm, flow, faults, chaos), control, keeper);
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
      if (proxy != null) {
        proxy.close();
      }
      if (llm != null) {
        Awaiting.quietly(llm.stop());
      }
      Awaiting.quietly(vertx.close().toCompletionStage());
      throw failure;
    }
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
    LlmRoom gateway = rooms.llm();
    if (gateway != null) {
      gateway.use(config.llm());
    }
    rooms.proxy().use(config);
    LOG.info("configuration reloaded: {} proxies", config.proxy().pool().size());
  }

  private static void abortWhenHalted(FaultPolicies policies, ChaosRoom chaos) {
    policies.addListener(() -> {
      if (policies.isHalted()) {
        chaos.halted();
      }
    });
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** Where the control API answers. */
  public String control() {
    return "http://" + control.host() + ":" + control.port();
  }

  /** Where the HTTP proxy listens. */
  public String proxy() {
    ForwardProxy proxy = rooms.proxy().proxy();
    return proxy.host() + ":" + proxy.port();
  }

  /** Where the SOCKS proxy listens. */
  public String socks() {
    ForwardProxy proxy = rooms.proxy().proxy();
    return proxy.host() + ":" + proxy.socksPort();
  }

  /** Where the gateway to models listens; empty if there is none. */
  public Optional<String> llm() {
    return Optional.ofNullable(rooms.llm()).map(LlmRoom::address);
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
    rooms.chaos().close(); // while the faults of its sessions can still be taken back
    rooms.faults().close();
    rooms.proxy().quiesce();
    try {
      FlowRoom flow = rooms.flow();
      if (flow != null) {
        flow.close(); // while its agents still reach the proxy and the gateway
      }
      int cut = rooms.proxy().drain();
      LlmRoom llm = rooms.llm();
      if (llm != null) {
        Awaiting.await(llm.stop(), "the gateway to models");
      }
      Awaiting.await(control.stop(), "the control port");
      return cut;
    } finally {
      keeper.stop();
      Awaiting.await(loops.vertx().close(), "the event loops");
    }
  }
}
