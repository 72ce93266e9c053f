package dev.belay.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Serves one long body and counts how much of it could be written. */
final class EndlessServer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicLong sent = new AtomicLong();
  private final int size;

  EndlessServer(int size) throws IOException {
    this.size = size;
    Thread.startVirtualThread(this::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve() {
    try (Socket socket = server.accept()) {
      byte[] head = new byte[8192];
      if (socket.getInputStream().read(head) < 0) {
        return;
      }
      String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      byte[] piece = new byte[1 << 16];
      for (int left = size; left > 0; left -= piece.length) {
        socket.getOutputStream().write(piece);
        sent.addAndGet(piece.length);
      }
    } catch (IOException gone) {
      // the reader has seen enough
    }
  }

  /** How much was written when nothing more could be for a while. */
  long awaitStall() {
    long last = -1;
    long since = System.nanoTime();
    while (sent.get() == 0 || System.nanoTime() - since < 400_000_000L) {
      long now = sent.get();
      if (now != last) {
        last = now;
        since = System.nanoTime();
      }
      LockSupport.parkNanos(1_000_000);
    }
    return last;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
