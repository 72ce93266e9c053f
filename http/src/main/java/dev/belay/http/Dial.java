package dev.belay.http;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import dev.belay.http.ProxyAddress.Scheme;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A tunnel being opened. Safe for any number of threads. */
public final class Dial {
  private final TunnelDialer dialer;
  private final ContextInternal context;
  private final EventLoop loop;
  private final ProxyAddress proxy;
  private final Target target;
  private final Promise<Tunnel> promise;

  // only touched on the event loop
  private Phase phase = Phase.RESOLVE_PROXY;
  private boolean over;
  private @Nullable NetSocket socket;
  private @Nullable Handshaker handshaker;
  private @Nullable ScheduledFuture<?> timeout;

  Dial(TunnelDialer dialer, ContextInternal context, ProxyAddress proxy, Target target) {
    this.dialer = dialer;
    this.context = context;
    this.loop = context.nettyEventLoop();
    this.proxy = proxy;
    this.target = target;
    this.promise = context.promise();
  }

  /** The tunnel, or a {@link DialException}. */
  public Future<Tunnel> tunnel() {
    return promise.future();
  }

  /**
   * Gives up at once: the connection is closed and the future fails as cancelled. Does nothing to a
   * dial that is over.
   */
  public void cancel() {
    onLoop(() -> fail(phase, Verdict.CANCELLED, "the dial was cancelled", null));
  }

  void start(Duration limit) {
    onLoop(() -> {
      long nanos = limit.compareTo(Duration.ofDays(1)) > 0 ? 0 : limit.toNanos();
      if (nanos > 0) {
        timeout = loop.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
      }
      begin();
    });
  }

  private void begin() {
    if (target.isNone()) {
      findProxy("");
    } else if (!target.isValid()) {
      Verdict verdict = Verdict.permanent(ErrorClass.REJECTED, Blame.CALLER);
      fail(Phase.RESOLVE_TARGET, verdict, "the target's host or port is malformed", null);
    } else if (proxy.scheme() == Scheme.SOCKS5 || proxy.scheme() == Scheme.SOCKS4) {
      phase = Phase.RESOLVE_TARGET;
      resolve(target.host()).onComplete(this::targetResolved, this::targetUnknown);
    } else {
      findProxy(target.host());
    }
  }

  private void targetResolved(InetAddress address) {
    if (!dialer.mayReach(address)) {
      Verdict verdict = Verdict.permanent(ErrorClass.INVALID, Blame.CALLER);
      fail(phase, verdict, "the target's address is not allowed", null);
    } else if (proxy.scheme() == Scheme.SOCKS4 && address.getAddress().length != 4) {
      Verdict verdict = Verdict.retry(ErrorClass.REJECTED, Blame.CALLER);
      fail(phase, verdict, "SOCKS 4 cannot carry the target's IPv6 address", null);
    } else {
      findProxy(Hosts.text(address));
    }
  }

  private void targetUnknown(Throwable cause) {
    fail(phase, Verdict.retry(ErrorClass.DNS, Blame.TARGET), "the target does not resolve", cause);
  }

  private void findProxy(String targetHost) {
    if (over) {
      return;
    }
    phase = Phase.RESOLVE_PROXY;
    resolve(proxy.host())
        .onComplete(
            address -> connect(address, targetHost),
            cause -> failEndpoint(ErrorClass.DNS, "does not resolve", cause));
  }

  private void connect(InetAddress address, String targetHost) {
    if (over) {
      return;
    }
    phase = Phase.CONNECT;
    InetSocketAddress place = new InetSocketAddress(named(address), proxy.port());
    ConnectOptions options =
        new ConnectOptions().setRemoteAddress(SocketAddress.inetSocketAddress(place)).setSsl(false);
    Promise<NetSocket> connected = context.promise();
    dialer.client().connectInternal(options, connected, context);
    connected
        .future()
        .onComplete(
            found -> connected(found, targetHost),
            cause -> failEndpoint(ErrorClass.CONNECT, "cannot be reached", cause));
  }

  /** The address with the proxy's own name, against which its certificate is verified. */
  private InetAddress named(InetAddress address) {
    try {
      return InetAddress.getByAddress(proxy.host(), address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  private void connected(NetSocket found, String targetHost) {
    socket = found;
    if (over) {
      abort(found);
      return;
    }
    found.setWriteQueueMaxSize(dialer.waterMarkBytes());
    if (proxy.scheme() != Scheme.HTTPS) {
      ask(found, targetHost);
      return;
    }
    phase = Phase.TLS;
    // an address is not a server name
    Future<Void> secured =
        Hosts.isAddress(proxy.host())
            ? found.upgradeToSsl(dialer.tls())
            : found.upgradeToSsl(dialer.tls(), proxy.host());
    secured.onComplete(
        none -> ask(found, targetHost),
        cause -> failEndpoint(ErrorClass.TLS, "does not come through TLS", cause));
  }

  private void ask(NetSocket found, String targetHost) {
    if (over) {
      return;
    }
    if (target.isNone()) {
      opened(found);
      return;
    }
    phase = Phase.HANDSHAKE;
    ChannelHandlerContext vertx = ((NetSocketInternal) found).channelHandlerContext();
    Handshaker asking =
        new Handshaker(proxy, handshake(targetHost), failure -> answered(found, failure));
    handshaker = asking;
    vertx.pipeline().addBefore(vertx.name(), null, asking);
  }

  private Handshake handshake(String host) {
    return switch (proxy.scheme()) {
      case HTTP, HTTPS -> new HttpConnect(proxy, host, target.port(), dialer.time());
      case SOCKS4, SOCKS4A -> new Socks4(proxy, host, target.port());
      case SOCKS5, SOCKS5H -> new Socks5(proxy, host, target.port());
    };
  }

  private void answered(NetSocket found, @Nullable DialException failure) {
    if (failure != null) {
      fail(failure);
    } else {
      opened(found);
    }
  }

  private void opened(NetSocket found) {
    if (end()) {
      promise.complete(new Tunnel(found, proxy));
    }
  }

  private void expire() {
    ErrorClass errorClass =
        switch (phase) {
          case RESOLVE_PROXY, RESOLVE_TARGET -> ErrorClass.DNS;
          case CONNECT -> ErrorClass.CONNECT;
          case TLS -> ErrorClass.TLS;
          case HANDSHAKE -> ErrorClass.TIMEOUT;
        };
    if (phase == Phase.HANDSHAKE && handshaker != null && handshaker.hasAsked()) {
      // the proxy may be waiting for the target
      Verdict verdict = Verdict.retry(errorClass, Blame.UNKNOWN);
      fail(phase, verdict, proxy + " did not open the tunnel in time", null);
    } else if (phase == Phase.RESOLVE_TARGET) {
      fail(phase, Verdict.retry(errorClass, Blame.TARGET), "the target does not resolve", null);
    } else {
      failEndpoint(errorClass, "did not open the tunnel in time", null);
    }
  }

  private void failEndpoint(ErrorClass errorClass, String what, @Nullable Throwable cause) {
    fail(phase, Verdict.retry(errorClass, Blame.ENDPOINT), proxy + " " + what, cause);
  }

  private void fail(Phase phase, Verdict verdict, String message, @Nullable Throwable cause) {
    fail(new DialException(phase, verdict, message, cause));
  }

  private void fail(DialException failure) {
    if (end()) {
      NetSocket found = socket;
      if (found != null) {
        abort(found);
      }
      promise.fail(failure);
    }
  }

  /** Whether this ends the dial, which can end only once. */
  private boolean end() {
    boolean first = !over;
    over = true;
    ScheduledFuture<?> timer = timeout;
    if (timer != null) {
      timer.cancel(false);
    }
    return first;
  }

  /** Straight to the transport: Vert.x and TLS would wait for what is still to be written. */
  private static void abort(NetSocket socket) {
    Wire.cut(((NetSocketInternal) socket).channelHandlerContext().channel());
  }

  private Future<InetAddress> resolve(String host) {
    return Hosts.isAddress(host)
        ? context.succeededFuture(Hosts.literal(host))
        : Future.future(found ->
            dialer
                .vertx()
                .nameResolver()
                .resolve(host)
                .onComplete(result -> context.emit(result, found::handle)));
  }

  private void onLoop(Runnable task) {
    context.emit(none -> task.run());
  }

  /** What the tunnel leads to. */
  record Target(String host, int port) {
    /** The proxy itself: connected, but asked for nothing. */
    static final Target NONE = new Target("", -1);

    boolean isNone() {
      return port < 0;
    }

    boolean isValid() {
      return Hosts.isValid(host) && port >= 1 && port <= 65535;
    }
  }
}
