package dev.belay.http;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A tunnel being opened, with TLS to the target inside it. For one event loop. */
final class SecureDial {
  private final SecureLink.Maker maker;
  private final SecureLinks.Key key;
  private final Promise<SecureLink> promise = Promise.promise();
  private final Dial dial;
  private final ScheduledFuture<?> timeout;
  private @Nullable Channel channel;

  SecureDial(SecureLink.Maker maker, SecureLinks.Key key, Duration limit) {
    this.maker = maker;
    this.key = key;
    // first the dial's own timer, which knows better how far it came
    this.dial = maker.dialer().dial(key.proxy(), key.host(), key.port(), limit);
    this.timeout = maker.loop().schedule(this::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
    dial.tunnel().onComplete(this::secure, this::fail);
  }

  /** The connection, or a {@link DialException}. */
  Future<SecureLink> link() {
    return promise.future();
  }

  void cancel() {
    dial.cancel();
    fail(HttpLinks.cancelled());
  }

  private void expire() {
    if (channel != null) {
      fail(tls("the target did not finish the TLS handshake in time", null));
    }
  }

  private void secure(Tunnel tunnel) {
    NetSocketInternal socket = (NetSocketInternal) tunnel.socket();
    ChannelHandlerContext vertx = socket.channelHandlerContext();
    Channel opened = vertx.channel();
    channel = opened;
    if (promise.future().isComplete()) {
      Wire.cut(opened);
      return;
    }
    if (!opened.isActive()) {
      fail(broken(key));
      return;
    }
    SslHandler tls = maker.tls().handler(opened.alloc(), key.host(), key.port());
    opened.pipeline().addBefore(vertx.name(), null, tls);
    opened.pipeline().addBefore(vertx.name(), null, new Shaking(tunnel, tls));
    tunnel.resume();
  }

  /** Stands behind TLS until it is ready: not a byte that comes after may be missed. */
  private final class Shaking extends ChannelInboundHandlerAdapter {
    private final Tunnel tunnel;
    private final SslHandler tls;

    Shaking(Tunnel tunnel, SslHandler tls) {
      this.tunnel = tunnel;
      this.tls = tls;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
      // with an HTTPS proxy there are two handshakes; the first was over before this one began
      if (!(event instanceof SslHandshakeCompletionEvent done)) {
        super.userEventTriggered(ctx, event);
      } else if (done.isSuccess()) {
        maker.make(tunnel, tls, key).onComplete(this::made, cause -> fail(broken(key)));
      } else {
        fail(tls(message(done.cause()), done.cause()));
      }
    }

    private void made(SecureLink link) {
      timeout.cancel(false);
      if (!promise.tryComplete(link)) {
        link.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      fail(tls("the connection was closed before TLS was ready", null));
      super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(tls(message(cause), cause));
    }
  }

  private static String message(Throwable cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof CertificateException) {
        return "the target's certificate is not trusted: " + one.getMessage();
      }
    }
    return "TLS with the target failed: " + cause.getMessage();
  }

  private DialException tls(String what, @Nullable Throwable cause) {
    // the target's fault, or that of a proxy that reads along: others will tell
    Verdict verdict = Verdict.retry(ErrorClass.TLS, Blame.UNKNOWN);
    String message = "through %s: %s".formatted(key.proxy(), what);
    return new DialException(Phase.TLS, verdict, message, cause);
  }

  static DialException broken(SecureLinks.Key key) {
    return new DialException(
        Phase.TLS,
        Verdict.retry(ErrorClass.CONNECT, Blame.UNKNOWN),
        key.proxy() + " closed the connection before a request was sent",
        null);
  }

  private void fail(Throwable cause) {
    timeout.cancel(false);
    if (promise.tryFail(cause) && channel != null) {
      Wire.cut(channel);
    }
  }
}
