package dev.belay.proxy.source;

import dev.belay.Check;
import dev.belay.Endpoint.Traits;
import dev.belay.http.ProxyAddress;
import dev.belay.http.ProxyAddress.Scheme;
import dev.belay.proxy.UpstreamPool.Entry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A proxy whose parts have names, under the many names that lists use. For one thread. */
final class Fields {
  private static final List<String> URL = List.of("url", "proxy", "proxy_url", "uri");
  private static final List<String> HOST =
      List.of("host", "ip", "ip_address", "ipaddress", "hostname", "server", "address", "addr");
  private static final List<String> PORT = List.of("port", "proxy_port");
  private static final List<String> SCHEME = List.of("scheme", "protocol", "protocols");
  private static final List<String> TYPE = List.of("type");
  private static final List<String> USER = List.of("user", "username", "login");
  private static final List<String> PASSWORD = List.of("password", "pass", "pwd");
  private static final List<String> COUNTRY =
      List.of("country_code", "countrycode", "country", "cc");
  private static final List<String> REGION = List.of("region");
  private static final List<String> TAGS = List.of("tags", "tag");
  private static final List<String> WEIGHT = List.of("weight");
  private static final List<String> EXPIRES = List.of("expires_at", "expires", "expiry");
  private static final List<String> COST = List.of("cost", "price");

  private static final Pattern REGION_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern TAG_FORM = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Pattern COUNTRY_FORM = Pattern.compile("[A-Za-z]{2}");
  private static final int MOST_TAGS = 32;

  private final Map<String, String> values = new HashMap<>();

  /** Whether a table with these columns is one of proxies. */
  static boolean nameAProxy(List<String> columns) {
    Fields all = new Fields();
    columns.forEach(column -> all.put(column, "x"));
    return all.first(URL).isPresent()
        || (all.first(HOST).isPresent() && all.first(PORT).isPresent());
  }

  /** Adds a field; the first of a name counts, and an empty one not at all. */
  void put(String name, String value) {
    String plain = value.strip();
    if (!plain.isEmpty()) {
      String key = name.strip().toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
      values.putIfAbsent(key, plain);
    }
  }

  private Optional<String> first(List<String> names) {
    return names.stream().filter(values::containsKey).findFirst().map(values::get);
  }

  /**
   * The proxy.
   *
   * @param otherwise its scheme, if none is named
   * @throws IllegalArgumentException that says what is wrong and shows neither user nor password
   */
  ProxyAddress address(Scheme otherwise) {
    Optional<String> url = first(URL);
    Optional<String> host = first(HOST);
    Scheme scheme = scheme(otherwise);
    String place =
        url.or(() -> host)
            .orElseThrow(() -> new IllegalArgumentException("has neither a url nor a host"));
    String user = first(USER).orElse("");
    String password = first(PASSWORD).orElse("");
    if (url.isPresent() || first(PORT).isEmpty()) {
      return user.isEmpty() && password.isEmpty()
          ? AddressForms.parse(place, scheme)
          : withLogin(AddressForms.parse(place, scheme), user, password);
    }
    boolean bare = place.indexOf(':') >= 0 && !place.startsWith("[");
    String name = bare ? "[" + place + "]" : place;
    Check.that(name.indexOf('@') < 0, "has a '@' in its host");
    return AddressForms.withLogin(scheme, name + ":" + first(PORT).orElse(""), user, password);
  }

  /** A login that stands beside the address. */
  private static ProxyAddress withLogin(ProxyAddress address, String user, String password) {
    String host = address.host();
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return AddressForms.withLogin(address.scheme(), name + ":" + address.port(), user, password);
  }

  private Scheme scheme(Scheme otherwise) {
    Optional<String> named = first(SCHEME);
    Optional<Scheme> known = named.flatMap(Fields::anyScheme);
    Check.that(known.isPresent() || named.isEmpty(), "has a protocol that is not known here");
    // "type" may as well say how anonymous it is
    return known.or(() -> first(TYPE).flatMap(Fields::anyScheme)).orElse(otherwise);
  }

  private static Optional<Scheme> anyScheme(String text) {
    for (String word : text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1)) {
      for (Scheme scheme : Scheme.values()) {
        if (scheme.text().equals(word)) {
          return Optional.of(scheme);
        }
      }
    }
    return Optional.empty();
  }

  /** What selection may choose by; what is not in the right form is left out. */
  Traits traits(Traits otherwise) {
    return new Traits(
        matching(REGION, REGION_FORM).orElse(otherwise.region()),
        matching(COUNTRY, COUNTRY_FORM)
            .map(country -> country.toUpperCase(Locale.ROOT))
            .orElse(otherwise.country()),
        tags(otherwise.tags()),
        number(WEIGHT).filter(weight -> weight > 0 && weight <= 1e6).orElse(otherwise.weight()),
        number(COST).filter(cost -> cost >= 0 && cost <= 1e9).orElse(otherwise.cost()),
        otherwise.maxConcurrent());
  }

  /** When it is to leave the pool; what is no moment is left out. */
  Instant expiresAt() {
    try {
      return first(EXPIRES).map(Instant::parse).orElse(Entry.NEVER);
    } catch (DateTimeParseException notOne) {
      return Entry.NEVER;
    }
  }

  private Optional<String> matching(List<String> names, Pattern form) {
    return first(names).filter(text -> form.matcher(text).matches());
  }

  private Set<String> tags(Set<String> otherwise) {
    Set<String> tags = new TreeSet<>(otherwise);
    first(TAGS).stream()
        .flatMap(text -> Arrays.stream(text.split("[\\s,;|]+", MOST_TAGS)))
        .filter(tag -> TAG_FORM.matcher(tag).matches())
        .forEach(tags::add);
    return tags;
  }

  private Optional<Double> number(List<String> names) {
    try {
      return first(names).map(Double::valueOf);
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
  }
}
