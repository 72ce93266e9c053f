package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetClientInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Opens tunnels through proxies. It never connects to a target directly, and never tries twice.
 * Safe for any number of threads; each dial stays on the context that asked for it.
 */
public final class TunnelDialer {
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int WATER_MARK_BYTES = 256 * 1024;

  private final VertxInternal vertx;
  private final NetClientInternal client;
  private final ClientSSLOptions tls;
  private final Time time;
  private final Predicate<InetAddress> mayReach;

  /** One that trusts the certificates which Java trusts. */
  public TunnelDialer(Vertx vertx, Time time) {
    this(vertx, time, new ClientSSLOptions());
  }

  /**
   * One with its own idea of whom to trust.
   *
   * @param time also to read dates in a proxy's refusal
   * @param tls how to verify HTTPS proxies; their host names are verified whatever it says, unless
   *     it trusts everybody
   */
  public TunnelDialer(Vertx vertx, Time time, ClientSSLOptions tls) {
    this(vertx, time, tls, address -> true);
  }

  /**
   * One that does not go everywhere.
   *
   * @param tls how to verify HTTPS proxies; their host names are verified whatever it says, unless
   *     it trusts everybody
   * @param mayReach asked about the address of a target whose name is looked up here, because its
   *     proxy wants an address; safe for any number of threads
   */
  public TunnelDialer(
      Vertx vertx, Time time, ClientSSLOptions tls, Predicate<InetAddress> mayReach) {
    this.vertx = (VertxInternal) requireNonNull(vertx, "vertx");
    this.time = requireNonNull(time, "time");
    this.mayReach = requireNonNull(mayReach, "mayReach");
    // a dial has its own limit over all; this one must only not be shorter
    this.tls = tls.copy().setSslHandshakeTimeout(1).setSslHandshakeTimeoutUnit(TimeUnit.HOURS);
    if (!tls.isTrustAll()) {
      this.tls.setHostnameVerificationAlgorithm("HTTPS");
    }
    NetClientOptions options =
        new NetClientOptions()
            .setReconnectAttempts(0)
            .setConnectTimeout((int) LONGEST.toMillis())
            .setTcpNoDelay(true);
    this.client = (NetClientInternal) vertx.createNetClient(options);
  }

  /**
   * Starts to open a tunnel to {@code host:port}. The future fails with {@link DialException} only.
   *
   * @param host a name, an IPv4 address, or an IPv6 address without brackets
   * @param port 1 to 65535
   * @param limit for everything together, more than zero and at most a day
   */
  public Dial dial(ProxyAddress proxy, String host, int port, Duration limit) {
    requireNonNull(host, "host");
    return dial(proxy, new Dial.Target(host, Math.max(0, port)), limit);
  }

  /**
   * Starts to connect to the proxy itself, with TLS if it wants that, and asks it for nothing. The
   * future fails with {@link DialException} only.
   *
   * @param limit for everything together, more than zero and at most a day
   */
  public Dial connect(ProxyAddress proxy, Duration limit) {
    return dial(proxy, Dial.Target.NONE, limit);
  }

  private Dial dial(ProxyAddress proxy, Dial.Target target, Duration limit) {
    requireNonNull(proxy, "proxy");
    Check.that(
        limit.isPositive() && limit.compareTo(LONGEST) <= 0,
        "limit must be more than 0 and at most a day, was %s",
        limit);
    ContextInternal current = vertx.getOrCreateContext();
    ContextInternal context =
        current.isEventLoopContext() ? current : vertx.createEventLoopContext();
    Dial dial = new Dial(this, context, proxy, target);
    dial.start(limit);
    return dial;
  }

  /** Closes every tunnel that it opened. */
  public Future<Void> close() {
    return client.close();
  }

  VertxInternal vertx() {
    return vertx;
  }

  NetClientInternal client() {
    return client;
  }

  ClientSSLOptions tls() {
    return tls;
  }

  Time time() {
    return time;
  }

  boolean mayReach(InetAddress target) {
    return mayReach.test(target);
  }

  int waterMarkBytes() {
    return WATER_MARK_BYTES;
  }
}
