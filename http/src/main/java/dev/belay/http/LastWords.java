package dev.belay.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.net.impl.VertxConnection;

/**
 * Lets all that was read reach the answer it belongs to before the end of the connection does. A
 * connection whose reader is slow sets aside what it has read, and at the end of the connection it
 * would fail the answer although the rest of it, and its end, lie there. What this adds to the
 * answer's own queue was in memory already. For the channel's event loop.
 */
final class LastWords extends ChannelInboundHandlerAdapter {
  /** Each turn takes all there is, unless the queue turns from short to long on the way. */
  private static final int TURNS = 4;

  private final VertxConnection connection;

  private LastWords(VertxConnection connection) {
    this.connection = connection;
  }

  /** Puts one before the connection, if that is of the kind that sets bytes aside. */
  static void before(HttpClientConnection connection) {
    if (connection instanceof VertxConnection kind) {
      ChannelHandlerContext end = kind.channelHandlerContext();
      Channel channel = end.channel();
      channel.pipeline().addBefore(end.name(), null, new LastWords(kind));
    }
  }

  private void handOver() {
    for (int i = 0; i < TURNS; i++) {
      connection.doResume();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    handOver();
    super.channelInactive(ctx);
  }

  @Override
  @SuppressWarnings("deprecation") // only for handlers that are none of the inbound kind
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    handOver();
    super.exceptionCaught(ctx, cause);
  }
}
