package dev.belay.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A loopback port with one virtual thread per connection. Safe for any number of threads. */
final class Listener {
  private static final int MAX_CONNECTIONS = 10_000;
  private static final int BACKLOG = 1024;
  private static final long ACCEPT_PAUSE_NANOS = 5_000_000;
  private static final Duration CLOSING = Duration.ofSeconds(1);

  /** Serves one connection to its end; the listener closes it afterwards. */
  interface Service {
    void serve(Connection connection) throws IOException;
  }

  private final String name;
  private final Optional<SSLContext> tls;
  private final Service service;
  private final int port;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();

  @GuardedBy("lock")
  private @Nullable ServerSocket open;

  @GuardedBy("lock")
  private boolean closed;

  /** Opens the port; 0 takes any free one. */
  Listener(String name, int port, Optional<SSLContext> tls, Service service) {
    Check.that(port >= 0 && port <= 65_535, "port must be between 0 and 65535, was %d", port);
    this.name = name;
    this.tls = tls;
    this.service = service;
    ServerSocket socket = bind(port);
    this.port = socket.getLocalPort();
    this.open = socket;
    spawn("accept", () -> accept(socket));
  }

  private static ServerSocket bind(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      try {
        socket.setReuseAddress(true);
        socket.bind(Loopback.port(port), BACKLOG);
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port + ": " + e.getMessage(), e);
    }
  }

  int port() {
    return port;
  }

  long accepted() {
    return accepted.get();
  }

  int active() {
    return connections.size();
  }

  /** The threads that have not ended yet, the accepting one included. */
  int liveThreads() {
    return threads.size();
  }

  /** Runs work of a connection that needs a second thread. */
  Thread spawn(String role, Runnable work) {
    Thread thread =
        Thread.ofVirtual()
            .name(name + "-" + role)
            .unstarted(() -> {
              try {
                work.run();
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    thread.start();
    return thread;
  }

  private void accept(ServerSocket socket) {
    while (true) {
      try {
        admit(socket.accept());
      } catch (IOException e) {
        if (socket.isClosed()) {
          return; // the only way to end an accept is to close its socket
        }
        LockSupport.parkNanos(ACCEPT_PAUSE_NANOS); // out of file handles, say: do not spin
      }
    }
  }

  private void admit(Socket socket) throws IOException {
    if (connections.size() >= MAX_CONNECTIONS) {
      socket.close();
      return;
    }
    Connection connection;
    try {
      connection = new Connection(accepted.incrementAndGet(), socket, tls, this);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    connections.add(connection);
    spawn(Long.toString(connection.number), () -> serve(connection));
  }

  private void serve(Connection connection) {
    try {
      service.serve(connection);
      connection.close();
    } catch (IOException e) {
      // The peer left or the server was closed: on a server that fails on purpose, a usual end.
    } finally {
      connection.cut();
      connections.remove(connection);
      announceFewer();
    }
  }

  private void announceFewer() {
    lock.lock();
    try {
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no connection is open; false when the time is over first. */
  boolean awaitIdle(Duration most) throws InterruptedException {
    long left = most.toNanos();
    lock.lock();
    try {
      while (!connections.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = fewer.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Closes the port and everything that came through it; returns when all threads have ended. */
  void kill() {
    ServerSocket socket;
    lock.lock();
    try {
      socket = open;
      open = null;
    } finally {
      lock.unlock();
    }
    if (socket == null) {
      return;
    }
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close port " + port, e);
    } finally {
      endConnections();
    }
  }

  private void endConnections() {
    long start = System.nanoTime();
    boolean interrupted = Thread.interrupted();
    while (true) {
      connections.forEach(Connection::cut); // again in each round: one may just have been accepted
      Optional<Thread> next =
          threads.stream().filter(t -> !t.equals(Thread.currentThread())).findAny();
      long left = CLOSING.toNanos() - (System.nanoTime() - start);
      if (next.isEmpty() || left <= 0) {
        break;
      }
      next.get().interrupt(); // a scripted function may block on something that is not ours
      try {
        next.get().join(Duration.ofNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50))));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Opens the same port again after {@link #kill}; does nothing when it is open. */
  void restart() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the server on port " + port + " was closed for good");
      }
      if (open == null) {
        ServerSocket socket = bind(port);
        open = socket;
        spawn("accept", () -> accept(socket));
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    kill();
  }
}
