package dev.belay.proxy;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerEvent;
import dev.belay.BreakerPolicy;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.Pool;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.http.ProxyAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The proxies in use. A new list is taken over whole; a proxy that was there before keeps its
 * breaker and its record. Safe for any number of threads.
 */
public final class UpstreamPool {
  private final Time time;
  private final Consumer<BreakerEvent> listener;
  private final Evidence evidence;
  private final Pool<Upstream> pool;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile BreakerPolicy breakerPolicy;

  /**
   * One proxy as configured.
   *
   * @param address where it is
   * @param traits what selection may choose by
   */
  public record Entry(ProxyAddress address, Endpoint.Traits traits) {
    /** A proxy nothing more is known of. */
    public static Entry of(String url) {
      return new Entry(ProxyAddress.parse(url), Endpoint.Traits.NONE);
    }
  }

  /** An empty pool. */
  public UpstreamPool(
      Selection selection,
      BreakerPolicy breakerPolicy,
      Time time,
      Consumer<BreakerEvent> listener) {
    this.breakerPolicy = requireNonNull(breakerPolicy, "breakerPolicy");
    this.time = requireNonNull(time, "time");
    this.listener = requireNonNull(listener, "listener");
    this.evidence = new Evidence(time);
    this.pool = Pool.of("proxies", new AvoidingPairs(selection, evidence), List.of());
  }

  /** Chooses differently from the next attempt on. */
  public void chooseBy(Selection selection) {
    pool.chooseBy(new AvoidingPairs(requireNonNull(selection, "selection"), evidence));
  }

  /** What these proxies saw of the targets behind them. */
  public Evidence evidence() {
    return evidence;
  }

  /** Where the calls go. */
  public Pool<Upstream> pool() {
    return pool;
  }

  /** The proxies now, in order. */
  public List<Upstream> upstreams() {
    return pool.endpoints();
  }

  /**
   * Takes a new list.
   *
   * @throws IllegalArgumentException if a proxy stands in it twice
   */
  public void replace(List<Entry> entries) {
    lock.lock();
    try {
      Map<String, Upstream> before = new LinkedHashMap<>();
      pool.endpoints().forEach(upstream -> before.put(upstream.id(), upstream));
      pool.replace(entries.stream().map(entry -> upstream(entry, before)).toList());
    } finally {
      lock.unlock();
    }
  }

  /** Changes the rules of all breakers, those of proxies to come included. */
  public void updateBreakers(BreakerPolicy policy) {
    lock.lock();
    try {
      breakerPolicy = requireNonNull(policy, "policy");
      pool.endpoints().forEach(upstream -> upstream.breaker().updatePolicy(policy));
    } finally {
      lock.unlock();
    }
  }

  private Upstream upstream(Entry entry, Map<String, Upstream> before) {
    Upstream known = before.get(entry.address().id());
    if (known != null) {
      return new Upstream(known, entry.address(), entry.traits());
    }
    CircuitBreaker breaker =
        new CircuitBreaker(
            entry.address().name(), breakerPolicy, time, SharedRandom.INSTANCE, listener);
    return new Upstream(entry.address(), entry.traits(), breaker);
  }
}
