package dev.belay.http;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries a {@link Handshake} over a channel. For the channel's event loop. */
final class Handshaker extends ChannelInboundHandlerAdapter {
  private final ProxyAddress proxy;
  private final Handshake handshake;
  private final Consumer<@Nullable DialException> done;
  private ByteBuf received = Unpooled.EMPTY_BUFFER;
  private boolean over;

  /** {@code done} is told once: the failure, or null when the tunnel is open. */
  Handshaker(ProxyAddress proxy, Handshake handshake, Consumer<@Nullable DialException> done) {
    this.proxy = proxy;
    this.handshake = handshake;
    this.done = done;
  }

  /** Whether the proxy has been told the target. */
  boolean hasAsked() {
    return handshake.hasAsked();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    received = ctx.alloc().buffer(256);
    Wire.send(ctx, handshake.opening());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      received.writeBytes(bytes);
    } finally {
      bytes.release();
    }
    if (!over) {
      proceed(ctx);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    received.discardSomeReadBytes();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    fail("closed the connection before it had answered", null);
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail("broke the connection before it had answered", cause);
    Wire.close(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    received.release();
  }

  private void proceed(ChannelHandlerContext ctx) {
    try {
      for (; ; ) {
        switch (handshake.read(received)) {
          case Handshake.Step.More more -> {
            return;
          }
          case Handshake.Step.Send send -> Wire.send(ctx, send.bytes());
          case Handshake.Step.Open open -> {
            over = true;
            Parking.replace(ctx, received.retain());
            done.accept(null);
            return;
          }
        }
      }
    } catch (DialException refusal) {
      over = true;
      done.accept(refusal);
      Wire.close(ctx);
    }
  }

  private void fail(String what, @Nullable Throwable cause) {
    if (!over) {
      over = true;
      Verdict verdict = Verdict.retry(ErrorClass.RESET, Blame.ENDPOINT);
      done.accept(new DialException(Phase.HANDSHAKE, verdict, proxy + " " + what, cause));
    }
  }
}
