package dev.belay.server.config;

import dev.belay.Endpoint.Traits;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code proxy.pool}. */
final class PoolReader {
  private static final Pattern ANY = Pattern.compile("(?s).*");
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9._-]{0,64}");
  private static final Pattern COUNTRY = Pattern.compile("([A-Za-z]{2})?");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  private static final Pattern MOMENT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d)");

  private final Map<String, Integer> lines = new HashMap<>();

  private PoolReader() {}

  /** The proxies of the pool, without those that are not right. */
  static List<Entry> read(Section section) {
    PoolReader reader = new PoolReader();
    return section.list("pool", "mappings with a url", reader::entry, List.of());
  }

  private Optional<Entry> entry(Place place) {
    return place.section().flatMap(section -> entry(section, place));
  }

  private Optional<Entry> entry(Section section, Place place) {
    Optional<Place> url = section.place("url");
    if (url.isEmpty()) {
      place.wrong("needs a url such as http://proxy-1.example:3128");
    }
    Optional<ProxyAddress> address = url.flatMap(this::address);
    Traits traits = traits(section);
    Instant expiresAt = section.place("expires_at").flatMap(PoolReader::moment).orElse(Entry.NEVER);
    section.close();
    return address.map(known -> new Entry(known, traits, expiresAt));
  }

  private Optional<ProxyAddress> address(Place place) {
    Optional<String> text = place.secret(ANY, "a URL");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      ProxyAddress address = ProxyAddress.parse(text.get());
      Integer first = lines.putIfAbsent(address.name(), place.node().line());
      if (first != null) {
        place.wrong("is in the pool twice; the first one is in line %d".formatted(first));
      }
      return Optional.of(address);
    } catch (IllegalArgumentException wrong) {
      place.wrong(String.valueOf(wrong.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<Instant> moment(Place place) {
    String wanted = "a moment in quotes, such as \"2030-12-31T00:00:00Z\"";
    Optional<String> text = place.text(MOMENT, wanted);
    try {
      return text.map(written -> OffsetDateTime.parse(written).toInstant());
    } catch (DateTimeParseException notOne) {
      place.wrong("must be %s; there is no such day or hour".formatted(wanted));
      return Optional.empty();
    }
  }

  /** What selection may choose by, of one proxy or of all proxies of a source. */
  static Traits traits(Section section) {
    Traits none = Traits.NONE;
    String region =
        section.text("region", REGION, "up to 64 letters, digits, dots, hyphens", none.region());
    String country =
        section.text("country", COUNTRY, "a country of two letters such as US", none.country());
    List<String> tags =
        section.list(
            "tags",
            "words",
            place -> place.text(TAG, "1 to 64 letters, digits, dots, colons, hyphens"),
            List.of());
    return new Traits(
        region,
        country.toUpperCase(Locale.ROOT),
        Set.copyOf(tags),
        section.number("weight", Range.above(0.0, 1e6), none.weight()),
        section.number("cost", Range.of(0.0, 1e9), none.cost()),
        section.whole("max_concurrent", Range.of(1, Integer.MAX_VALUE), none.maxConcurrent()));
  }
}
