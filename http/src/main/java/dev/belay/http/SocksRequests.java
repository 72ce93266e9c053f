package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;

/** Reads what SOCKS clients ask for: versions 4, 4a and 5, CONNECT only. */
public final class SocksRequests {
  private SocksRequests() {}

  /**
   * Reads a request from a connection that has just been accepted; to be called on its event loop.
   * The future fails with {@link SocksException} only; the client has got the fitting answer and
   * its connection is closed then.
   *
   * @param limit for the whole request, more than zero
   */
  public static Future<SocksRequest> read(NetSocket socket, SocksLogin login, Duration limit) {
    requireNonNull(login, "login");
    Check.that(limit.isPositive(), "limit must be more than 0, was %s", limit);
    Promise<SocksRequest> promise = Promise.promise();
    ChannelHandlerContext vertx = ((NetSocketInternal) socket).channelHandlerContext();
    SocksReader reader = new SocksReader(socket, new SocksParser(login), limit, promise);
    vertx.pipeline().addBefore(vertx.name(), null, reader);
    return promise.future();
  }
}
