package dev.belay.proxy.health;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listens on ::1 and hands everything on to a port of 127.0.0.1. */
public final class Ipv6Door implements AutoCloseable {
  private static final byte[] LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private final ServerSocket server;
  private final int behind;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private Ipv6Door(int behind) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getByAddress(LOOPBACK));
    this.behind = behind;
    Thread.startVirtualThread(this::accept);
  }

  public static Ipv6Door before(int port) throws IOException {
    return new Ipv6Door(port);
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket guest = server.accept();
        Socket inner = new Socket(InetAddress.getLoopbackAddress(), behind);
        sockets.addAll(List.of(guest, inner));
        Thread.startVirtualThread(() -> copy(guest, inner));
        Thread.startVirtualThread(() -> copy(inner, guest));
      }
    } catch (IOException closed) {
      // that is how it ends
    }
  }

  private static void copy(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException broken) {
      // one side is gone, and now the other is
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
