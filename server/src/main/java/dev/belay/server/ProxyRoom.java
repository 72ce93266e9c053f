package dev.belay.server;

import dev.belay.RetryBudget;
import dev.belay.Time;
import dev.belay.proxy.ForwardProxy;
import dev.belay.server.api.ControlServer;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.live.Sender;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.util.Set;

/**
 * All ways through the pool of proxies, for clients of the forward proxy and for those of the API,
 * and what keeps the pool full and healthy. Safe for any number of threads.
 */
final class ProxyRoom {
  private final Proxies proxies;
  private final ForwardProxy proxy;
  private final Sender sender;
  private final PoolUpkeep upkeep;

  private ProxyRoom(Proxies proxies, ForwardProxy proxy, Sender sender, PoolUpkeep upkeep) {
    this.proxies = proxies;
    this.proxy = proxy;
    this.sender = sender;
    this.upkeep = upkeep;
    proxies
        .policy()
        .tell(policies -> {
          proxy.usePolicies(policies);
          sender.usePolicies(policies);
        });
  }

  /**
   * Opens the ports, and reads the files of proxies. If that fails, nothing stays open.
   *
   * @throws IOException that names the port or the file and says why
   */
  static ProxyRoom start(
      Vertx vertx, BelayConfig config, Proxies proxies, Watchers watchers, Time time)
      throws IOException, InterruptedException {
    RetryBudget budget = config.budget().on(time);
    ForwardProxy.Parts parts =
        new ForwardProxy.Parts(
            proxies.pool(),
            budget,
            watchers.ofProxied(),
            new ClientSSLOptions(),
            Runtime.getRuntime().availableProcessors());
    ForwardProxy proxy =
        Awaiting.await(ForwardProxy.start(vertx, config.proxy().settings(), parts), "the proxy");
    Sender sender =
        new Sender(
            proxies.pool(),
            budget,
            watchers.ofSent(),
            config.proxy().settings(),
            ControlServer.MOST_SENT_BYTES);
    PoolUpkeep upkeep =
        new PoolUpkeep(
            vertx,
            proxies.pool(),
            watchers.feed(),
            proxy,
            config.proxy().settings().access(),
            config.proxy().upkeep().health(),
            time);
    ProxyRoom room = new ProxyRoom(proxies, proxy, sender, upkeep);
    try {
      // before anybody is told that the server is ready
      Awaiting.await(upkeep.use(config.proxy().upkeep()), "the files of proxies");
      return room;
    } catch (IOException | RuntimeException | InterruptedException failure) {
      room.close();
      throw failure;
    }
  }

  /** Goes on by another configuration from the next request on; ports and limits stay. */
  void use(BelayConfig config) throws IOException {
    proxies.use(config);
    var unused = upkeep.use(config.proxy().upkeep());
    Set<String> repeated = config.proxy().settings().retryMethods();
    proxy.useRetryMethods(repeated);
    sender.useRetryMethods(repeated);
  }

  ForwardProxy proxy() {
    return proxy;
  }

  Sender sender() {
    return sender;
  }

  PoolUpkeep upkeep() {
    return upkeep;
  }

  /** Begins nothing new: no checks, no requests of the API. */
  void quiesce() {
    upkeep.stop();
    sender.close();
  }

  /**
   * Lets what is under way finish, within the drain limit.
   *
   * @return how many tunnels had to be cut
   */
  int drain() throws IOException, InterruptedException {
    return Awaiting.await(proxy.stop(), "the proxy");
  }

  /** Closes all of it after a failure. */
  void close() throws InterruptedException {
    quiesce();
    Awaiting.quietly(proxy.stop().toCompletionStage());
  }
}
