package dev.belay.proxy.source;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.Time;
import dev.belay.proxy.UpstreamPool;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Fills a pool from lists in files and on the web, and follows their changes. A file is taken up
 * within two seconds of its last change. A source that cannot be read keeps its last good list; one
 * that is taken away takes its proxies with it, unless they stand elsewhere too. Safe for any
 * number of threads.
 */
public final class ProxySources implements AutoCloseable {
  private final Vertx vertx;
  private final ClientSSLOptions tls;
  private final Supplier<Gateway> gateway;
  private final Feed.Parts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Consumer<SourceStatus> listener = status -> {};

  @GuardedBy("lock")
  private final Map<String, Feed> feeds = new LinkedHashMap<>();

  /**
   * None yet; see {@link #use}.
   *
   * @param gateway for sources that are asked through the pool
   * @param tls whom to trust as a source
   * @param executor where lists are read, which takes a moment; not an event loop
   * @param random where the jitter comes from; safe for any number of threads
   */
  public ProxySources(
      Vertx vertx,
      UpstreamPool pool,
      Supplier<Gateway> gateway,
      ClientSSLOptions tls,
      Time time,
      Executor executor,
      RandomGenerator random) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.gateway = requireNonNull(gateway, "gateway");
    this.tls = requireNonNull(tls, "tls");
    this.parts = new Feed.Parts(pool, time, executor, random, this::supplied);
  }

  /**
   * From now on {@code listener} hears of each list that a source has brought into the pool; it
   * must be quick and must not throw. Default nobody.
   */
  public void tell(Consumer<SourceStatus> listener) {
    this.listener = requireNonNull(listener, "listener");
  }

  private void supplied(SourceStatus status) {
    listener.accept(status);
  }

  /**
   * Takes these sources in the place of those before; one that stays as it was is not asked anew.
   *
   * @return done when each new file has been looked at once; pages take their own time
   * @throws IllegalArgumentException if two have the same name
   */
  public CompletionStage<Void> use(List<SourceSettings> sources) {
    Map<String, SourceSettings> wanted = new LinkedHashMap<>();
    for (SourceSettings source : sources) {
      Check.that(
          wanted.putIfAbsent(source.name(), source) == null,
          "two sources are named %s",
          source.name());
    }
    List<CompletableFuture<SourceStatus>> files = new ArrayList<>();
    lock.lock();
    try {
      stopOthers(wanted);
      for (SourceSettings source : wanted.values()) {
        if (!feeds.containsKey(source.name())) {
          CompletableFuture<SourceStatus> asked = start(source).ask();
          if (source instanceof SourceSettings.OfFile) {
            files.add(asked);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    return CompletableFuture.allOf(files.toArray(CompletableFuture[]::new));
  }

  /** A source that is still wanted, but changed, keeps its list until the new one is there. */
  @GuardedBy("lock")
  private void stopOthers(Map<String, SourceSettings> wanted) {
    for (Feed feed : List.copyOf(feeds.values())) {
      String name = feed.settings().name();
      SourceSettings now = wanted.get(name);
      if (!feed.settings().equals(now)) {
        feed.stop();
        feeds.remove(name);
      }
      if (now == null) {
        parts.pool().withdraw(name);
      }
    }
  }

  @GuardedBy("lock")
  private Feed start(SourceSettings source) {
    Feed feed = new Feed(source, fetcher(source), parts);
    feeds.put(source.name(), feed);
    return feed;
  }

  private Fetcher fetcher(SourceSettings source) {
    return switch (source) {
      case SourceSettings.OfFile file -> new FileFetcher(file.path());
      case SourceSettings.OfUrl page ->
          new UrlFetcher(
              vertx, page, page.refresh().throughPool() ? gateway.get() : null, tls, parts.time());
    };
  }

  /** How all sources are doing, in order. */
  public List<SourceStatus> status() {
    lock.lock();
    try {
      return feeds.values().stream().map(Feed::status).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Asks a source now; empty if there is none of this name. */
  public Optional<CompletionStage<SourceStatus>> refresh(String name) {
    lock.lock();
    try {
      return Optional.ofNullable(feeds.get(name)).map(Feed::ask);
    } finally {
      lock.unlock();
    }
  }

  /** Asks no more; the proxies stay in the pool. */
  @Override
  public void close() {
    lock.lock();
    try {
      feeds.values().forEach(Feed::stop);
      feeds.clear();
    } finally {
      lock.unlock();
    }
  }
}
