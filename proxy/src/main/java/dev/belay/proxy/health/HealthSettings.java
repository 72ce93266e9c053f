package dev.belay.proxy.health;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * When proxies are checked, and for what. Immutable.
 *
 * @param schedule when
 * @param probe for what
 */
public record HealthSettings(Schedule schedule, Probe probe) {

  /** No checks but those that are asked for; these only connect. */
  public static final HealthSettings DEFAULT = new HealthSettings(Schedule.DEFAULT, Probe.DEFAULT);

  /** Rejects settings that leave something out. */
  public HealthSettings {
    requireNonNull(schedule, "schedule");
    requireNonNull(probe, "probe");
  }

  /**
   * When proxies are checked.
   *
   * @param active whether they are checked again and again, and not only when somebody asks
   * @param interval the longest time from one check to the next, 100 ms to a day
   * @param jitter share of the interval by which it is cut at random, so that checks do not come in
   *     waves, 0 to 0.9
   * @param parallel checks at once, 1 to 10,000
   * @param failuresToOpen failed checks in a row that open the breaker at once, 1 to 10; up to then
   *     a proxy that failed is checked again after a second, and each failure counts on the breaker
   *     like one of a request
   */
  public record Schedule(
      boolean active, Duration interval, double jitter, int parallel, int failuresToOpen) {

    /** Off; otherwise every 30 s, 10 % jitter, 100 at once, the second failure opens. */
    public static final Schedule DEFAULT = new Schedule(false, Duration.ofSeconds(30), 0.1, 100, 2);

    /** Rejects values out of range. */
    public Schedule {
      Check.that(
          interval.compareTo(Duration.ofMillis(100)) >= 0
              && interval.compareTo(Duration.ofDays(1)) <= 0,
          "health.interval must be 100ms to a day, was %s",
          interval);
      Check.that(jitter >= 0 && jitter <= 0.9, "health.jitter must be 0 to 0.9, was %s", jitter);
      Check.that(
          parallel >= 1 && parallel <= 10_000,
          "health.parallel must be 1 to 10000, was %d",
          parallel);
      Check.that(
          failuresToOpen >= 1 && failuresToOpen <= 10,
          "health.failures_to_open must be 1 to 10, was %d",
          failuresToOpen);
    }
  }

  /**
   * What proxies are checked for.
   *
   * @param level how much
   * @param timeout for one check, above 0 and at most an hour
   * @param url what is fetched at level HTTP, {@code http://…}, or whose certificate is verified at
   *     level HTTPS, {@code https://…}; empty at level TCP
   * @param judge an {@code http://} URL that answers with the request it got and the address it
   *     came from; empty if nobody asks for anonymity
   * @param ownAddresses addresses of ours that a transparent proxy would tell the judge; if empty,
   *     those of this machine's network interfaces
   */
  public record Probe(
      HealthLevel level, Duration timeout, String url, String judge, Set<String> ownAddresses) {

    /** Connects within 5 s. */
    public static final Probe DEFAULT =
        new Probe(HealthLevel.TCP, Duration.ofSeconds(5), "", "", Set.of());

    /** Rejects what cannot be asked. */
    public Probe {
      requireNonNull(level, "level");
      ownAddresses = Set.copyOf(ownAddresses);
      Check.that(
          timeout.isPositive() && timeout.compareTo(Duration.ofHours(1)) <= 0,
          "health.timeout must be above 0 and at most an hour, was %s",
          timeout);
      switch (level) {
        case TCP -> Check.that(url.isEmpty(), "health.url is not for level tcp; take it out");
        case HTTP -> Check.that(isUrl(url, "http"), "health.url must be an http:// URL");
        case HTTPS -> Check.that(isUrl(url, "https"), "health.url must be an https:// URL");
      }
      Check.that(
          judge.isEmpty() || isUrl(judge, "http"), "health.judge must be an http:// URL, or empty");
    }

    /** Without the URLs, which may hold secrets. */
    @Override
    public String toString() {
      return "Probe[level=%s, timeout=%s, judge=%s]"
          .formatted(level, timeout, judge.isEmpty() ? "none" : "hidden");
    }

    private static boolean isUrl(String text, String scheme) {
      return Place.parse(text).filter(place -> place.scheme().equals(scheme)).isPresent();
    }

    /** Where the URL leads; empty at level TCP. */
    Optional<Place> target() {
      return Place.parse(url);
    }

    /** Where the judge is. */
    Optional<Place> judgePlace() {
      return Place.parse(judge);
    }
  }

  /**
   * Where a URL leads.
   *
   * @param host a name or an address without brackets
   * @param port the URL's own, or that of its scheme
   * @param path with the query, {@code /} at least
   */
  record Place(String scheme, String host, int port, String path) {

    /** From a URL without user; empty for anything else. */
    static Optional<Place> parse(String text) {
      try {
        URI uri = new URI(text);
        String host = uri.getHost();
        String scheme = uri.getScheme();
        if (host == null || scheme == null || uri.getRawUserInfo() != null) {
          return Optional.empty();
        }
        String spoken = scheme.toLowerCase(Locale.ROOT);
        int port = uri.getPort() > 0 ? uri.getPort() : spoken.equals("https") ? 443 : 80;
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return port <= 65535
            ? Optional.of(new Place(spoken, bare, port, path(uri)))
            : Optional.empty();
      } catch (URISyntaxException notOne) {
        return Optional.empty();
      }
    }

    private static String path(URI uri) {
      String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** As it stands in {@code Host}. */
    String authority() {
      String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      return port == 80 ? name : name + ":" + port;
    }
  }
}
