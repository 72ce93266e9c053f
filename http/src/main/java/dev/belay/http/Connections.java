package dev.belay.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Tells when a connection is really closed: also after an HTTP connection has become a tunnel,
 * which Vert.x keeps to itself.
 */
public final class Connections {
  private Connections() {}

  /** Runs {@code task} on the event loop once the connection is closed. */
  public static void onClose(HttpConnection connection, Runnable task) {
    if (connection instanceof ConnectionBase base) {
      onClose(base.channel(), task);
    } else {
      connection.closeHandler(none -> task.run());
    }
  }

  /** Runs {@code task} on the event loop once the connection is closed. */
  public static void onClose(NetSocket socket, Runnable task) {
    onClose(((NetSocketInternal) socket).channelHandlerContext().channel(), task);
  }

  /** Closes the connection below all that stands on it, whatever it has become since. */
  public static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      Wire.cut(base.channel());
    } else {
      var unused = connection.close();
    }
  }

  /** Closes the connection below all that stands on it, whatever it has become since. */
  public static void cut(NetSocket socket) {
    Wire.cut(((NetSocketInternal) socket).channelHandlerContext().channel());
  }

  private static void onClose(Channel channel, Runnable task) {
    var unused = channel.closeFuture().addListener(closed -> task.run());
  }

  /** Cuts a connection with a TCP reset: what is still to be written is lost. */
  public static void reset(HttpConnection connection) {
    if (connection instanceof ConnectionBase base && base.channel().isActive()) {
      base.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      Wire.cut(base.channel());
    }
  }
}
