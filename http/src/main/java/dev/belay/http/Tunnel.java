package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;

/**
 * An open way to a target through a proxy. It reads nothing until somebody takes it over: {@link
 * Splice} for a tunnel, {@link #resume()} for whoever speaks through the socket itself. Bytes that
 * arrived together with the proxy's answer come first. For the event loop it was dialled on.
 */
public final class Tunnel {
  private final NetSocket socket;
  private final ProxyAddress proxy;

  Tunnel(NetSocket socket, ProxyAddress proxy) {
    this.socket = socket;
    this.proxy = proxy;
  }

  /** The connection: what is written to it goes to the target. */
  public NetSocket socket() {
    return socket;
  }

  /** The proxy it goes through. */
  public ProxyAddress proxy() {
    return proxy;
  }

  /** Starts to read. Set the socket's handlers first. */
  public void resume() {
    Parking.leave(socket);
  }

  /** Closes it. */
  public Future<Void> close() {
    return socket.close();
  }
}
