package dev.belay.testkit.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A peer that writes what it likes. */
final class RawPeer implements AutoCloseable {
  private final Socket socket;

  RawPeer(InetSocketAddress address) throws IOException {
    socket = new Socket();
    socket.connect(address);
    socket.setSoTimeout(30_000);
  }

  /** Sends that text and reads until the other side closes. */
  String exchange(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
