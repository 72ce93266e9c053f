package dev.belay.server.config;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerPolicy;
import dev.belay.Check;
import dev.belay.Recovery;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.health.HealthSettings;
import dev.belay.proxy.source.SourceSettings;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that {@code belay.yaml} says, as the objects that the rooms of the house take. Immutable,
 * safe for any number of threads. Its text shows no token and no password.
 *
 * @param control where the control API listens
 * @param store where the server remembers
 * @param breaker when a proxy is left alone
 * @param budget how many retries there may be at all
 * @param policies by name, in the order in which they were written: {@code default}, those that
 *     come with Belay, those of the file
 * @param proxy the forward proxy
 * @param llm the gateway to models
 * @param flow plans that are carried out
 * @param chaos systems that are searched for the faults that break them
 */
public record BelayConfig(
    Control control,
    Store store,
    BreakerPolicy breaker,
    Budget budget,
    Map<String, RetryPolicy> policies,
    Proxy proxy,
    LlmConfig llm,
    FlowConfig flow,
    ChaosConfig chaos) {

  /** What holds without a file. */
  public static final BelayConfig DEFAULT = ConfigReader.read("", "built in", Map.of());

  /** Rejects a configuration without a default policy. */
  public BelayConfig {
    requireNonNull(control, "control");
    requireNonNull(store, "store");
    requireNonNull(breaker, "breaker");
    requireNonNull(budget, "budget");
    requireNonNull(proxy, "proxy");
    requireNonNull(llm, "llm");
    requireNonNull(flow, "flow");
    requireNonNull(chaos, "chaos");
    policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
    Check.that(policies.containsKey("default"), "policies must hold one that is named default");
  }

  /**
   * Reads a file: UTF-8, at most 1 MB. Keeps nothing, so that it can be read again at any time.
   *
   * @param environment the variables that the file may use
   * @throws ConfigException that names everything that is wrong with it
   */
  public static BelayConfig load(Path file, Map<String, String> environment) {
    return ConfigReader.read(ConfigFile.read(file), file.toString(), environment);
  }

  /**
   * Reads a text.
   *
   * @param name what messages call it
   * @param environment the variables that the text may use
   * @throws ConfigException that names everything that is wrong with it
   */
  public static BelayConfig parse(String text, String name, Map<String, String> environment) {
    return ConfigReader.read(text, name, environment);
  }

  /** The same on other ports, where they are given: 0 (any free one) to 65535. */
  public BelayConfig withPorts(
      Optional<Integer> controlPort, Optional<Integer> proxyPort, Optional<Integer> socksPort) {
    ProxySettings.Listen listen = proxy.settings().listen();
    ProxySettings.Listen changed =
        new ProxySettings.Listen(
            listen.host(), proxyPort.orElse(listen.port()), socksPort.orElse(listen.socksPort()));
    Control moved =
        new Control(
            control.host(),
            controlPort.orElse(control.port()),
            control.token(),
            control.strictStatusCodes());
    Proxy proxied =
        new Proxy(
            proxy.settings().withListen(changed), proxy.choice(), proxy.pool(), proxy.upkeep());
    return new BelayConfig(moved, store, breaker, budget, policies, proxied, llm, flow, chaos);
  }

  /** The same with the gateway on another port, if one is given: 0 (any free one) to 65535. */
  public BelayConfig withLlmPort(Optional<Integer> port) {
    return new BelayConfig(
        control, store, breaker, budget, policies, proxy, llm.withPort(port), flow, chaos);
  }

  /** The policy that holds where none is named. */
  public RetryPolicy retry() {
    return requireNonNull(policies.get("default"), "default");
  }

  /**
   * Where the control API listens: REST, metrics, dashboard.
   *
   * @param host an address of this machine; others than loopback need a token
   * @param port 0 (any free one) to 65535
   * @param token what a client must bring, in visible ASCII; empty if it needs none
   * @param strictStatusCodes whether the API takes no other {@code retry_status_codes} than the
   *     contract it was made after: 500 to 599
   */
  public record Control(String host, int port, String token, boolean strictStatusCodes) {
    /** One that takes all statuses that a policy may have. */
    public Control(String host, int port, String token) {
      this(host, port, token, false);
    }

    /** Rejects an open door without a lock. */
    public Control {
      Check.that(!host.isBlank(), "control.host must not be empty");
      Check.that(port >= 0 && port <= 65535, "control.port must be 0 to 65535, was %d", port);
      Check.that(
          token.chars().allMatch(c -> c > ' ' && c < 0x7f),
          "control.token must be visible ASCII without spaces");
      Check.that(
          Loopback.is(host) || !token.isEmpty(),
          "control.host is %s, which others can reach: add control.token, or use 127.0.0.1",
          host);
    }

    @Override
    public String toString() {
      return "Control[host=%s, port=%d, token=%s, strictStatusCodes=%s]"
          .formatted(host, port, token.isEmpty() ? "none" : "hidden", strictStatusCodes);
    }
  }

  /**
   * Where the server remembers what must outlive it.
   *
   * @param url {@code sqlite:} and a file, or {@code postgresql://…}; may hold a password
   * @param instance the name under which this server writes, so that several can share a database
   * @param history how long hourly counts are kept, 24 h to 90 d
   * @param warmStart whether breakers that were open before a restart are half-open after it
   */
  public record Store(String url, String instance, Duration history, boolean warmStart) {
    /** Rejects values out of range. */
    public Store {
      Check.that(
          ControlReader.STORE_URL.matcher(url).matches(),
          "store.url must be " + ControlReader.STORE_URL_FORM);
      Check.that(
          ControlReader.INSTANCE.matcher(instance).matches(),
          "store.instance must be " + ControlReader.INSTANCE_FORM);
      Check.that(
          ControlReader.HISTORY.contains(history),
          "store.history must be 24h to 90d, was %s",
          history);
    }

    /** The defaults at another place. */
    public static Store at(String url) {
      return new Store(url, "belay", Duration.ofDays(7), false);
    }

    /** {@code sqlite} or {@code postgresql}. */
    public String kind() {
      return url.substring(0, url.indexOf(':'));
    }

    @Override
    public String toString() {
      return "Store[%s, instance=%s, history=%s, warmStart=%s]"
          .formatted(kind(), instance, history, warmStart);
    }
  }

  /**
   * How many retries and hedges there may be; see {@link RetryBudget#of}.
   *
   * @param share tokens that each call puts in, 0 to 10
   * @param reservePerSecond tokens that trickle in besides, 0 to 1,000,000
   * @param capacity the most it holds, 1 to 1,000,000
   */
  public record Budget(double share, double reservePerSecond, int capacity) {
    /** One retry for each call, ten a second besides, at most 1000 saved up. */
    public static final Budget DEFAULT = new Budget(1, 10, 1_000);

    /** Rejects values out of range. */
    public Budget {
      Check.that(share >= 0 && share <= 10, "budget share must be 0 to 10, was %s", share);
      Check.that(
          reservePerSecond >= 0 && reservePerSecond <= 1e6,
          "budget reserve must be 0 to 1000000 a second, was %s",
          reservePerSecond);
      Check.that(
          capacity >= 1 && capacity <= 1_000_000,
          "budget capacity must be 1 to 1000000 tokens, was %d",
          capacity);
    }

    /** A full bucket of this size. */
    public RetryBudget on(Time time) {
      return RetryBudget.of(share, reservePerSecond, capacity, time);
    }
  }

  /**
   * The forward proxy.
   *
   * @param settings how it behaves
   * @param choice how one of the pool is chosen
   * @param pool where requests go on to, in order; may be empty
   * @param upkeep what keeps the pool full and healthy
   */
  public record Proxy(
      ProxySettings settings, Choice choice, List<UpstreamPool.Entry> pool, Upkeep upkeep) {
    /** Keeps a copy. */
    public Proxy {
      requireNonNull(settings, "settings");
      requireNonNull(choice, "choice");
      requireNonNull(upkeep, "upkeep");
      pool = List.copyOf(pool);
    }
  }

  /**
   * What keeps a pool full and healthy.
   *
   * @param recovery how proxies are treated that failed lately
   * @param health when proxies are checked, and for what
   * @param sources where further proxies come from, in order
   */
  public record Upkeep(Recovery recovery, HealthSettings health, List<SourceSettings> sources) {

    /** No slow start, no checks, no sources. */
    public static final Upkeep DEFAULT =
        new Upkeep(Recovery.OFF, HealthSettings.DEFAULT, List.of());

    /** Keeps a copy. */
    public Upkeep {
      requireNonNull(recovery, "recovery");
      requireNonNull(health, "health");
      sources = List.copyOf(sources);
    }
  }
}
