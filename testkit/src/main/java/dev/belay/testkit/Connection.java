package dev.belay.testkit;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One accepted connection. One thread reads and writes; any thread may cut it. */
final class Connection {
  private static final int LINGER_BYTES = 1 << 20;
  private static final int LINGER_MILLIS = 250;

  final long number;
  private final Listener listener;
  private final Socket raw;
  private final Socket socket;
  private final WireReader in;
  private final OutputStream out;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile Optional<Upstream> upstream = Optional.empty();

  Connection(long number, Socket raw, Optional<SSLContext> tls, Listener listener)
      throws IOException {
    this.number = number;
    this.listener = listener;
    this.raw = raw;
    raw.setTcpNoDelay(true);
    this.socket = tls.isPresent() ? layered(tls.get(), raw) : raw;
    this.in = new WireReader(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  private static Socket layered(SSLContext tls, Socket raw) throws IOException {
    Socket layered = tls.getSocketFactory().createSocket(raw, null, raw.getPort(), true);
    if (layered instanceof SSLSocket secure) {
      secure.setUseClientMode(false); // the handshake itself comes with the first read
    }
    return layered;
  }

  WireReader in() {
    return in;
  }

  OutputStream out() {
    return out;
  }

  /** Starts a second thread for this connection. */
  Thread spawn(String role, Runnable work) {
    return listener.spawn(number + "-" + role, work);
  }

  /** Ties the fate of a proxy's upstream to this connection: it is cut together with it. */
  void tie(Upstream tied) throws IOException {
    upstream = Optional.of(tied);
    if (over.getCount() == 0) { // cut meanwhile, by a thread that did not see the upstream
      tied.close();
      throw new IOException("the server was closed during a connect");
    }
  }

  /** Waits; returns early, by an exception, when the connection is cut meanwhile. */
  void pause(Duration length) throws IOException {
    if (length.isZero()) {
      return;
    }
    try {
      if (over.await(length.toNanos(), NANOSECONDS)) {
        throw new IOException("the server was closed during a pause");
      }
    } catch (InterruptedException stop) {
      // Only closing the server interrupts its threads: the connection is at its end as well.
      throw new IOException("the server was closed during a pause", stop);
    }
  }

  /** Reads and never answers, until the peer or the server closes. */
  void hang() throws IOException {
    in.untilClose((bytes, from, count) -> {});
  }

  /** The same without even the answers of TLS. */
  void hangSilently() throws IOException {
    new WireReader(raw.getInputStream()).untilClose((bytes, from, count) -> {});
  }

  /** Says that nothing more will be written; the peer may go on. */
  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Closes so that a peer that is still sending sees the answer rather than a reset. */
  void closeAfterDraining() throws IOException {
    endOutput();
    raw.setSoTimeout(LINGER_MILLIS);
    int[] left = {LINGER_BYTES};
    in.untilClose((bytes, from, count) -> {
      left[0] -= count;
      if (left[0] < 0) {
        throw new IOException("too much to drain");
      }
    });
  }

  /** Cuts the connection with a TCP reset. */
  void reset() throws IOException {
    raw.setSoLinger(true, 0);
    raw.close();
  }

  /** Ends the conversation in order: a TLS peer is told. */
  void close() throws IOException {
    over.countDown();
    socket.close();
  }

  /** Cuts the connection at once, whatever its thread is doing. */
  void cut() {
    over.countDown();
    try {
      raw.close();
    } catch (IOException e) {
      // A socket that cannot be closed is closed already: there is nothing more to cut.
    }
    // Last, or the client could still be told that its target failed.
    upstream.ifPresent(Upstream::close);
  }
}
