package dev.belay.testkit;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A server on a loopback port that fails as its script says. Safe for any number of threads.
 *
 * <pre>{@code
 * server.kill();                       // connections cut, port refuses
 * server.restart();                    // the same port answers again
 * server.awaitIdle(Duration.ofSeconds(1));
 * }</pre>
 *
 * @param <Q> what it is asked
 * @param <R> what a script tells it to do
 */
public abstract sealed class FaultServer<Q, R> implements AutoCloseable
    permits FaultyOrigin, FaultyProxy {
  private final Listener listener;
  private final Journal<Q> journal;
  private volatile Script<? super Q, ? extends R> script;
  private volatile Playback<Q, R> playback;

  FaultServer(
      Script<? super Q, ? extends R> script,
      Journal<Q> journal,
      Function<Supplier<Playback<Q, R>>, Listener> opening) {
    this.script = script;
    this.playback = new Playback<>(script);
    this.journal = journal;
    this.listener = opening.apply(() -> playback);
  }

  /** Follows another script from now on; requests under way go on as they began. */
  public final void behave(Script<? super Q, ? extends R> next) {
    script = requireNonNull(next, "next");
    playback = new Playback<>(next);
  }

  /** Forgets and counts from 0 what was seen so far, and begins the script again. */
  public void reset() {
    journal.clear();
    playback = new Playback<>(script);
  }

  /**
   * The requests that were understood, in order of arrival, each from before its answer. The last
   * 10,000, and no more than 256 MB of them.
   */
  public List<Q> requests() {
    return journal.entries();
  }

  /** How many requests arrived since the start or the last {@link #reset}. */
  public final long requestCount() {
    return journal.count();
  }

  /**
   * Waits until {@code count} requests have arrived.
   *
   * @return false when that has not happened after {@code most}
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public final boolean awaitRequests(long count, Duration most) throws InterruptedException {
    return journal.await(count, most);
  }

  /** The TCP port on 127.0.0.1, which stays the same over {@link #restart}. */
  public final int port() {
    return listener.port();
  }

  /** 127.0.0.1 and {@link #port}. */
  public final InetSocketAddress address() {
    return Loopback.port(port());
  }

  /** How many connections were accepted since the start, whatever became of them. */
  public final long connectionCount() {
    return listener.accepted();
  }

  /** How many connections are open now. */
  public final int activeConnections() {
    return listener.active();
  }

  /**
   * Waits until no connection is open.
   *
   * @return false when one is still open after {@code most}
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public final boolean awaitIdle(Duration most) throws InterruptedException {
    return listener.awaitIdle(most);
  }

  /**
   * Closes the port and cuts all connections, as a crash would; new ones are refused. Returns when
   * the server's threads have ended, after a second at the latest.
   */
  public final void kill() {
    listener.kill();
  }

  /**
   * Opens the port again after {@link #kill}; does nothing when it is open.
   *
   * @throws IllegalStateException after {@link #close}
   * @throws java.io.UncheckedIOException when another process took the port meanwhile
   */
  public final void restart() {
    listener.restart();
  }

  /** Ends the server for good, within a second, as {@link #kill} does. Further calls do nothing. */
  @Override
  public final void close() {
    listener.close();
  }

  /** The server's threads that have not ended; 0 after {@link #close} unless a script blocks. */
  public final int liveThreads() {
    return listener.liveThreads();
  }
}
