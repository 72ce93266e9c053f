package dev.belay.proxy;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/** Answers one request, and closes the connection the moment the last byte is written. */
public final class ClosingOrigin implements AutoCloseable {
  private static final int PIECE = 16 * 1024;

  private final ServerSocket server;
  private final Framing framing;
  private final int announced;
  private final int sent;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** How a reader learns where the body ends. */
  public enum Framing {
    /** By its length. */
    LENGTH,
    /** By the last chunk. */
    CHUNKED,
    /** By the end of the connection. */
    CLOSE
  }

  /** Sends {@code sent} bytes of a body that has, by what it says, {@code announced}. */
  public ClosingOrigin(ServerSocketFactory factory, Framing framing, int announced, int sent)
      throws IOException {
    this.server = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.framing = framing;
    this.announced = announced;
    this.sent = sent;
    Thread.startVirtualThread(this::serve);
  }

  /** Where it is. */
  public URI uri(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/");
  }

  /** Waits a little for the end of the connection, which a large body puts off. */
  public void awaitClose() throws InterruptedException {
    var unused = closed.await(200, TimeUnit.MILLISECONDS);
  }

  private void serve() {
    try (Socket socket = server.accept()) {
      if (socket.getInputStream().read(new byte[8192]) > 0) {
        OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 2 * PIECE);
        answer(out);
        out.flush();
      }
    } catch (IOException gone) {
      // the reader has seen enough
    } finally {
      closed.countDown();
    }
  }

  private void answer(OutputStream out) throws IOException {
    String length =
        switch (framing) {
          case LENGTH -> "Content-Length: " + announced + "\r\n";
          case CHUNKED -> "Transfer-Encoding: chunked\r\n";
          case CLOSE -> "";
        };
    write(out, "HTTP/1.1 200 OK\r\n" + length + "\r\n");
    for (int left = sent; left > 0; left -= PIECE) {
      byte[] piece = new byte[Math.min(PIECE, left)];
      if (framing == Framing.CHUNKED) {
        write(out, Integer.toHexString(piece.length) + "\r\n");
        out.write(piece);
        write(out, "\r\n");
      } else {
        out.write(piece);
      }
    }
    if (framing == Framing.CHUNKED && sent == announced) {
      write(out, "0\r\n\r\n");
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
