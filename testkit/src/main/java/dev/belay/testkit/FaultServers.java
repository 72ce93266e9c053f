package dev.belay.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that starts servers and closes them after each test. A test fails when a thread
 * of one of its servers is left after that. Safe for any number of threads.
 *
 * <pre>{@code
 * @RegisterExtension final FaultServers servers = new FaultServers();
 *
 * @Test void retriesOnce() {
 *   FaultyOrigin origin = servers.origin(Script.of(Reply.reset(), Reply.ok("hello")));
 *   ...
 * }
 * }</pre>
 */
public final class FaultServers implements AfterEachCallback {
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private final boolean strict;
  private final Queue<FaultServer<?, ?>> servers = new ConcurrentLinkedQueue<>();

  /** One that cuts the connections that a test leaves open, as pools of clients do. */
  public FaultServers() {
    this(false);
  }

  private FaultServers(boolean strict) {
    this.strict = strict;
  }

  /** One that fails a test which leaves connections open for a second after its end. */
  public static FaultServers refusingOpenConnections() {
    return new FaultServers(true);
  }

  /** An origin on a free port. */
  public FaultyOrigin origin(Script<? super ReceivedRequest, ? extends Reply> script) {
    return closing(FaultyOrigin.start(script));
  }

  /** A proxy on a free port; not for {@link FaultyProxy.Kind#HTTPS}. */
  public FaultyProxy proxy(
      FaultyProxy.Kind kind, Script<? super ProxyRequest, ? extends Behaviour> script) {
    return closing(FaultyProxy.start(kind, script));
  }

  /** Closes this server too after the test, and returns it. */
  public <S extends FaultServer<?, ?>> S closing(S server) {
    servers.add(server);
    return server;
  }

  /**
   * Closes all servers of the test.
   *
   * @throws AssertionError when threads are left or, if they are refused, open connections
   * @throws InterruptedException when the waiting thread is interrupted
   */
  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    close();
  }

  void close() throws InterruptedException {
    List<FaultServer<?, ?>> all = List.copyOf(servers);
    servers.clear();
    StringBuilder left = new StringBuilder();
    try {
      for (FaultServer<?, ?> server : all) {
        if (strict && !server.awaitIdle(SETTLING)) {
          note(left, server, server.activeConnections() + " connections open");
        }
      }
    } finally {
      all.forEach(FaultServer::close);
    }
    for (FaultServer<?, ?> server : all) {
      if (server.liveThreads() > 0) {
        note(left, server, server.liveThreads() + " threads running");
      }
    }
    if (!left.isEmpty()) {
      throw new AssertionError("the test left behind" + left);
    }
  }

  private static void note(StringBuilder left, FaultServer<?, ?> server, String what) {
    String name = server.getClass().getSimpleName();
    left.append("; at ").append(name).append(" port ").append(server.port());
    left.append(": ").append(what);
  }
}
