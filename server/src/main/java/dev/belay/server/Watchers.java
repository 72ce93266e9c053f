package dev.belay.server;

import dev.belay.BreakerEvent;
import dev.belay.CallObserver;
import dev.belay.Time;
import dev.belay.ledger.AttemptLedger;
import dev.belay.proxy.ProxyLog;
import dev.belay.server.live.CallCounts;
import dev.belay.server.live.EventFeed;
import dev.belay.server.live.LiveRequests;
import dev.belay.server.live.RecentLatencies;

/**
 * Whoever is told what happens to calls through the pool, and tells it in the API. Safe for any
 * number of threads.
 */
record Watchers(
    AttemptLedger ledger,
    CallCounts counts,
    RecentLatencies latencies,
    LiveRequests requests,
    EventFeed feed) {
  /** Those that have seen nothing yet. */
  static Watchers of(Time time) {
    EventFeed feed = new EventFeed(time);
    return new Watchers(
        new AttemptLedger(time),
        new CallCounts(),
        new RecentLatencies(),
        new LiveRequests(time, feed),
        feed);
  }

  /** Those of calls of the API. */
  CallObserver ofSent() {
    return CallObserver.all(ledger, counts, latencies, requests);
  }

  /** Those of calls of the forward proxy, which are logged as well. */
  CallObserver ofProxied() {
    return CallObserver.all(ledger, new ProxyLog(), counts, latencies, requests);
  }

  /** To be told of each edge that a breaker takes. */
  void edge(BreakerEvent event) {
    ledger.onBreakerEvent(event);
    counts.onBreakerEvent(event);
    feed.publish(event);
    ProxyLog.edge(event);
  }
}
