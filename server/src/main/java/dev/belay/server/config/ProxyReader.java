package dev.belay.server.config;

import dev.belay.Recovery;
import dev.belay.RetryPolicy;
import dev.belay.http.ReplayBody;
import dev.belay.http.RequestGuard;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.ProxySettings.Access;
import dev.belay.proxy.ProxySettings.Limits;
import dev.belay.proxy.ProxySettings.Listen;
import dev.belay.proxy.ProxySettings.Timeouts;
import dev.belay.select.Strategies;
import dev.belay.server.config.BelayConfig.Proxy;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code proxy}, all but its pool. */
final class ProxyReader {
  private static final Range<Integer> COUNT = Range.of(1, 1_000_000);
  private static final Range<Long> HEAD_BYTES = Range.of(64L, 1L << 20);
  private static final Range<Long> BODY_BYTES = Range.of(0L, 1L << 30);
  private static final Range<Long> SPOOL_BYTES = Range.of(0L, 1L << 40);
  private static final Range<Duration> TO_A_DAY = Range.above(Duration.ZERO, Duration.ofHours(24));

  private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");
  private static final Pattern DIRECTORY = Pattern.compile("[^\\x00-\\x1f]{1,1024}");

  /** Basic authentication ends the name at a colon, SOCKS 5 counts to 255. */
  private static final Pattern USER = Pattern.compile("[^\\x00-\\x1f\\x7f:]{1,255}");

  private static final Pattern PASSWORD = Pattern.compile("[^\\x00-\\x1f\\x7f]{1,255}");

  private ProxyReader() {}

  static Proxy read(Section section, Map<String, RetryPolicy> policies) {
    ProxySettings from = ProxySettings.DEFAULT;
    Access access = access(section, from.access());
    Listen listen = listen(section, access, from.listen());
    Limits limits = limits(section, from.limits());
    Timeouts timeouts = timeouts(section, from.timeouts());
    Set<String> methods =
        Set.copyOf(
            section.list(
                "retry_methods",
                "methods of HTTP",
                place -> place.text(METHOD, "a method of HTTP in upper case"),
                List.copyOf(from.retryMethods())));
    Choice choice = choice(section, Choice.DEFAULT);
    var pool = PoolReader.read(section);
    BelayConfig.Upkeep upkeep = upkeep(section);
    section.close();
    ProxySettings settings =
        section.build(
            () -> new ProxySettings(listen, access, limits, timeouts, policies, methods), from);
    return new Proxy(settings, choice, pool, upkeep);
  }

  private static Choice choice(Section section, Choice from) {
    String strategy = section.oneOf("strategy", Strategies.names(), from.strategy());
    isFor("best-recent", strategy, section, "exploration");
    isFor("cost-aware", strategy, section, "max_cost");
    Range<Duration> ttl = Range.above(Duration.ZERO, Choice.LONGEST_SESSION);
    return new Choice(
        strategy,
        section.number("exploration", Range.of(0.0, 1.0), from.exploration()),
        section.number("max_cost", Range.of(0.0, 1e9), from.maxCost()),
        section.length("session_ttl", ttl, from.sessionTtl()),
        section.whole("max_sessions", Range.of(1, Choice.MOST_SESSIONS), from.maxSessions()));
  }

  private static void isFor(String strategy, String chosen, Section section, String key) {
    if (section.has(key) && !chosen.equals(strategy)) {
      section.wrong(key, "is for the strategy %s only; it is %s here".formatted(strategy, chosen));
    }
  }

  private static BelayConfig.Upkeep upkeep(Section section) {
    Recovery from = Recovery.OFF;
    Range<Duration> slowStart = Range.of(Duration.ZERO, Duration.ofHours(1));
    Recovery recovery =
        new Recovery(
            section.length("slow_start", slowStart, from.slowStart()),
            section.number("max_ejection", Range.above(0.0, 1.0), from.maxEjection()));
    return new BelayConfig.Upkeep(
        recovery, HealthReader.read(section.section("health")), SourceReader.read(section));
  }

  private static Listen listen(Section section, Access access, Listen from) {
    String host = section.text("host", ControlReader.HOST, ControlReader.HOST_FORM, from.host());
    int port = section.whole("port", ControlReader.PORT, from.port());
    int socksPort = section.whole("socks_port", ControlReader.PORT, from.socksPort());
    if (!Loopback.is(host) && access.users().isEmpty()) {
      section.wrong(
          "host",
          "is %s, which others can reach: add proxy.users, or use 127.0.0.1".formatted(host));
      return new Listen(from.host(), port, socksPort);
    }
    return new Listen(host, port, socksPort);
  }

  private static Access access(Section section, Access from) {
    Section users = section.section("users");
    Map<String, String> passwords = new LinkedHashMap<>();
    for (String user : users.keys()) {
      if (!USER.matcher(user).matches()) {
        users.wrong(user, "a user's name must be 1 to 255 characters, no ':' among them");
      }
      String password =
          users.secret(user, PASSWORD, "a password of 1 to 255 characters as text", "");
      passwords.put(user, password);
    }
    return new Access(passwords, section.yesNo("allow_private", from.allowPrivate()));
  }

  private static Limits limits(Section section, Limits from) {
    return new Limits(
        section.whole("max_connections", COUNT, from.connections()),
        section.whole("max_connections_per_client", COUNT, from.connectionsPerClient()),
        section.whole("max_upstream_connections", COUNT, from.upstreamConnections()),
        new RequestGuard.Limits(
            Math.toIntExact(section.size("max_head_size", HEAD_BYTES, from.head().headBytes())),
            section.whole("max_headers", Range.of(1, 10_000), from.head().headers())),
        body(section, from.body()));
  }

  private static ReplayBody.Limits body(Section section, ReplayBody.Limits from) {
    long memory = section.size("body_memory", BODY_BYTES, from.memoryBytes());
    long total = section.size("body_total", SPOOL_BYTES, Math.max(memory, from.totalBytes()));
    Path directory =
        Path.of(
            section.text("body_directory", DIRECTORY, "a directory", from.directory().toString()));
    if (total < memory) {
      section.wrong(
          "body_total",
          "must be at least body_memory, which is %d bytes; was %d".formatted(memory, total));
      return from;
    }
    return new ReplayBody.Limits(Math.toIntExact(memory), total, directory);
  }

  private static Timeouts timeouts(Section section, Timeouts from) {
    return new Timeouts(
        section.length("connect_timeout", TO_A_DAY, from.connect()),
        section.length("answer_timeout", TO_A_DAY, from.answer()),
        section.length("head_timeout", TO_A_DAY, from.head()),
        section.length("idle_timeout", TO_A_DAY, from.idle()),
        section.length("transfer_timeout", TO_A_DAY, from.transfer()),
        section.length("drain_timeout", TO_A_DAY, from.drain()));
  }
}
