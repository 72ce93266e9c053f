package dev.belay.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts client connections, in all and by address. Safe for any number of threads. */
final class Doors {
  private final ProxySettings.Limits limits;
  private final Traffic traffic;
  private final Map<String, Integer> byClient = new ConcurrentHashMap<>();

  Doors(ProxySettings.Limits limits, Traffic traffic) {
    this.limits = limits;
    this.traffic = traffic;
  }

  /** Counts a connection in; false if that is one too many. It must be counted out either way. */
  boolean enter(String client) {
    int all = traffic.connections.incrementAndGet();
    int own = byClient.merge(client, 1, Integer::sum);
    return all <= limits.connections() && own <= limits.connectionsPerClient();
  }

  void leave(String client) {
    traffic.connections.decrementAndGet();
    byClient.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
  }
}
