package dev.belay.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/** Acts on a channel whose outcome shows in the channel's own events, so that none is awaited. */
final class Wire {
  private Wire() {}

  static void send(ChannelHandlerContext ctx, byte[] bytes) {
    ChannelFuture unused = ctx.writeAndFlush(Unpooled.wrappedBuffer(bytes));
  }

  /** Leaves the flush for later; a failure shows as an exception in the channel's pipeline. */
  static void write(ChannelHandlerContext ctx, ByteBuf bytes) {
    ChannelFuture unused = ctx.write(bytes, ctx.channel().voidPromise());
  }

  static void close(ChannelHandlerContext ctx) {
    ChannelFuture unused = ctx.close();
  }

  /** Closes past all handlers: nobody says goodbye or waits for what is still to be written. */
  static void cut(Channel channel) {
    channel.unsafe().close(channel.voidPromise());
  }
}
