package dev.belay.http;

import dev.belay.http.SocksException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Promise;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Carries a {@link SocksParser} over an accepted channel. For the channel's event loop. */
final class SocksReader extends ChannelInboundHandlerAdapter {
  private final NetSocket socket;
  private final SocksParser parser;
  private final Duration limit;
  private final Promise<SocksRequest> promise;
  private ByteBuf received = Unpooled.EMPTY_BUFFER;
  private @Nullable ScheduledFuture<?> timeout;
  private boolean over;

  SocksReader(NetSocket socket, SocksParser parser, Duration limit, Promise<SocksRequest> promise) {
    this.socket = socket;
    this.parser = parser;
    this.limit = limit;
    this.promise = promise;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    received = ctx.alloc().buffer(256);
    timeout = ctx.executor().schedule(() -> expire(ctx), limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!over) {
        received.writeBytes(bytes);
        proceed(ctx);
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    fail(new SocksException(Reason.CLOSED, "the client closed before it had asked"));
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(new SocksException(Reason.CLOSED, "the client broke off before it had asked"));
    Wire.close(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    received.release();
  }

  private void proceed(ChannelHandlerContext ctx) {
    try {
      SocksParser.Asked asked = parser.read(received);
      answer(ctx);
      if (asked != null && end()) {
        Parking.replace(ctx, received.retain());
        promise.complete(
            new SocksRequest(
                socket, asked.version(), asked.host(), asked.port(), asked.credentials()));
      }
    } catch (SocksException refusal) {
      fail(refusal);
      ChannelFuture unused =
          ctx.writeAndFlush(Unpooled.wrappedBuffer(parser.takeAnswer()))
              .addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void answer(ChannelHandlerContext ctx) {
    byte[] bytes = parser.takeAnswer();
    if (bytes.length > 0) {
      Wire.send(ctx, bytes);
    }
  }

  private void expire(ChannelHandlerContext ctx) {
    if (fail(new SocksException(Reason.TIMEOUT, "the client did not ask in time"))) {
      Wire.close(ctx);
    }
  }

  private boolean fail(SocksException failure) {
    boolean first = end();
    if (first) {
      promise.fail(failure);
    }
    return first;
  }

  private boolean end() {
    boolean first = !over;
    over = true;
    ScheduledFuture<?> timer = timeout;
    if (timer != null) {
      timer.cancel(false);
    }
    return first;
  }
}
