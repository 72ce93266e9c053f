package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two connections joined into one: what arrives at either is written to the other, as it came and
 * no faster than the other takes it. The end of one direction is passed on and the other direction
 * goes on; a reset is passed on as a reset. Made and used on the event loop that both connections
 * belong to, except where a method says otherwise.
 *
 * <p>It works on the channels below Vert.x: the sockets' own handlers see no more data, only the
 * close.
 */
public final class Splice {
  private static final int TICKS = 4;

  /** How a splice ended. */
  public enum End {
    /** Both sides said that they were done, and everything was delivered. */
    FINISHED,
    /** Neither side took or sent a byte for the whole idle time. */
    IDLE,
    /** It took as long as it may. */
    EXPIRED,
    /** One side was reset or broke TLS; the other was reset. */
    RESET,
    /** Closed from here, or one side vanished without a word. */
    CLOSED
  }

  /**
   * What went through. Immutable.
   *
   * @param bytesUp read from the client
   * @param bytesDown read from upstream
   */
  public record Result(long bytesUp, long bytesDown, End end) {}

  private final EventLoop loop;
  private final Relay client;
  private final Relay upstream;
  private final Promise<Result> promise = Promise.promise();
  private boolean over;
  private @Nullable ScheduledFuture<?> ticker;
  private long lastRead;
  private long lastDelivered;
  private long ticks;
  private long mostTicks;
  private long quietTicks;
  private long mostQuietTicks;

  private Splice(EventLoop loop, ChannelHandlerContext client, ChannelHandlerContext upstream) {
    this.loop = loop;
    this.client = new Relay(this, client);
    this.upstream = new Relay(this, upstream);
  }

  /**
   * Joins two connections. Bytes that their handshakes read too early go first.
   *
   * @param idle how long neither side may take or send a byte, more than zero
   * @param longest how long it may take in all, more than zero; the splice ends after at most a
   *     quarter more of the shorter one of both
   * @throws IllegalStateException off the event loop that both connections must belong to
   */
  public static Splice join(NetSocket client, NetSocket upstream, Duration idle, Duration longest) {
    Check.that(idle.isPositive(), "idle must be more than 0, was %s", idle);
    Check.that(longest.isPositive(), "longest must be more than 0, was %s", longest);
    ChannelHandlerContext left = context(client);
    ChannelHandlerContext right = context(upstream);
    EventLoop loop = left.channel().eventLoop();
    if (!loop.inEventLoop() || !right.channel().eventLoop().inEventLoop()) {
      throw new IllegalStateException("both sockets must belong to the current event loop");
    }
    Splice splice = new Splice(loop, left, right);
    splice.start(client, upstream, idle.toNanos(), longest.toNanos());
    return splice;
  }

  /** How it ended; never fails. Both connections are closed by then, or just being closed. */
  public Future<Result> done() {
    return promise.future();
  }

  /** Bytes read from the client so far. */
  public long bytesUp() {
    return client.bytes();
  }

  /** Bytes read from upstream so far. */
  public long bytesDown() {
    return upstream.bytes();
  }

  /** Closes both sides at once. Safe for any number of threads. */
  public void close() {
    if (loop.inEventLoop()) {
      end(End.CLOSED);
    } else {
      loop.execute(() -> end(End.CLOSED));
    }
  }

  void finishIfBothEnded() {
    if (client.delivered() && upstream.delivered()) {
      end(End.FINISHED);
    }
  }

  void end(End how) {
    if (over) {
      return;
    }
    over = true;
    ScheduledFuture<?> task = ticker;
    if (task != null) {
      task.cancel(false);
    }
    client.close(how);
    upstream.close(how);
    promise.complete(new Result(client.bytes(), upstream.bytes(), how));
  }

  private void start(NetSocket left, NetSocket right, long idle, long longest) {
    client.attach(upstream);
    upstream.attach(client);
    long period = Math.max(1, Math.min(idle, longest) / TICKS);
    mostQuietTicks = Math.ceilDiv(idle, period);
    mostTicks = Math.ceilDiv(longest, period);
    ticker = loop.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.NANOSECONDS);
    client.start(left);
    upstream.start(right);
  }

  private void tick() {
    long read = client.bytes() + upstream.bytes();
    long delivered = read - client.pendingBytes() - upstream.pendingBytes();
    quietTicks = read == lastRead && delivered == lastDelivered ? quietTicks + 1 : 0;
    lastRead = read;
    lastDelivered = delivered;
    if (quietTicks >= mostQuietTicks) {
      end(End.IDLE);
    } else if (++ticks >= mostTicks) {
      end(End.EXPIRED);
    }
  }

  private static ChannelHandlerContext context(NetSocket socket) {
    requireNonNull(socket, "socket");
    ChannelHandlerContext context = ((NetSocketInternal) socket).channelHandlerContext();
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    return context;
  }
}
