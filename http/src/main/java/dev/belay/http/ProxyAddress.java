package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an upstream proxy listens and how to speak to it. Immutable. Neither {@link #name()} nor
 * {@link #toString()} ever shows the user or the password, nor does any error.
 */
public final class ProxyAddress {

  /** How to speak to a proxy. */
  public enum Scheme {
    /** HTTP {@code CONNECT} over plain TCP. */
    HTTP,
    /** HTTP {@code CONNECT} over TLS. */
    HTTPS,
    /** SOCKS 4: the target's IPv4 address is found here. */
    SOCKS4,
    /** SOCKS 4a: the proxy resolves the target's name. */
    SOCKS4A,
    /** SOCKS 5: the target's address is found here. */
    SOCKS5,
    /** SOCKS 5: the proxy resolves the target's name. */
    SOCKS5H;

    /** The scheme as it is written in a URL. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    public boolean isHttp() {
      return this == HTTP || this == HTTPS;
    }

    public boolean isSocks4() {
      return this == SOCKS4 || this == SOCKS4A;
    }
  }

  private static final Pattern WITH_ID = Pattern.compile("[^@#]+://[^@#]+:\\d+#([0-9a-f]{12})");

  private final Scheme scheme;
  private final String host;
  private final int port;
  private final @Nullable Credentials credentials;
  private final String url;
  private final String name;
  private final String id;

  private ProxyAddress(Scheme scheme, String host, int port, @Nullable Credentials credentials) {
    this.scheme = scheme;
    this.host = host;
    this.port = port;
    this.credentials = credentials;
    String user = credentials == null ? "" : credentials.user();
    this.url = scheme.text() + "://" + Hosts.inUri(host) + ":" + port;
    this.id = id(scheme.text(), host, Integer.toString(port), user);
    this.name = user.isEmpty() ? url : url + "#" + id;
  }

  /**
   * The address that {@code url} names: {@code scheme://[user:password@]host:port}. User and
   * password are percent-decoded; the last {@code @} ends the password. SOCKS 4 takes a user
   * without a password.
   *
   * @throws IllegalArgumentException that says what is wrong and shows neither user nor password
   */
  public static ProxyAddress parse(String url) {
    requireNonNull(url, "url");
    int colon = url.indexOf("://");
    Scheme scheme = scheme(colon < 0 ? "" : url.substring(0, colon));
    String rest = url.substring(colon + 3);
    int at = rest.lastIndexOf('@');
    String where = rest.substring(at + 1);
    String authority = where.endsWith("/") ? where.substring(0, where.length() - 1) : where;
    HostAndPort place = HostAndPort.parse(scheme, authority);
    Credentials credentials = at < 0 ? null : credentials(scheme, rest.substring(0, at));
    return new ProxyAddress(scheme, place.host(), place.port(), credentials);
  }

  /** How to speak to it. */
  public Scheme scheme() {
    return scheme;
  }

  /** Its name or address in lower case, IPv6 without brackets. */
  public String host() {
    return host;
  }

  /** Its port, 1 to 65535. */
  public int port() {
    return port;
  }

  /** How to log in, if it wants that. */
  public Optional<Credentials> credentials() {
    return Optional.ofNullable(credentials);
  }

  /** The value of a {@code Proxy-Authorization} header, if there is a login; never log it. */
  public Optional<String> authorization() {
    return credentials().map(Credentials::basic);
  }

  /** {@code scheme://host:port}, without the login. */
  public String url() {
    return url;
  }

  /**
   * {@code scheme://host:port}, and behind a {@code #} the {@link #id()} if there is a user:
   * several users of one proxy differ by it, and none of them is shown.
   */
  public String name() {
    return name;
  }

  /**
   * The {@link #id()} of the address with this {@link #name()}: for records that hold names only.
   * Also takes {@code scheme://user@host:port}, as older records have it.
   *
   * @return empty if no address can have this name
   */
  public static Optional<String> idOf(String name) {
    Matcher withId = WITH_ID.matcher(name);
    if (withId.matches()) {
      return Optional.of(withId.group(1));
    }
    int scheme = name.indexOf("://");
    int at = name.lastIndexOf('@');
    int port = name.lastIndexOf(':');
    int start = Math.max(scheme + 3, at + 1);
    if (scheme <= 0 || port <= start || port == name.length() - 1) {
      return Optional.empty();
    }
    boolean bracket = name.charAt(start) == '[' && name.charAt(port - 1) == ']';
    String host = bracket ? name.substring(start + 1, port - 1) : name.substring(start, port);
    String user = at < 0 ? "" : name.substring(scheme + 3, at);
    return Optional.of(id(name.substring(0, scheme), host, name.substring(port + 1), user));
  }

  /** 12 hexadecimal digits made of scheme, host, port and user; the same in every process. */
  public String id() {
    return id;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProxyAddress that
        && name.equals(that.name)
        && Objects.equals(credentials, that.credentials);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }

  private static Scheme scheme(String text) {
    for (Scheme scheme : Scheme.values()) {
      if (scheme.text().equals(text.toLowerCase(Locale.ROOT))) {
        return scheme;
      }
    }
    throw new IllegalArgumentException(
        "a proxy address must start with http://, https://, socks4://, socks4a://, socks5:// or"
            + " socks5h://");
  }

  private static Credentials credentials(Scheme scheme, String text) {
    int colon = text.indexOf(':');
    check(
        scheme,
        colon >= 0 || scheme.isSocks4(),
        "has a user without a password; write user:password@");
    String user = decode(scheme, colon < 0 ? text : text.substring(0, colon));
    String password = colon < 0 ? "" : decode(scheme, text.substring(colon + 1));
    check(scheme, !user.isEmpty(), "has an empty user");
    check(
        scheme,
        !scheme.isHttp() || user.indexOf(':') < 0,
        "has a ':' in the user, which HTTP cannot carry");
    check(
        scheme,
        scheme.isHttp() || (utf8(user) <= 255 && utf8(password) <= 255),
        "has a user or password of more than 255 bytes, which SOCKS cannot carry");
    check(
        scheme,
        scheme.isHttp() || scheme.isSocks4() || !password.isEmpty(),
        "has an empty password, which SOCKS 5 cannot carry");
    return new Credentials(user, password);
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String decode(Scheme scheme, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '%') {
        check(
            scheme,
            i + 2 < bytes.length
                && Character.digit(bytes[i + 1], 16) >= 0
                && Character.digit(bytes[i + 2], 16) >= 0,
            "has a '%' in user or password that does not start an escape; write %25");
        b = (byte) (Character.digit(bytes[i + 1], 16) * 16 + Character.digit(bytes[i + 2], 16));
        i += 2;
      }
      bytes[length++] = b;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static String id(String scheme, String host, String port, String user) {
    return Sha256.hex(String.join("\n", scheme, host, port, user), 6);
  }

  private static void check(Scheme scheme, boolean ok, String wrong) {
    Check.that(ok, "proxy address %s://… %s", scheme.text(), wrong);
  }

  /** What stands behind the last {@code @}. */
  private record HostAndPort(String host, int port) {

    static HostAndPort parse(Scheme scheme, String text) {
      boolean bracket = text.startsWith("[");
      int end = bracket ? text.indexOf(']') : text.lastIndexOf(':') - 1;
      check(scheme, !bracket || end > 0, "has a '[' without a ']'");
      String tail = text.substring(Math.max(0, end + 1));
      check(
          scheme,
          end >= 0 && tail.startsWith(":"),
          "has no port; write %s://host:3128, say".formatted(scheme.text()));
      String host = bracket ? text.substring(1, end) : text.substring(0, end + 1);
      check(
          scheme,
          bracket ? Hosts.isIpv6(host) : Hosts.isValid(host) && !Hosts.isIpv6(host),
          "has a bad host; write a name, an IPv4 address or an [IPv6 address]");
      return new HostAndPort(host.toLowerCase(Locale.ROOT), port(scheme, tail.substring(1)));
    }

    private static int port(Scheme scheme, String text) {
      boolean digits =
          !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
      int port = digits ? Integer.parseInt(text) : 0;
      check(scheme, port >= 1 && port <= 65535, "has a bad port; it must be 1 to 65535");
      return port;
    }
  }
}
