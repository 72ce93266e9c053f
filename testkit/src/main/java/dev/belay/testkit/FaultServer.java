package dev.belay.testkit;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A server on a loopback port that fails as its script says. Safe for any number of threads.
 *
 * <pre>{@code
 * server.kill();                       // connections cut, port refuses
 * server.restart();                    // the same port answers again
 * server.awaitIdle(Duration.ofSeconds(1));
 * }</pre>
 */
public sealed interface FaultServer extends AutoCloseable permits FaultyOrigin, FaultyProxy {

  /** The TCP port on 127.0.0.1, which stays the same over {@link #restart}. */
  int port();

  /** 127.0.0.1 and {@link #port}. */
  default InetSocketAddress address() {
    return Loopback.port(port());
  }

  /** How many connections were accepted since the start, whatever became of them. */
  long connectionCount();

  /** How many connections are open now. */
  int activeConnections();

  /**
   * Waits until no connection is open.
   *
   * @return false when one is still open after {@code most}
   * @throws InterruptedException when the waiting thread is interrupted
   */
  boolean awaitIdle(Duration most) throws InterruptedException;

  /**
   * Closes the port and cuts all connections, as a crash would; new ones are refused. Returns when
   * the server's threads have ended, after a second at the latest.
   */
  void kill();

  /**
   * Opens the port again after {@link #kill}; does nothing when it is open.
   *
   * @throws IllegalStateException after {@link #close}
   * @throws java.io.UncheckedIOException when another process took the port meanwhile
   */
  void restart();

  /** Ends the server for good, within a second, as {@link #kill} does. Further calls do nothing. */
  @Override
  void close();

  /** The server's threads that have not ended; 0 after {@link #close} unless a script blocks. */
  int liveThreads();
}
