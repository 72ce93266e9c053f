package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Blame;
import dev.belay.Check;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections that speak HTTP/1.1 to HTTP proxies, and through SOCKS proxies to targets, kept open
 * between requests. Connects only by way of a {@link TunnelDialer}, so never to a target directly,
 * and never tries twice. For one event loop.
 */
public final class HttpLinks {
  private static final int WAITING_FOR_EACH = 10;
  private static final long SWEEP_MILLIS = 1_000;

  /**
   * How many, and for how long. Immutable.
   *
   * @param forEachProxy connections at once to one HTTP proxy, or through one SOCKS proxy to one
   *     target, at least 1; ten times as many requests may wait for one
   * @param idle connections kept in all, at least 0; the one that was used longest ago goes first
   * @param keepAlive how long a connection is kept without a request, more than zero
   * @param silence how long a request may go without a byte either way, more than zero
   */
  public record Limits(int forEachProxy, int idle, Duration keepAlive, Duration silence) {
    /** Rejects limits that allow nothing. */
    public Limits {
      Check.that(forEachProxy >= 1, "forEachProxy must be at least 1, was %d", forEachProxy);
      Check.that(idle >= 0, "idle must be at least 0, was %d", idle);
      Check.that(keepAlive.isPositive(), "keepAlive must be more than 0, was %s", keepAlive);
      Check.that(silence.isPositive(), "silence must be more than 0, was %s", silence);
    }
  }

  /** What connections have to have in common; the host is empty where the proxy itself serves. */
  record Key(ProxyAddress proxy, String host, int port) {}

  private static final class Group {
    private final Deque<HttpLink> idle = new ArrayDeque<>();
    private final Deque<HttpLease> waiting = new ArrayDeque<>();
    private int open;
  }

  private final Vertx vertx;
  private final ContextInternal context;
  private final TunnelDialer dialer;
  private final Limits limits;
  private final HttpLink.Maker maker;
  private final Map<Key, Group> groups = new HashMap<>();

  /** In the order in which they fell idle. */
  private final Set<HttpLink> idle = new LinkedHashSet<>();

  private final long sweeper;
  private boolean closed;

  /** To be used on {@code context} only, which must be one of an event loop. */
  public HttpLinks(Vertx vertx, Context context, TunnelDialer dialer, Limits limits) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.context = (ContextInternal) requireNonNull(context, "context");
    this.dialer = requireNonNull(dialer, "dialer");
    this.limits = requireNonNull(limits, "limits");
    this.maker = new HttpLink.Maker(this.context, dialer, limits);
    this.sweeper = this.context.setPeriodic(SWEEP_MILLIS, none -> sweep());
  }

  /**
   * Asks for a request on a free connection or a new one.
   *
   * @param host of the target; an HTTP proxy is told it in the request, a SOCKS proxy before
   * @param port of the target
   * @param limit for the connection to come about, more than zero and at most a day
   */
  public HttpLease lease(ProxyAddress proxy, String host, int port, Duration limit) {
    Key key = key(proxy, host, port);
    HttpLease lease = new HttpLease(this, key, nanos() + limit.toNanos());
    HttpLink free = takeIdle(key);
    // only now: a group goes when the last of its connections turns out to be dead
    Group group = groups.computeIfAbsent(key, none -> new Group());
    if (free != null) {
      hand(free, lease);
    } else if (group.open < limits.forEachProxy()) {
      dial(group, lease);
    } else if (group.waiting.size() < WAITING_FOR_EACH * limits.forEachProxy()) {
      group.waiting.add(lease);
      lease.waits(
          context
              .nettyEventLoop()
              .schedule(() -> tooLate(lease), limit.toNanos(), TimeUnit.NANOSECONDS));
    } else {
      lease.fail(full());
    }
    return lease;
  }

  private static Key key(ProxyAddress proxy, String host, int port) {
    return proxy.scheme().isHttp() ? new Key(proxy, "", 0) : new Key(proxy, host, port);
  }

  /** Closes the idle connections that such a request would get: one of them was found dead. */
  public void dropIdle(ProxyAddress proxy, String host, int port) {
    Group group = groups.get(key(proxy, host, port));
    if (group != null) {
      List.copyOf(group.idle).forEach(HttpLink::close);
    }
  }

  private void tooLate(HttpLease lease) {
    forget(lease);
    lease.fail(full());
  }

  private static DialException full() {
    Verdict verdict = Verdict.retry(ErrorClass.REJECTED, Blame.CALLER);
    return new DialException(
        Phase.CONNECT, verdict, "as many connections are open as are allowed", null);
  }

  static DialException cancelled() {
    return new DialException(Phase.CONNECT, Verdict.CANCELLED, "the request was cancelled", null);
  }

  /** A lease that waits for a connection waits no more. */
  void forget(HttpLease lease) {
    Group group = groups.get(lease.key());
    if (group != null) {
      group.waiting.remove(lease);
    }
  }

  private @Nullable HttpLink takeIdle(Key key) {
    Group group = groups.get(key);
    if (group == null) {
      return null;
    }
    for (HttpLink link = group.idle.pollLast(); link != null; link = group.idle.pollLast()) {
      idle.remove(link);
      if (link.isFit()) {
        return link;
      }
      link.close();
    }
    return null;
  }

  private void dial(Group group, HttpLease lease) {
    long left = lease.leftNanos();
    if (left <= 0) {
      lease.fail(full());
      return;
    }
    group.open++;
    Key key = lease.key();
    Duration limit = Duration.ofNanos(left);
    Dial dial =
        key.host().isEmpty()
            ? dialer.connect(key.proxy(), limit)
            : dialer.dial(key.proxy(), key.host(), key.port(), limit);
    lease.dials(dial);
    dial.tunnel()
        .compose(tunnel -> maker.make(tunnel, key))
        .onComplete(
            link -> {
              link.wire().onGone(() -> gone(link));
              hand(link, lease);
            },
            cause -> {
              // what was left of its time after the wait says nothing about the proxy
              boolean late = lease.hasWaited() && lease.leftNanos() <= 0;
              lease.fail(late ? full() : cause);
              closed(group, key);
            });
  }

  private void hand(HttpLink link, HttpLease lease) {
    link.wire()
        .request(() -> free(link))
        .onComplete(
            request -> {
              boolean used = link.countUse() > 1;
              if (!lease.complete(request, used)) {
                var unused = request.reset();
              }
            },
            cause -> {
              link.close();
              lease.fail(HttpLink.broken(lease.key().proxy()));
            });
  }

  /** A connection has done with its request. */
  private void free(HttpLink link) {
    Group group = groups.get(link.key());
    if (group == null || closed || !link.isFit()) {
      link.close();
      return;
    }
    HttpLease next = nextWaiting(group);
    if (next != null) {
      hand(link, next);
      return;
    }
    link.wire().fallIdle(nanos());
    group.idle.addLast(link);
    idle.add(link);
    if (idle.size() > limits.idle()) {
      idle.iterator().next().close();
    }
  }

  private static @Nullable HttpLease nextWaiting(Group group) {
    HttpLease next = group.waiting.poll();
    while (next != null && next.isOver()) {
      next = group.waiting.poll();
    }
    return next;
  }

  private void gone(HttpLink link) {
    Group group = groups.get(link.key());
    idle.remove(link);
    if (group != null) {
      group.idle.remove(link);
      closed(group, link.key());
    }
  }

  private void closed(Group group, Key key) {
    group.open--;
    HttpLease next = nextWaiting(group);
    if (next != null) {
      dial(group, next);
    } else if (group.open == 0) {
      groups.remove(key);
    }
  }

  private void sweep() {
    long now = nanos();
    List<HttpLink> old = new ArrayList<>();
    for (HttpLink link : idle) {
      if (now - link.wire().idleSinceNanos() < limits.keepAlive().toNanos()) {
        break;
      }
      old.add(link);
    }
    old.forEach(HttpLink::close);
  }

  long nanos() {
    return dialer.time().nanos();
  }

  /** Connections that are open, for tests and figures. */
  public int open() {
    return groups.values().stream().mapToInt(group -> group.open).sum();
  }

  /** Closes the idle ones now, and stops keeping others. */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(sweeper);
    List.copyOf(idle).forEach(HttpLink::close);
    return Future.succeededFuture();
  }
}
