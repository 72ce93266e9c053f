package dev.belay.proxy.source;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.proxy.UpstreamPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One source: asks it again and again, and hands its proxies to the pool. While the source cannot
 * be read, its last good list stays. Safe for any number of threads.
 */
final class Feed {
  private static final Logger LOG = LoggerFactory.getLogger("dev.belay.proxy.source");
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);
  private static final int MOST_DOUBLINGS = 16;

  private final SourceSettings settings;
  private final Fetcher fetcher;
  private final Parts parts;
  private final ReentrantLock lock = new ReentrantLock();

  /** Whether what the source had last was no good; touched by one question at a time. */
  private volatile boolean refused;

  @GuardedBy("lock")
  private SourceStatus status;

  @GuardedBy("lock")
  private @Nullable CompletableFuture<SourceStatus> asking;

  @GuardedBy("lock")
  private Time.@Nullable Timer timer;

  @GuardedBy("lock")
  private int failures;

  @GuardedBy("lock")
  private boolean stopped;

  /**
   * What all feeds share.
   *
   * @param supplied hears of each list that has gone to the pool
   */
  record Parts(
      UpstreamPool pool,
      Time time,
      Executor executor,
      RandomGenerator random,
      Consumer<SourceStatus> supplied) {}

  Feed(SourceSettings settings, Fetcher fetcher, Parts parts) {
    this.settings = settings;
    this.fetcher = fetcher;
    this.parts = parts;
    this.status = SourceStatus.waiting(settings.name());
  }

  SourceSettings settings() {
    return settings;
  }

  SourceStatus status() {
    lock.lock();
    try {
      return status;
    } finally {
      lock.unlock();
    }
  }

  /** Asks now, or waits for the question that is open; tells how the source is doing then. */
  CompletableFuture<SourceStatus> ask() {
    CompletableFuture<SourceStatus> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (asking != null) {
        return asking;
      }
      if (stopped) {
        return CompletableFuture.completedFuture(status);
      }
      asking = answer;
      if (timer != null) {
        timer.cancel();
      }
    } finally {
      lock.unlock();
    }
    parts.executor().execute(this::fetch);
    return answer;
  }

  /** Asks no more; whatever is still to come is dropped. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      if (timer != null) {
        timer.cancel();
      }
    } finally {
      lock.unlock();
    }
    fetcher.close();
  }

  private void fetch() {
    // reading 10 MB is no work for whatever thread the answer comes on
    var unused =
        fetcher
            .fetch()
            .exceptionally(fault -> new Fetcher.Fetched.Failed("the source could not be asked"))
            .thenAcceptAsync(this::fetched, parts.executor());
  }

  private void fetched(Fetcher.Fetched fetched) {
    switch (fetched) {
      // what was refused as a list is refused as long as it stays
      case Fetcher.Fetched.Unchanged none ->
          end(refused ? status() : status().unchanged(), Duration.ZERO);
      case Fetcher.Fetched.Failed failed -> fail(failed.why(), failed.retryAfter());
      case Fetcher.Fetched.Fresh fresh -> take(fresh);
    }
  }

  private void take(Fetcher.Fetched.Fresh fresh) {
    ProxyList list;
    refused = true;
    try {
      list = ProxyList.read(fresh.bytes(), settings.rules());
    } catch (ListRefused why) {
      fail(String.valueOf(why.getMessage()), Duration.ZERO);
      return;
    }
    boolean nothing = list.entries().isEmpty();
    if (nothing && list.refusedCount() > 0) {
      ProxyList.Refused first = list.refused().getFirst();
      fail(
          "no proxy could be read; the first refused: %s %s"
              .formatted(first.place(), first.reason()),
          Duration.ZERO);
    } else if (nothing && !fresh.mayBeEmpty()) {
      fail("the list is empty", Duration.ZERO);
    } else {
      refused = false;
      lock.lock();
      try {
        if (!stopped) {
          parts.pool().supply(settings.name(), list.entries());
        }
      } finally {
        lock.unlock();
      }
      LOG.info(
          "source {}: {} proxies, {} lines refused",
          settings.name(),
          list.entries().size(),
          list.refusedCount());
      SourceStatus good = status().good(list, parts.time().instant());
      parts.supplied().accept(good);
      end(good, Duration.ZERO);
    }
  }

  private void fail(String why, Duration wait) {
    SourceStatus before = status();
    SourceStatus now = before.failed(why);
    if (!before.message().equals(why)) {
      LOG.warn(
          "source {}: {}; {} proxies of its last good list stay",
          settings.name(),
          why,
          now.proxies());
    }
    end(now, wait);
  }

  private void end(SourceStatus now, Duration asked) {
    CompletableFuture<SourceStatus> answer;
    lock.lock();
    try {
      boolean failed =
          now.state() == SourceStatus.State.FAILED || now.state() == SourceStatus.State.STALE;
      failures = failed ? failures + 1 : 0;
      status = now;
      answer = asking;
      asking = null;
      if (!stopped) {
        timer = parts.time().after(pause(asked).toNanos(), parts.executor(), this::askAgain);
      }
    } finally {
      lock.unlock();
    }
    if (answer != null) {
      answer.complete(now);
    }
  }

  private void askAgain() {
    var unused = ask();
  }

  /** Never shorter than the source itself asked for, within a day. */
  @GuardedBy("lock")
  private Duration pause(Duration asked) {
    Duration regular = fetcher.interval();
    if (failures > 0) {
      Duration retry = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
      regular = retry.compareTo(regular) < 0 ? retry : regular;
    }
    double share = 1 - fetcher.jitter() * parts.random().nextDouble();
    Duration own = Duration.ofNanos((long) (regular.toNanos() * share));
    Duration wait = asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    return wait.compareTo(own) > 0 ? wait : own;
  }
}
