package dev.belay.examples.shop.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports of the loopback address that are free, held until the one they are for is about to listen:
 * processes that call each other must know where before anybody listens. For one thread.
 */
public final class FreePorts implements AutoCloseable {
  private final List<ServerSocket> held = new ArrayList<>();

  /** One that is free. */
  public int next() throws IOException {
    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    held.add(socket);
    return socket.getLocalPort();
  }

  /** Lets all of them go. */
  public void release() throws IOException {
    for (ServerSocket socket : held) {
      socket.close();
    }
    held.clear();
  }

  @Override
  public void close() throws IOException {
    release();
  }
}
