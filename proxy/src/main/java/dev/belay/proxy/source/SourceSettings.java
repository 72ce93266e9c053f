package dev.belay.proxy.source;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Where a list of proxies comes from. Immutable; its text shows no secret. */
public sealed interface SourceSettings {

  /** What messages call it; different for each source. */
  String name();

  /** What holds for its proxies. */
  ListRules rules();

  /**
   * A file, which is watched.
   *
   * @param path may not be there yet
   */
  record OfFile(String name, Path path, ListRules rules) implements SourceSettings {
    /** Rejects a source without a name. */
    public OfFile {
      checkName(name);
      requireNonNull(path, "path");
      requireNonNull(rules, "rules");
    }
  }

  /**
   * A page on the web.
   *
   * @param url {@code http} or {@code https}; a user and password in it are sent to that host only
   * @param refresh when to ask again, and through what
   */
  record OfUrl(String name, URI url, Refresh refresh, ListRules rules) implements SourceSettings {
    /** Rejects what is no page. */
    public OfUrl {
      checkName(name);
      requireNonNull(refresh, "refresh");
      requireNonNull(rules, "rules");
      boolean http = "http".equalsIgnoreCase(url.getScheme());
      boolean https = "https".equalsIgnoreCase(url.getScheme());
      Check.that(
          (http || https) && url.getHost() != null, "a source needs an http:// or https:// URL");
    }

    @Override
    public String toString() {
      return "OfUrl[name=%s, host=%s, refresh=%s]".formatted(name, url.getHost(), refresh);
    }
  }

  /**
   * When a page is asked for again.
   *
   * @param interval the longest time from one answer to the next question, 1 s to 7 days; a tenth
   *     of it is cut at random; a server that says {@code Retry-After} gets its way for up to a day
   * @param timeout for one question with all redirects and the whole answer, above 0 and at most an
   *     hour
   * @param throughPool whether it is asked through the pool rather than directly
   */
  record Refresh(Duration interval, Duration timeout, boolean throughPool) {
    /** Every 10 minutes, within 30 s, directly. */
    public static final Refresh DEFAULT =
        new Refresh(Duration.ofMinutes(10), Duration.ofSeconds(30), false);

    /** Rejects values out of range. */
    public Refresh {
      Check.that(
          interval.compareTo(Duration.ofSeconds(1)) >= 0
              && interval.compareTo(Duration.ofDays(7)) <= 0,
          "a source's interval must be 1s to 7 days, was %s",
          interval);
      Check.that(
          timeout.isPositive() && timeout.compareTo(Duration.ofHours(1)) <= 0,
          "a source's timeout must be above 0 and at most an hour, was %s",
          timeout);
    }
  }

  private static void checkName(String name) {
    Check.that(
        name.matches("[A-Za-z0-9._-]{1,64}"),
        "a source's name must be 1 to 64 letters, digits, dots, underscores or hyphens");
  }
}
