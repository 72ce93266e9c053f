package dev.belay.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ShutdownEvent;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a channel between a handshake and whoever goes on with it. It stops reading and keeps
 * what came too early, so that neither a byte nor the end of the input is lost. What it keeps is
 * bounded by one round of reading. For the channel's event loop.
 */
final class Parking extends ChannelInboundHandlerAdapter {
  private final ByteBuf early;
  private boolean inputEnded;

  /** Takes over {@code early}. */
  private Parking(ByteBuf early) {
    this.early = early;
  }

  /** Puts a parking in the place of {@code handshake}; takes over {@code early}. */
  static void replace(ChannelHandlerContext handshake, ByteBuf early) {
    stopReading(handshake);
    handshake.pipeline().replace(handshake.handler(), null, new Parking(early));
  }

  /** From now on the end of the input does not close the channel, and nothing is read. */
  static void stopReading(ChannelHandlerContext ctx) {
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    ctx.channel().config().setAutoRead(false);
  }

  /** The one in this pipeline, if any. */
  static @Nullable Parking in(ChannelPipeline pipeline) {
    return pipeline.get(Parking.class);
  }

  /** Lets the socket's own handlers go on: what came early reaches them first. */
  static void leave(NetSocket socket) {
    ChannelHandlerContext vertx = ((NetSocketInternal) socket).channelHandlerContext();
    vertx
        .channel()
        .eventLoop()
        .execute(() -> {
          Parking parking = in(vertx.pipeline());
          if (parking != null) {
            parking.leave(vertx.pipeline());
          }
        });
  }

  private void leave(ChannelPipeline pipeline) {
    ChannelHandlerContext ctx = pipeline.context(this);
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    ByteBuf bytes = take();
    if (bytes.isReadable()) {
      ctx.fireChannelRead(bytes);
      ctx.fireChannelReadComplete();
    } else {
      bytes.release();
    }
    pipeline.remove(this);
    if (inputEnded) {
      Wire.close(ctx);
    } else {
      pipeline.channel().config().setAutoRead(true);
    }
  }

  /** What came early; the caller releases it. */
  ByteBuf take() {
    return early.readableBytes() == 0
        ? Unpooled.EMPTY_BUFFER
        : early.readRetainedSlice(early.readableBytes());
  }

  /** Whether anything came early. */
  boolean hasBytes() {
    return early.isReadable();
  }

  /** Whether the peer has already said that nothing more will come. */
  boolean inputEnded() {
    return inputEnded;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    early.writeBytes(bytes);
    bytes.release();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // nothing was passed on, so nothing is complete
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
    } else if (!(event instanceof ShutdownEvent)) {
      // a server that shuts down still answers what it was asked
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    early.release();
  }
}
