package dev.belay.server.api;

import dev.belay.Endpoint.Traits;
import dev.belay.Time;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a proxy that a client sent. Its URL may hold a password and is never repeated. */
final class ProxyFields {
  private static final String URL = "scheme://[user:password@]host:port";
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9._-]{0,64}");
  private static final Pattern COUNTRY = Pattern.compile("([A-Za-z]{2})?");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final int MOST_TAGS = 32;
  private static final int LONGEST_URL = 2_048;
  private static final double LONGEST_TTL = 366 * 24 * 3_600;

  private ProxyFields() {}

  /**
   * A new proxy.
   *
   * @return empty if something is wrong with it, which the fields then know
   */
  static Optional<Entry> read(Fields fields, Time time) {
    Optional<String> url = fields.secret("url");
    if (url.isEmpty() && fields.faults().isEmpty()) {
      fields.missing("url", URL);
    }
    Optional<ProxyAddress> address = url.flatMap(text -> address(fields, text));
    Traits traits = traits(fields, Traits.NONE);
    Instant expiresAt = expiresAt(fields, Entry.NEVER, time);
    return fields.faults().isEmpty()
        ? address.map(known -> new Entry(known, traits, expiresAt))
        : Optional.empty();
  }

  /** A proxy that is there already, with what a patch says of it. */
  static Entry patch(Fields fields, Entry before, Time time) {
    Optional<ProxyAddress> address = fields.secret("url").flatMap(text -> address(fields, text));
    if (fields.isCleared("url")) {
      fields.hidden("url", URL);
    }
    if (address.filter(changed -> !changed.id().equals(before.address().id())).isPresent()) {
      fields.hidden(
          "url", "the same scheme, host, port and user; add another proxy, and remove this one");
    }
    Traits traits = traits(fields, before.traits());
    Instant expiresAt = expiresAt(fields, before.expiresAt(), time);
    fields.close();
    return new Entry(address.orElse(before.address()), traits, expiresAt);
  }

  /** As a moment, or as seconds from now. */
  private static Instant expiresAt(Fields fields, Instant before, Time time) {
    Optional<Instant> at = fields.moment("expires_at");
    Optional<Double> ttl = fields.number("ttl", 0.001, LONGEST_TTL, "above 0 and at most a year");
    if (at.isPresent() && ttl.isPresent()) {
      fields.hidden("ttl", "left out where there is expires_at");
    }
    return ttl.map(seconds -> time.instant().plusMillis(Math.round(seconds * 1_000)))
        .or(() -> at)
        .orElse(fields.isCleared("expires_at") ? Entry.NEVER : before);
  }

  private static Optional<ProxyAddress> address(Fields fields, String url) {
    try {
      if (url.length() <= LONGEST_URL) {
        return Optional.of(ProxyAddress.parse(url));
      }
      fields.hidden("url", "at most %d characters".formatted(LONGEST_URL));
    } catch (IllegalArgumentException wrong) {
      // the message shows neither user nor password
      fields.hidden("url", "%s; %s".formatted(URL, wrong.getMessage()));
    }
    return Optional.empty();
  }

  private static Traits traits(Fields fields, Traits before) {
    String region =
        fields
            .text("region", REGION, "up to 64 letters, digits, dots, hyphens")
            .orElse(from(fields, "region", before).region());
    String country =
        fields
            .text("country", COUNTRY, "a country of two letters such as US")
            .orElse(from(fields, "country", before).country());
    List<String> tags =
        fields
            .texts("tags", TAG, "1 to 64 letters, digits, dots, colons, hyphens")
            .orElse(List.copyOf(from(fields, "tags", before).tags()));
    if (tags.size() > MOST_TAGS) {
      fields.hidden("tags", "at most %d tags".formatted(MOST_TAGS));
    }
    double weight =
        fields
            .number("weight", Double.MIN_VALUE, 1e6, "above 0 and at most 1000000")
            .orElse(from(fields, "weight", before).weight());
    double cost =
        fields
            .number("cost", 0, 1e9, "0 to 1000000000")
            .orElse(from(fields, "cost", before).cost());
    int most =
        fields
            .whole("max_concurrent", 1, Integer.MAX_VALUE)
            .orElse(from(fields, "max_concurrent", before).maxConcurrent());
    return new Traits(
        region, country.toUpperCase(Locale.ROOT), Set.copyOf(tags), weight, cost, most);
  }

  private static Traits from(Fields fields, String key, Traits before) {
    return fields.isCleared(key) ? Traits.NONE : before;
  }
}
