package dev.belay.proxy;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.RetryPolicy;
import dev.belay.http.ReplayBody;
import dev.belay.http.RequestGuard;
import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How the forward proxy behaves. Immutable.
 *
 * @param listen where clients connect
 * @param access who may use it, and for what
 * @param limits how much of everything
 * @param timeouts how long things may take
 * @param policies that a client may ask for by name; {@code default} is the one it gets otherwise
 * @param retryMethods methods in upper case that may be tried again although the target may have
 *     acted on them
 */
public record ProxySettings(
    Listen listen,
    Access access,
    Limits limits,
    Timeouts timeouts,
    Map<String, RetryPolicy> policies,
    Set<String> retryMethods) {

  /** PUT is left out on purpose: it is idempotent by its definition, and often not in fact. */
  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "DELETE");

  /** Loopback, ports 8118 and 8119, the policies that come with Belay. */
  public static final ProxySettings DEFAULT =
      new ProxySettings(
          new Listen("127.0.0.1", 8118, 8119),
          new Access(Map.of(), false),
          Limits.DEFAULT,
          Timeouts.DEFAULT,
          Policies.presets(),
          REPEATABLE);

  /** Rejects settings without a default policy, and an open door without a lock. */
  public ProxySettings {
    requireNonNull(listen, "listen");
    requireNonNull(access, "access");
    requireNonNull(limits, "limits");
    requireNonNull(timeouts, "timeouts");
    policies = Map.copyOf(policies);
    retryMethods = Set.copyOf(retryMethods);
    Check.that(policies.containsKey("default"), "policies must hold one that is named default");
    Check.that(
        listen.isLoopback() || !access.users().isEmpty(),
        "proxy.host is %s, which others can reach: add proxy.users, or use 127.0.0.1",
        listen.host());
  }

  /**
   * Where clients connect.
   *
   * @param host an address of this machine; others than loopback need users
   * @param port for HTTP, 0 (any free one) to 65535
   * @param socksPort for SOCKS, 0 (any free one) to 65535
   */
  public record Listen(String host, int port, int socksPort) {
    /** Rejects what is no port. */
    public Listen {
      Check.that(!host.isBlank(), "proxy.host must not be empty");
      Check.that(port >= 0 && port <= 65535, "proxy.port must be 0 to 65535, was %d", port);
      Check.that(
          socksPort >= 0 && socksPort <= 65535,
          "proxy.socks_port must be 0 to 65535, was %d",
          socksPort);
    }

    boolean isLoopback() {
      // a name like 127.example.com is not ours
      return host.equals("localhost")
          || host.equals("::1")
          || (host.startsWith("127.") && NetUtil.isValidIpV4Address(host));
    }
  }

  /**
   * Who may use it, and for what.
   *
   * @param users names and passwords; empty lets everybody in
   * @param allowPrivate whether targets on loopback, link-local and private addresses are allowed
   */
  public record Access(Map<String, String> users, boolean allowPrivate) {
    /** Keeps a copy. */
    public Access {
      users = Map.copyOf(users);
    }

    @Override
    public String toString() {
      return "Access[users=%s, allowPrivate=%s]".formatted(users.keySet(), allowPrivate);
    }
  }

  /**
   * How much of everything; what is over a limit gets 503 at once.
   *
   * @param connections of clients at once, at least 1
   * @param connectionsPerClient from one address at once, at least 1
   * @param upstreamConnections to one proxy at once, for each event loop, at least 1
   * @param head of a request
   * @param body of a request, as far as it is kept for another attempt
   */
  public record Limits(
      int connections,
      int connectionsPerClient,
      int upstreamConnections,
      RequestGuard.Limits head,
      ReplayBody.Limits body) {

    /** 10,000 connections, 1 MB of a body in memory and 64 MB in all. */
    public static final Limits DEFAULT =
        new Limits(
            10_000,
            10_000,
            1_024,
            RequestGuard.Limits.DEFAULT,
            new ReplayBody.Limits(
                1 << 20, 64L << 20, Path.of(System.getProperty("java.io.tmpdir"), "belay-bodies")));

    /** Rejects limits that let nobody in. */
    public Limits {
      requireNonNull(head, "head");
      requireNonNull(body, "body");
      Check.that(connections >= 1, "max_connections must be at least 1, was %d", connections);
      Check.that(
          connectionsPerClient >= 1,
          "max_connections_per_client must be at least 1, was %d",
          connectionsPerClient);
      Check.that(
          upstreamConnections >= 1,
          "max_upstream_connections must be at least 1, was %d",
          upstreamConnections);
    }
  }

  /**
   * How long things may take; each above 0 and at most a day.
   *
   * @param connect to reach a proxy, with TLS and handshake
   * @param answer until the head of an answer, where the policy sets no attempt timeout
   * @param head until a client has sent the head of its request
   * @param idle without a byte either way on a connection or tunnel
   * @param transfer from the head of an answer to its end, and of a tunnel, however busy it is
   * @param drain for what is under way when the proxy stops
   */
  public record Timeouts(
      Duration connect,
      Duration answer,
      Duration head,
      Duration idle,
      Duration transfer,
      Duration drain) {

    /**
     * 10 s to connect, 60 s for an answer, 10 s for a head, 5 min idle, a day to transfer, 10 s to
     * drain.
     */
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ofDays(1),
            Duration.ofSeconds(10));

    /** Rejects what is no limit. */
    public Timeouts {
      check("connect_timeout", connect);
      check("answer_timeout", answer);
      check("head_timeout", head);
      check("idle_timeout", idle);
      check("transfer_timeout", transfer);
      check("drain_timeout", drain);
    }

    private static void check(String name, Duration length) {
      Check.that(
          length.isPositive() && length.compareTo(Duration.ofDays(1)) <= 0,
          "%s must be above 0 and at most a day, was %s",
          name,
          length);
    }
  }

  /** The same, listening elsewhere. */
  public ProxySettings withListen(Listen listen) {
    return new ProxySettings(listen, access, limits, timeouts, policies, retryMethods);
  }

  /** The same for others, or for other targets. */
  public ProxySettings withAccess(Access access) {
    return new ProxySettings(listen, access, limits, timeouts, policies, retryMethods);
  }

  /** The same within other limits. */
  public ProxySettings withLimits(Limits limits) {
    return new ProxySettings(listen, access, limits, timeouts, policies, retryMethods);
  }

  /** The same at another pace. */
  public ProxySettings withTimeouts(Timeouts timeouts) {
    return new ProxySettings(listen, access, limits, timeouts, policies, retryMethods);
  }

  /** The same under other policies. */
  public ProxySettings withPolicies(Map<String, RetryPolicy> policies) {
    return new ProxySettings(listen, access, limits, timeouts, policies, retryMethods);
  }

  /** The same with other methods that may be tried again. */
  public ProxySettings withRetryMethods(Set<String> retryMethods) {
    return new ProxySettings(listen, access, limits, timeouts, policies, retryMethods);
  }
}
