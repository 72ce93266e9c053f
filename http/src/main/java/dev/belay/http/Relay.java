package dev.belay.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One side of a {@link Splice}: writes what its channel reads to the other side. It stands in front
 * of Vert.x's handler, which still learns of the close. For the event loop of both.
 */
final class Relay extends ChannelInboundHandlerAdapter {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final Splice splice;
  private final ChannelHandlerContext vertx;
  private final Channel channel;
  private @Nullable ChannelHandlerContext output;
  private @Nullable Relay other;
  private long bytes;
  private final Deque<ByteBuf> backlog = new ArrayDeque<>();
  private boolean draining = true;
  private boolean endedWhileDraining;
  private boolean inputEnded;
  private boolean delivered;

  Relay(Splice splice, ChannelHandlerContext vertx) {
    this.splice = splice;
    this.vertx = vertx;
    this.channel = vertx.channel();
  }

  long bytes() {
    return bytes;
  }

  /** Written here and not yet taken by the transport. */
  long pendingBytes() {
    return channel.isWritable()
        ? WATER_MARK.high() - channel.bytesBeforeUnwritable()
        : WATER_MARK.low() + channel.bytesBeforeWritable();
  }

  /** Whether the input has ended and the other side has got all of it. */
  boolean delivered() {
    return delivered;
  }

  /** Takes the channel over. Nothing is read before {@link #start}. */
  void attach(Relay other) {
    this.other = other;
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addBefore(vertx.name(), null, this);
    output = pipeline.context(this);
    channel.config().setWriteBufferWaterMark(WATER_MARK);
    channel.config().setAutoRead(false);
    for (var type : List.of(IdleStateHandler.class, ChunkedWriteHandler.class)) {
      if (pipeline.get(type) != null) {
        pipeline.remove(type);
      }
    }
  }

  /**
   * Starts once Vert.x has handed out what a paused socket still holds, which comes before what its
   * channel reads. It hands that out in its own time: an empty message behind it tells when.
   */
  void start(NetSocket socket) {
    socket.handler(buffer -> {
      if (buffer.length() > 0) {
        relay(((BufferInternal) buffer).getByteBuf());
      } else if (draining) {
        drained();
      }
    });
    output().fireChannelRead(Unpooled.EMPTY_BUFFER);
    output().fireChannelReadComplete();
    socket.resume();
  }

  private void drained() {
    draining = false;
    ChannelPipeline pipeline = channel.pipeline();
    channel.config().setAutoRead(false); // Vert.x may have switched it on
    backlog.forEach(this::relay);
    backlog.clear();
    Parking parking = Parking.in(pipeline);
    boolean ended = endedWhileDraining;
    if (parking != null) {
      relay(parking.take());
      ended |= parking.inputEnded();
      pipeline.remove(parking);
    }
    if (pipeline.get(RequestGuard.class) != null) {
      pipeline.remove(RequestGuard.class); // lets go of what it held back
    }
    channelReadComplete(output());
    if (!channel.isActive()) {
      splice.end(Splice.End.CLOSED);
    } else if (ended) {
      inputEnded();
    } else {
      resumeReading();
    }
  }

  void close(Splice.End how) {
    if (how == Splice.End.RESET) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      Wire.cut(channel);
    } else {
      Wire.close(output());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf data = (ByteBuf) message;
    if (draining) {
      channel.config().setAutoRead(false);
      backlog.add(data);
    } else {
      relay(data);
    }
  }

  private void relay(ByteBuf data) {
    bytes += data.readableBytes();
    Relay to = other();
    Wire.write(to.output(), data);
    if (!to.channel.isWritable()) {
      channel.config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    other().output().flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      other().resumeReading();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      inputEnded();
    } else if (!(event instanceof IdleStateEvent || event instanceof ShutdownEvent)) {
      // a server that shuts down leaves the tunnels open; whoever opened them ends them
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    splice.end(Splice.End.RESET);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    splice.end(Splice.End.CLOSED);
    super.channelInactive(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    backlog.forEach(ByteBuf::release);
    backlog.clear();
  }

  private void inputEnded() {
    if (draining) {
      endedWhileDraining = true;
    } else if (!inputEnded) {
      inputEnded = true;
      other().endOutput(this);
    }
  }

  /** Ends the output once everything has been written: ending it earlier would drop the rest. */
  private void endOutput(Relay source) {
    ChannelFuture unused =
        output()
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(written -> {
              shutdownOutput();
              source.delivered = true;
              splice.finishIfBothEnded();
            });
  }

  private void shutdownOutput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      ChannelFuture unused = tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      ChannelFuture unused = duplex.shutdownOutput();
    }
  }

  private void resumeReading() {
    if (!inputEnded && !draining && other().channel.isWritable()) {
      channel.config().setAutoRead(true);
    }
  }

  private Relay other() {
    Relay found = other;
    if (found == null) {
      throw new IllegalStateException("not attached");
    }
    return found;
  }

  private ChannelHandlerContext output() {
    ChannelHandlerContext found = output;
    if (found == null) {
      throw new IllegalStateException("not attached");
    }
    return found;
  }
}
