package dev.belay.proxy.client;

import dev.belay.Check;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes.
 *
 * @param secure whether inside TLS
 * @param host a name, an IPv4 address, or an IPv6 address without brackets, in lower case
 * @param port 1 to 65535
 * @param path with query, begins with a slash
 */
record Destination(boolean secure, String host, int port, String path) {

  /**
   * From an absolute URI of http or https.
   *
   * @throws IllegalArgumentException that does not show the URI, which may hold secrets
   */
  static Destination of(URI uri) {
    URI plain = URI.create(uri.toASCIIString());
    String scheme = plain.getScheme() == null ? "" : plain.getScheme().toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    Check.that(
        secure || scheme.equals("http"),
        "uri must begin with http:// or https://, not '%s'",
        scheme);
    @Nullable String host = plain.getHost();
    Check.that(
        host != null && !host.isEmpty(), "uri must name a host: letters, digits, dots, hyphens");
    Check.that(
        plain.getRawUserInfo() == null, "uri must not hold a user; use an Authorization header");
    Check.that(host.indexOf('%') < 0, "uri must not name the zone of an address");
    int port = plain.getPort() == -1 ? (secure ? 443 : 80) : plain.getPort();
    Check.that(port >= 1 && port <= 65535, "port must be 1 to 65535, was %d", port);
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Destination(secure, bare.toLowerCase(Locale.ROOT), port, path(plain));
  }

  private static String path(URI uri) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String rooted = path.startsWith("/") ? path : "/" + path;
    return uri.getRawQuery() == null ? rooted : rooted + "?" + uri.getRawQuery();
  }

  /** The name of the target in reports and evidence. */
  String name() {
    return bracketed() + ":" + port;
  }

  /** As it stands in a URI and in {@code Host}: without the port that goes without saying. */
  String authority() {
    return port == (secure ? 443 : 80) ? bracketed() : name();
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  URI uri() {
    return URI.create((secure ? "https://" : "http://") + authority() + path);
  }

  /** Whether whoever serves this one may know what was meant for the other. */
  boolean sharesOrigin(Destination other) {
    return secure == other.secure && host.equals(other.host) && port == other.port;
  }
}
