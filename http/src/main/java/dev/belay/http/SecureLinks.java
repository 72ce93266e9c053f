package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Time;
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
 * Connections that speak HTTP to targets inside TLS, through proxies of any kind, kept open between
 * requests. A connection that speaks HTTP/2 carries many requests at once. Connects only by way of
 * a {@link TunnelDialer}, so never to a target directly, and never tries twice. For one event loop.
 */
public final class SecureLinks {
  private static final int WAITING_FOR_EACH = 10;
  private static final long SWEEP_MILLIS = 1_000;

  /** What connections have to have in common. */
  record Key(ProxyAddress proxy, String host, int port) {}

  /** All that leads through one proxy to one target. */
  private static final class Group {
    private final List<SecureLink> links = new ArrayList<>();
    private final Deque<SecureLease> waiting = new ArrayDeque<>();
    private final Deque<SecureDial> dials = new ArrayDeque<>();

    /** What the latest connection could carry at once; 0 while there was none. */
    private int capacity;

    @Nullable SecureLink free() {
      // the one that was used last: the others grow old and are closed
      for (int i = links.size() - 1; i >= 0; i--) {
        if (links.get(i).isFit()) {
          return links.get(i);
        }
      }
      return null;
    }

    @Nullable SecureLease nextWaiting() {
      SecureLease next = waiting.poll();
      while (next != null && next.isOver()) {
        next = waiting.poll();
      }
      return next;
    }

    /** Until it is known that a connection carries one request only, one dial does for all. */
    boolean wantsDial() {
      return capacity == 1 ? dials.size() < waiting.size() : dials.isEmpty() && !waiting.isEmpty();
    }

    boolean isEmpty() {
      return links.isEmpty() && dials.isEmpty() && waiting.isEmpty();
    }
  }

  private final Vertx vertx;
  private final ContextInternal context;
  private final Time time;
  private final HttpLinks.Limits limits;
  private final SecureLink.Maker maker;
  private final Map<Key, Group> groups = new HashMap<>();

  /** In the order in which they fell idle. */
  private final Set<SecureLink> idle = new LinkedHashSet<>();

  private final long sweeper;
  private boolean closed;

  /**
   * To be used on {@code context} only, which must be one of an event loop.
   *
   * @param tls how to speak TLS to targets, and whom to trust
   * @param limits connections count for each proxy and target together
   */
  public SecureLinks(
      Vertx vertx, Context context, TunnelDialer dialer, TargetTls tls, HttpLinks.Limits limits) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.context = (ContextInternal) requireNonNull(context, "context");
    this.time = dialer.time();
    this.limits = requireNonNull(limits, "limits");
    this.maker = new SecureLink.Maker(this.context, dialer, tls, limits);
    this.sweeper = this.context.setPeriodic(SWEEP_MILLIS, none -> sweep());
  }

  /**
   * Asks for a request on a connection that has room, or on a new one.
   *
   * @param host of the target
   * @param port of the target
   * @param limit for the connection to come about, more than zero and at most a day
   */
  public SecureLease lease(ProxyAddress proxy, String host, int port, Duration limit) {
    Key key = new Key(proxy, host, port);
    SecureLease lease = new SecureLease(this, key, nanos() + limit.toNanos());
    Group group = groups.computeIfAbsent(key, none -> new Group());
    SecureLink free = group.free();
    if (closed) {
      lease.fail(HttpLinks.cancelled());
    } else if (free != null) {
      hand(group, free, lease);
    } else if (group.waiting.size() >= WAITING_FOR_EACH * limits.forEachProxy()) {
      lease.fail(full());
    } else {
      wait(group, lease, limit);
    }
    return lease;
  }

  private void wait(Group group, SecureLease lease, Duration limit) {
    group.waiting.add(lease);
    dialIfWanted(group, lease.key());
    if (!lease.isOver()) {
      boolean everythingIsBusy = group.dials.isEmpty();
      lease.waits(
          context
              .nettyEventLoop()
              .schedule(() -> tooLate(group, lease), limit.toNanos(), TimeUnit.NANOSECONDS),
          everythingIsBusy);
    }
  }

  /** Closes the idle connections that such a request would get: one of them was found dead. */
  public void dropIdle(ProxyAddress proxy, String host, int port) {
    Group group = groups.get(new Key(proxy, host, port));
    if (group != null) {
      List.copyOf(group.links).stream()
          .filter(link -> link.active() == 0)
          .forEach(SecureLink::close);
    }
  }

  private void tooLate(Group group, SecureLease lease) {
    boolean wasReachable = !group.links.isEmpty();
    forget(lease);
    lease.fail(wasReachable ? full() : notInTime(lease.key().proxy()));
  }

  private static DialException full() {
    Verdict verdict = Verdict.retry(ErrorClass.REJECTED, Blame.CALLER);
    return new DialException(
        Phase.CONNECT, verdict, "as many connections are open as are allowed", null);
  }

  private static DialException notInTime(ProxyAddress proxy) {
    Verdict verdict = Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT);
    return new DialException(Phase.CONNECT, verdict, proxy + " was not reached in time", null);
  }

  /** A lease that waits for a connection waits no more, and what was dialled for it is ended. */
  void forget(SecureLease lease) {
    Group group = groups.get(lease.key());
    if (group != null && group.waiting.remove(lease)) {
      while (group.dials.size() > group.waiting.size()) {
        group.dials.removeLast().cancel();
      }
      tidy(group, lease.key());
    }
  }

  private void dialIfWanted(Group group, Key key) {
    while (!closed
        && group.wantsDial()
        && group.links.size() + group.dials.size() < limits.forEachProxy()) {
      long left = longestWait(group);
      if (left <= 0) {
        return; // whoever waits is told so in a moment
      }
      SecureDial dial = new SecureDial(maker, key, Duration.ofNanos(left));
      group.dials.add(dial);
      dial.link()
          .onComplete(link -> opened(group, dial, link), cause -> failed(group, dial, key, cause));
    }
  }

  private static long longestWait(Group group) {
    return group.waiting.stream().mapToLong(SecureLease::leftNanos).max().orElse(0);
  }

  private void opened(Group group, SecureDial dial, SecureLink link) {
    if (!group.dials.remove(dial) || closed) {
      link.close();
      return;
    }
    group.capacity = link.capacity();
    group.links.add(link);
    link.wire().onGone(() -> gone(group, link));
    serve(group, link);
    dialIfWanted(group, link.key());
  }

  /** What one dial met, others that wait for the same would meet as well. */
  private void failed(Group group, SecureDial dial, Key key, Throwable cause) {
    if (!group.dials.remove(dial)) {
      return; // cancelled
    }
    boolean sharesDial = group.capacity != 1;
    SecureLease next = group.nextWaiting();
    List<SecureLease> concerned = new ArrayList<>();
    while (next != null) {
      concerned.add(next);
      next = sharesDial ? group.nextWaiting() : null;
    }
    concerned.forEach(lease -> lease.fail(cause));
    dialIfWanted(group, key);
    tidy(group, key);
  }

  private void serve(Group group, SecureLink link) {
    while (link.isFit()) {
      SecureLease next = group.nextWaiting();
      if (next == null) {
        break;
      }
      hand(group, link, next);
    }
    rest(link);
  }

  private void hand(Group group, SecureLink link, SecureLease lease) {
    idle.remove(link);
    boolean used = link.begin();
    link.wire()
        .request(() -> done(group, link))
        .onComplete(
            request -> {
              if (!lease.complete(request, used, link)) {
                var unused = request.reset();
              }
            },
            cause -> {
              link.close();
              lease.fail(SecureDial.broken(link.key()));
            });
  }

  /** A connection has done with one of its requests. */
  private void done(Group group, SecureLink link) {
    link.end();
    if (closed || !link.isUsable()) {
      if (link.active() == 0) {
        link.close();
      }
    } else {
      serve(group, link);
    }
  }

  private void rest(SecureLink link) {
    if (link.active() == 0 && link.isUsable()) {
      link.wire().fallIdle(nanos());
      idle.remove(link);
      idle.add(link);
      if (idle.size() > limits.idle()) {
        idle.iterator().next().close();
      }
    }
  }

  private void gone(Group group, SecureLink link) {
    idle.remove(link);
    if (group.links.remove(link)) {
      dialIfWanted(group, link.key());
      tidy(group, link.key());
    }
  }

  private void tidy(Group group, Key key) {
    if (group.isEmpty()) {
      groups.remove(key, group);
    }
  }

  private void sweep() {
    long now = nanos();
    List<SecureLink> old = new ArrayList<>();
    for (SecureLink link : idle) {
      if (now - link.wire().idleSinceNanos() < limits.keepAlive().toNanos()) {
        break;
      }
      old.add(link);
    }
    old.forEach(SecureLink::close);
  }

  /** Connections that are open or being opened, for tests and figures. */
  public int open() {
    return groups.values().stream()
        .mapToInt(group -> group.links.size() + group.dials.size())
        .sum();
  }

  long nanos() {
    return time.nanos();
  }

  /** Closes the idle ones now, and stops keeping others. */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(sweeper);
    List.copyOf(idle).forEach(SecureLink::close);
    return Future.succeededFuture();
  }
}
