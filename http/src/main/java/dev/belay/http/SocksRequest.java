package dev.belay.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a SOCKS client asks for. Nothing is read from its socket any more until a {@link Splice}
 * takes it over; bytes that came early go first. For the event loop of its socket.
 */
public final class SocksRequest {
  private final NetSocket socket;
  private final int version;
  private final String host;
  private final int port;
  private final @Nullable Credentials credentials;

  SocksRequest(
      NetSocket socket, int version, String host, int port, @Nullable Credentials credentials) {
    this.socket = socket;
    this.version = version;
    this.host = host;
    this.port = port;
    this.credentials = credentials;
  }

  /** The client's connection. */
  public NetSocket socket() {
    return socket;
  }

  /** 4 or 5. */
  public int version() {
    return version;
  }

  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  public String host() {
    return host;
  }

  /** 1 to 65535. */
  public int port() {
    return port;
  }

  /** How the client logged in, if it did; the password is empty for SOCKS 4. */
  public Optional<Credentials> credentials() {
    return Optional.ofNullable(credentials);
  }

  /**
   * Answers the client; to be called once. Everything but {@link SocksReply#SUCCEEDED} closes the
   * connection after it.
   */
  public Future<Void> reply(SocksReply reply) {
    Future<Void> written =
        ((NetSocketInternal) socket).writeMessage(Unpooled.wrappedBuffer(reply.bytes(version)));
    return reply == SocksReply.SUCCEEDED ? written : written.eventually(socket::close);
  }

  @Override
  public String toString() {
    return "SOCKS " + version + " to " + Hosts.inUri(host) + ":" + port;
  }
}
