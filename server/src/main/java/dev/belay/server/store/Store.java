package dev.belay.server.store;

import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicyStore;
import dev.belay.flow.journal.MemoryRunStore;
import dev.belay.flow.journal.RunStore;
import dev.belay.ledger.LedgerStore;
import dev.belay.llm.cache.CacheStore;
import dev.belay.llm.review.MemoryReviews;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewNotifier;
import dev.belay.llm.review.ReviewQueue;
import dev.belay.proxy.BreakerStore;
import dev.belay.proxy.PolicyStore;
import dev.belay.proxy.PoolStore;
import dev.belay.server.config.BelayConfig;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the rooms of one server remember, all in one database. Opening takes a while and happens
 * beside everything else; until it is done, and whenever the database fails, the ports throw {@link
 * java.io.UncheckedIOException}. A database that cannot be reached is tried again for as long as
 * the server runs; one that must not be used is refused. Safe for any number of threads.
 */
public final class Store implements AutoCloseable {
  private static final int MOST_IN_MEMORY = 1_000;

  private final LedgerStore ledger;
  private final PoolStore pool;
  private final BreakerStore breakers;
  private final PolicyStore policies;
  private final ReviewQueue reviews;
  private final CacheStore cache;
  private final RunStore runs;
  private final FaultPolicyStore faults;
  private final Alarm alarm;
  private final @Nullable Sql sql;
  private final List<ReviewNotifier> told = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> tried = new CompletableFuture<>();

  private Store(Sql sql, Alarm alarm) {
    this.ledger = new SqlLedgerStore(sql);
    this.pool = new SqlPoolStore(sql);
    this.breakers = new SqlBreakerStore(sql);
    this.policies = new SqlPolicyStore(sql);
    this.reviews =
        new SqlReviews(sql, SqlReviews.Limits.DEFAULT, Time.system(), Store::begin, this::tell);
    this.cache = new SqlCache(sql, Time.system());
    this.runs = new SqlRunStore(sql, Time.system());
    this.faults = new SqlFaultPolicies(sql);
    this.alarm = alarm;
    this.sql = sql;
  }

  private Store() {
    this.ledger = LedgerStore.inMemory();
    this.pool = PoolStore.inMemory();
    this.breakers = BreakerStore.inMemory();
    this.policies = PolicyStore.inMemory();
    this.reviews =
        new MemoryReviews(
            Time.system(), Store::begin, new SecureRandom(), MOST_IN_MEMORY, this::tell);
    this.cache = CacheStore.NONE;
    this.runs = new MemoryRunStore();
    this.faults = FaultPolicyStore.inMemory();
    this.alarm = new Alarm();
    this.sql = null;
    tried.complete(null);
  }

  /** Notifiers and looks for decisions may block. */
  private static void begin(Runnable task) {
    Thread.ofVirtual().name("belay-reviews").start(task);
  }

  private void tell(ReviewItem item) {
    told.forEach(notifier -> notifier.changed(item));
  }

  /** One that forgets everything with the process, and never fails. */
  public static Store inMemory() {
    return new Store();
  }

  /** Begins to open what is configured, and returns at once. */
  public static Store opening(BelayConfig.Store config) {
    return opening(config, false);
  }

  /**
   * The same beside other processes, a server among them: only {@link #runs} may be used, which
   * keeps processes apart by itself.
   */
  public static Store sharing(BelayConfig.Store config) {
    return opening(config, true);
  }

  private static Store opening(BelayConfig.Store config, boolean shared) {
    Alarm alarm = new Alarm();
    Sql sql = new Sql(Place.of(config.url()), config.instance(), shared, alarm);
    Store store = new Store(sql, alarm);
    Thread.ofVirtual().name("belay-store").start(() -> store.firstTry(sql));
    return store;
  }

  private void firstTry(Sql sql) {
    try {
      sql.open();
      tried.complete(null);
    } catch (StoreRefused refused) {
      tried.completeExceptionally(refused);
    } catch (IOException failure) {
      alarm.raise(String.valueOf(failure.getMessage()));
      tried.complete(null);
    } catch (RuntimeException | Error fault) {
      tried.completeExceptionally(fault);
      throw fault;
    }
  }

  /**
   * Waits for the first try to open it.
   *
   * @return whether it is over; it may have failed for the time being
   * @throws StoreRefused if the store must not be used as it is
   */
  public boolean await(Duration longest) throws StoreRefused, InterruptedException {
    try {
      tried.get(longest.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof StoreRefused refused) {
        throw refused;
      }
      throw new IllegalStateException("the store cannot be opened", failed.getCause());
    }
  }

  /** Opens it again if it failed or is gone; the alarm is raised if that does not help. */
  void reopen() {
    if (sql != null && tried.isDone()) {
      try {
        sql.open();
      } catch (IOException failure) {
        alarm.raise(String.valueOf(failure.getMessage()));
      }
    }
  }

  /** Answers of models that stood; those in memory are kept elsewhere. */
  public CacheStore cache() {
    return cache;
  }

  /** Hours and days of the ledger. */
  public LedgerStore ledger() {
    return ledger;
  }

  /** Changes of the pool. */
  public PoolStore pool() {
    return pool;
  }

  /** Which breakers were open. */
  public BreakerStore breakers() {
    return breakers;
  }

  /** A default policy that was set at run time. */
  public PolicyStore policies() {
    return policies;
  }

  /** Calls that wait for a person; in a database, all servers on it share them. */
  public ReviewQueue reviews() {
    return reviews;
  }

  /** Faults in force. */
  public FaultPolicyStore faults() {
    return faults;
  }

  /** Runs of plans; in a database, all servers on it share them. */
  public RunStore runs() {
    return runs;
  }

  /**
   * From now on tells of each review that this server parks or settles.
   *
   * @param notifier must not throw
   */
  public void tellOfReviews(ReviewNotifier notifier) {
    told.add(notifier);
  }

  /** Forgets what need not be kept any longer. */
  void tidy() {
    if (reviews instanceof SqlReviews stored) {
      stored.removeOld();
    }
    if (runs instanceof SqlRunStore stored) {
      stored.removeOld();
    }
  }

  /** Whether it works. */
  public Alarm alarm() {
    return alarm;
  }

  /** For tests, which take the disk away. */
  @Nullable Database database() {
    return sql == null ? null : sql.database();
  }

  /** Closes it; what has been written is safe without that, too. */
  @Override
  public void close() {
    if (sql != null) {
      sql.close();
    }
  }
}
