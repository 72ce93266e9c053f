package dev.belay.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A proxy's connection to its target. One thread reads and one writes; any thread may close. */
final class Upstream implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;

  final InetSocketAddress address;
  private final SocketChannel channel;
  private final WireReader in;
  private final OutputStream out;

  private Upstream(InetSocketAddress address, SocketChannel channel) throws IOException {
    this.address = address;
    this.channel = channel;
    InputStream bytes = channel.socket().getInputStream();
    this.in = new WireReader(bytes);
    this.out = channel.socket().getOutputStream();
  }

  static Upstream connect(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().setTcpNoDelay(true);
      channel.socket().connect(address, CONNECT_MILLIS);
      return new Upstream(address, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  WireReader in() {
    return in;
  }

  OutputStream out() {
    return out;
  }

  int localPort() {
    return channel.socket().getLocalPort();
  }

  void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Whether it may carry another request: the target has neither closed nor said anything. */
  boolean isFresh() {
    try {
      channel.configureBlocking(false);
      try {
        return channel.read(ByteBuffer.allocate(1)) == 0;
      } finally {
        channel.configureBlocking(true);
      }
    } catch (IOException e) {
      return false; // reset by the target: as good as closed
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // A channel that cannot be closed is closed already.
    }
  }
}
