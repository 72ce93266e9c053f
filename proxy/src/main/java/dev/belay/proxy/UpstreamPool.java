package dev.belay.proxy;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerEvent;
import dev.belay.BreakerPolicy;
import dev.belay.Check;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.Pool;
import dev.belay.Recovery;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.http.ProxyAddress;
import dev.belay.select.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The proxies in use: those that are configured, those that sources bring, and over both what was
 * changed at run time. A new list is taken over whole; a proxy that was there before keeps its
 * breaker and its record. Safe for any number of threads.
 */
public final class UpstreamPool {
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final Time.Timer NO_TIMER = () -> {};

  private final Time time;
  private final Consumer<BreakerEvent> listener;
  private final Evidence evidence;
  private final Connectivity connectivity;
  private final Pool<Upstream> pool;
  private final ReentrantLock lock = new ReentrantLock();

  /** What each source has brought, in the order in which they came; guarded by the lock. */
  private final Map<String, List<Entry>> supplies = new LinkedHashMap<>();

  /** What was changed at run time, over all the others; guarded by the lock. */
  private List<PoolStore.Change> changes = List.of();

  /** For the next proxy that leaves by itself; guarded by the lock. */
  private Time.Timer expiry = NO_TIMER;

  private volatile List<Entry> configured = List.of();
  private volatile BreakerPolicy breakerPolicy;

  /**
   * One proxy as configured.
   *
   * @param address where it is
   * @param traits what selection may choose by
   * @param expiresAt when it leaves the pool; {@link #NEVER} if it stays
   */
  public record Entry(ProxyAddress address, Endpoint.Traits traits, Instant expiresAt) {
    /** It stays as long as it is named. */
    public static final Instant NEVER = Instant.MAX;

    /** Rejects null. */
    public Entry {
      requireNonNull(address, "address");
      requireNonNull(traits, "traits");
      requireNonNull(expiresAt, "expiresAt");
    }

    /** One that stays. */
    public Entry(ProxyAddress address, Endpoint.Traits traits) {
      this(address, traits, NEVER);
    }

    /** Whether it leaves the pool by itself. */
    public boolean expires() {
      return !expiresAt.equals(NEVER);
    }

    /** A proxy nothing more is known of. */
    public static Entry of(String url) {
      return new Entry(ProxyAddress.parse(url), Endpoint.Traits.NONE);
    }
  }

  /**
   * An empty pool. Requests of one session stay together by every strategy.
   *
   * @param selection chooses where a session goes, and where requests without one go
   */
  public UpstreamPool(
      Selection selection,
      BreakerPolicy breakerPolicy,
      Time time,
      Consumer<BreakerEvent> listener) {
    this.breakerPolicy = requireNonNull(breakerPolicy, "breakerPolicy");
    this.time = requireNonNull(time, "time");
    this.listener = requireNonNull(listener, "listener");
    this.evidence = new Evidence(time);
    this.pool = Pool.of("proxies", choice(selection), List.of());
    this.connectivity = new Connectivity(pool::endpoints, time);
  }

  /** Chooses differently from the next attempt on; sessions are spread anew. */
  public void chooseBy(Selection selection) {
    pool.chooseBy(choice(selection));
  }

  private Selection choice(Selection selection) {
    requireNonNull(selection, "selection");
    Selection lasting = selection instanceof Session ? selection : new Session(selection, time);
    return new Avoiding(lasting, evidence);
  }

  /** What these proxies saw of the targets behind them. */
  public Evidence evidence() {
    return evidence;
  }

  /** Whether these proxies can be reached at all. */
  public Connectivity connectivity() {
    return connectivity;
  }

  /** Where the calls go. */
  public Pool<Upstream> pool() {
    return pool;
  }

  /** The proxies now, in order. */
  public List<Upstream> upstreams() {
    return pool.endpoints();
  }

  /** Treats proxies that failed lately differently, from the next attempt on. */
  public void recoverBy(Recovery recovery) {
    pool.recoverBy(recovery);
  }

  /** The proxies that were configured, without those that sources brought. */
  public List<Entry> configured() {
    return configured;
  }

  /**
   * Takes a new list of configured proxies. What sources brought stays.
   *
   * @throws IllegalArgumentException if a proxy stands in it twice
   */
  public void replace(List<Entry> entries) {
    List<Entry> list = checked(entries);
    lock.lock();
    try {
      configured = list;
      unite();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what a source has brought, in the place of what it brought before. A proxy that was
   * configured, or that an earlier source has brought, stays as it is.
   *
   * @throws IllegalArgumentException if a proxy stands in it twice
   */
  public void supply(String source, List<Entry> entries) {
    List<Entry> list = checked(entries);
    lock.lock();
    try {
      supplies.put(source, list);
      unite();
    } finally {
      lock.unlock();
    }
  }

  /** Takes away what a source has brought, unless it stands elsewhere too. */
  public void withdraw(String source) {
    lock.lock();
    try {
      if (supplies.remove(source) != null) {
        unite();
      }
    } finally {
      lock.unlock();
    }
  }

  private static List<Entry> checked(List<Entry> entries) {
    Set<String> ids = new HashSet<>();
    for (Entry entry : entries) {
      Check.that(ids.add(entry.address().id()), "proxy %s is there twice", entry.address());
    }
    return List.copyOf(entries);
  }

  /** Lays changes over all that is configured and brought, in the place of earlier ones. */
  void overlay(Collection<? extends PoolStore.Change> changes) {
    lock.lock();
    try {
      this.changes = List.copyOf(changes);
      unite();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the configuration or a source names this proxy. */
  boolean isBrought(String id) {
    lock.lock();
    try {
      return brought().containsKey(id);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who brought each proxy, by its id: {@code config}, the name of a source, or {@code api} for
   * those that were added at run time. What stands in several places belongs to the first.
   */
  public Map<String, String> origins() {
    lock.lock();
    try {
      Map<String, String> origins = new HashMap<>();
      configured.forEach(entry -> origins.put(entry.address().id(), "config"));
      supplies.forEach((source, entries) ->
          entries.forEach(entry -> origins.putIfAbsent(entry.address().id(), source)));
      changes.forEach(change -> origins.putIfAbsent(change.id(), "api"));
      return origins;
    } finally {
      lock.unlock();
    }
  }

  /** By id, in order. */
  private Map<String, Entry> brought() {
    Map<String, Entry> all = new LinkedHashMap<>();
    configured.forEach(entry -> all.putIfAbsent(entry.address().id(), entry));
    for (List<Entry> supply : supplies.values()) {
      supply.forEach(entry -> all.putIfAbsent(entry.address().id(), entry));
    }
    return all;
  }

  /** Of all who are to be in the pool, also those whose time is over. */
  private Map<String, Entry> wanted() {
    Map<String, Entry> all = brought();
    for (PoolStore.Change change : changes) {
      switch (change) {
        case PoolStore.Added added -> all.put(added.id(), added.entry());
        case PoolStore.Removed removed -> all.remove(removed.id());
      }
    }
    return all;
  }

  /** Those of the pool that will leave it by themselves: when, by their ids. */
  public Map<String, Instant> expiries() {
    lock.lock();
    try {
      Map<String, Instant> expiries = new HashMap<>();
      wanted().values().stream()
          .filter(Entry::expires)
          .forEach(entry -> expiries.put(entry.address().id(), entry.expiresAt()));
      return expiries;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this has put a proxy into the pool whose time is over. */
  boolean hasExpired(PoolStore.Change change) {
    return change instanceof PoolStore.Added added
        && !added.entry().expiresAt().isAfter(time.instant());
  }

  private void expire() {
    lock.lock();
    try {
      unite();
    } finally {
      lock.unlock();
    }
  }

  private void unite() {
    Map<String, Entry> united = wanted();
    Instant now = time.instant();
    united.values().removeIf(entry -> !entry.expiresAt().isAfter(now));
    awaitExpiry(united.values(), now);
    Map<String, Upstream> before = new HashMap<>();
    pool.endpoints().forEach(upstream -> before.put(upstream.id(), upstream));
    pool.replace(united.values().stream().map(entry -> upstream(entry, before)).toList());
  }

  private void awaitExpiry(Collection<Entry> entries, Instant now) {
    expiry.cancel();
    expiry =
        entries.stream()
            .filter(Entry::expires)
            .map(Entry::expiresAt)
            .min(Comparator.naturalOrder())
            .map(next -> time.after(nanos(now, next), Thread::startVirtualThread, this::expire))
            .orElse(NO_TIMER);
  }

  /** The clock on the wall may be set meanwhile, so it is looked at once a day at the least. */
  private static long nanos(Instant now, Instant next) {
    Duration left = Duration.between(now, next);
    return (left.compareTo(A_DAY) < 0 ? left : A_DAY).toNanos();
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
      boolean same =
          known.address().equals(entry.address()) && known.traits().equals(entry.traits());
      // the same object, so that calls under way still know that they have tried it
      return same ? known : new Upstream(known, entry.address(), entry.traits());
    }
    CircuitBreaker breaker =
        new CircuitBreaker(
            entry.address().name(), breakerPolicy, time, SharedRandom.INSTANCE, listener);
    return new Upstream(entry.address(), entry.traits(), breaker);
  }
}
