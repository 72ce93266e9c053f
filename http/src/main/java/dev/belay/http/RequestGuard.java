package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the HTTP/1 decoder of a server's connection and refuses requests that two parsers
 * could read in two ways. A refused request is replaced by one that the decoder is sure to refuse:
 * so the server answers 400 in its turn, after the answers that are still under way, and closes.
 *
 * <p>A bad chunk or trailer comes when the request is already with its handler: then that request
 * fails and the connection is closed without a 400.
 *
 * <p>Heads are held back until they are whole and were found good; bodies pass through. What
 * follows a CONNECT or an upgrade is held back until that was answered. It leaves the pipeline
 * together with the decoder. For its connection's event loop.
 */
public final class RequestGuard extends ChannelDuplexHandler {
  private static final String DECODER = "httpDecoder";
  private static final int MOST_EARLY_BYTES = 64 * 1024;

  /** Why a request was refused. */
  public enum Reason {
    /** A request line that is none, or of another version than 1.0 and 1.1. */
    REQUEST_LINE,
    /** A header without a name, with a bad one, or of a protocol that ended long ago. */
    HEADER_NAME,
    /** White space before the colon. */
    SPACE_BEFORE_COLON,
    /** A header that goes on in the next line. */
    FOLDED_HEADER,
    /** A line that ends without CR. */
    BARE_LF,
    /** A CR in the middle of a line. */
    BARE_CR,
    /** NUL or another control character. */
    CONTROL_CHARACTER,
    /** A bad Content-Length, more than one, or one where there must be none. */
    CONTENT_LENGTH,
    /** A Transfer-Encoding other than a single {@code chunked} in HTTP/1.1. */
    TRANSFER_ENCODING,
    /** Content-Length and Transfer-Encoding together. */
    LENGTH_AND_ENCODING,
    /** No Host in HTTP/1.1, or more than one. */
    HOST,
    /** More headers than allowed. */
    TOO_MANY_HEADERS,
    /** A longer head or trailer than allowed. */
    TOO_LARGE,
    /** A bad chunk size, or a chunk that does not end where it said. */
    CHUNK,
    /** A head that did not come to its end in time. */
    TOO_SLOW,
    /** Too much sent ahead of the answer to a CONNECT or an upgrade. */
    TOO_EARLY
  }

  /** Told of each refusal, on the event loop. */
  @FunctionalInterface
  public interface Refusals {
    /** A request was refused. */
    void refused(Reason reason);
  }

  /**
   * What a head may be. Immutable.
   *
   * @param headBytes its length with request line and line ends, at least 64
   * @param headers its number of headers, at least 1
   */
  public record Limits(int headBytes, int headers) {
    /** 16 KB and 100 headers. */
    public static final Limits DEFAULT = new Limits(16 * 1024, 100);

    /** Rejects limits that no request could keep. */
    public Limits {
      Check.that(headBytes >= 64, "headBytes must be at least 64, was %d", headBytes);
      Check.that(headers >= 1, "headers must be at least 1, was %d", headers);
    }
  }

  private final ChannelHandlerContext decoder;
  private final Refusals refusals;
  private final RequestScan scan;
  private final Duration headTime;
  private @Nullable ByteBuf held;
  private @Nullable ScheduledFuture<?> clock;
  private boolean awaitsAnswer;
  private boolean refused;

  private RequestGuard(
      ChannelHandlerContext decoder, Limits limits, Duration headTime, Refusals refusals) {
    this.decoder = decoder;
    this.headTime = headTime;
    this.refusals = refusals;
    this.scan = new RequestScan(limits);
  }

  /**
   * Guards a connection of a server; to be called from {@link
   * io.vertx.core.http.HttpServer#connectionHandler}. HTTP/2 connections need no guard and get
   * none. HTTP/2 over plain TCP must be switched off, else Vert.x tells of a connection only after
   * its first request. The decoder's own limits must not be smaller than {@code limits} for those
   * to count.
   *
   * @param headTime how long a head may take from its first byte, and the first one from the
   *     beginning of the connection, more than zero
   */
  public static void protect(
      HttpConnection connection, Limits limits, Duration headTime, Refusals refusals) {
    requireNonNull(limits, "limits");
    Check.that(headTime.isPositive(), "headTime must be more than 0, was %s", headTime);
    requireNonNull(refusals, "refusals");
    if (connection instanceof ConnectionBase base) {
      var pipeline = base.channel().pipeline();
      ChannelHandlerContext decoder = pipeline.context(DECODER);
      if (decoder != null && pipeline.get(RequestGuard.class) == null) {
        pipeline.addBefore(DECODER, null, new RequestGuard(decoder, limits, headTime, refusals));
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    startClock(ctx);
  }

  private void startClock(ChannelHandlerContext ctx) {
    if (clock == null) {
      long nanos = headTime.toNanos();
      clock = ctx.executor().schedule(() -> tooSlow(ctx), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void stopClock() {
    ScheduledFuture<?> running = clock;
    clock = null;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void tooSlow(ChannelHandlerContext ctx) {
    clock = null;
    if (refused || ctx.isRemoved()) {
      return;
    }
    if (held == null) {
      Wire.close(ctx); // not a byte: there is nobody to answer
    } else {
      ByteBuf rest = held;
      held = null;
      rest.release();
      refuse(ctx, Reason.TOO_SLOW);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf arrived)) {
      ctx.fireChannelRead(message);
    } else if (refused) {
      arrived.release();
    } else if (decoder.isRemoved()) {
      leave(ctx);
      ctx.fireChannelRead(arrived);
    } else {
      proceed(ctx, join(arrived));
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    if (awaitsAnswer) {
      // whoever answers takes the decoder away right after, or not at all
      ctx.executor().execute(() -> answered(ctx));
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stopClock();
    ByteBuf rest = held;
    held = null;
    if (rest == null) {
      return;
    }
    if (ctx.channel().isActive() && decoder.isRemoved()) {
      ctx.fireChannelRead(rest);
      ctx.fireChannelReadComplete();
    } else {
      rest.release();
    }
  }

  private void answered(ChannelHandlerContext ctx) {
    if (!awaitsAnswer || ctx.isRemoved()) {
      return;
    }
    if (decoder.isRemoved()) {
      leave(ctx);
      return;
    }
    awaitsAnswer = false;
    ByteBuf rest = held;
    held = null;
    if (rest != null) {
      proceed(ctx, rest);
      ctx.fireChannelReadComplete();
    }
  }

  private static void leave(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(ctx.handler());
  }

  /** What was held back, and what has arrived now. */
  private ByteBuf join(ByteBuf arrived) {
    ByteBuf before = held;
    if (before == null) {
      return arrived;
    }
    held = null;
    before.writeBytes(arrived);
    arrived.release();
    return before;
  }

  /** Passes on what is good and holds back what is not yet known; takes over {@code in}. */
  private void proceed(ChannelHandlerContext ctx, ByteBuf in) {
    if (awaitsAnswer) {
      hold(ctx, in);
      return;
    }
    Reason reason = scan.scan(in);
    int good = scan.goodBytes();
    awaitsAnswer = scan.switches();
    keepTime(ctx, in);
    if (good == in.readableBytes()) {
      ctx.fireChannelRead(in);
      return;
    }
    if (good > 0) {
      ctx.fireChannelRead(in.readRetainedSlice(good));
    }
    if (reason != null) {
      in.release();
      refuse(ctx, reason);
    } else if (ctx.isRemoved()) {
      ctx.fireChannelRead(in); // what was passed on made the decoder go, and this guard with it
    } else {
      hold(ctx, in);
    }
  }

  private void keepTime(ChannelHandlerContext ctx, ByteBuf in) {
    boolean inHead = scan.isInHead() && !awaitsAnswer && scan.goodBytes() < in.readableBytes();
    if (scan.goodBytes() > 0 || !inHead) {
      stopClock();
    }
    if (inHead) {
      startClock(ctx);
    }
  }

  private void hold(ChannelHandlerContext ctx, ByteBuf in) {
    if (awaitsAnswer && in.readableBytes() > MOST_EARLY_BYTES) {
      in.release();
      refused = true;
      refusals.refused(Reason.TOO_EARLY);
      Wire.close(ctx);
    } else {
      // most heads come in one piece; one that does not may not pin a whole read buffer
      held = ctx.alloc().buffer(Math.max(256, 2 * in.readableBytes())).writeBytes(in);
      in.release();
    }
  }

  private void refuse(ChannelHandlerContext ctx, Reason reason) {
    refused = true;
    refusals.refused(reason);
    ctx.fireChannelRead(Unpooled.copiedBuffer(scan.poison(), StandardCharsets.US_ASCII));
    ctx.fireChannelReadComplete();
  }
}
