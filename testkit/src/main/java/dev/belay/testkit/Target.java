package dev.belay.testkit;

import java.util.Locale;
import java.util.regex.Pattern;

/** Where a proxy is to go, and the rest of an absolute-form target. */
record Target(String host, int port, String path) {
  private static final Pattern IPV4 = Pattern.compile("[0-9.]+");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /** {@code host:port}, as in CONNECT. */
  static Target ofAuthority(String authority) throws MalformedMessage {
    return of(authority, -1, "");
  }

  /** {@code http://host[:port][/path]}, as plain requests to a proxy have it. */
  static Target ofAbsolute(String target) throws MalformedMessage {
    if (!target.regionMatches(true, 0, "http://", 0, 7)) {
      throw new MalformedMessage(400, "a proxy needs an absolute http target, was " + target);
    }
    int end = 7;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    String path = target.substring(end);
    return of(target.substring(7, end), 80, path.startsWith("/") ? path : "/" + path);
  }

  private static Target of(String authority, int usual, String path) throws MalformedMessage {
    String address = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = address.lastIndexOf(':');
    boolean given = colon > address.lastIndexOf(']');
    String host = given ? address.substring(0, colon) : address;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = given ? port(address.substring(colon + 1)) : usual;
    if (host.isEmpty() || port < 0) {
      throw new MalformedMessage(400, "not host:port: " + authority);
    }
    return new Target(host.toLowerCase(Locale.ROOT), port, path);
  }

  private static int port(String digits) {
    int port = PORT.matcher(digits).matches() ? Integer.parseInt(digits) : -1;
    return port <= 65_535 ? port : -1;
  }

  /** Whether the host must be resolved. */
  boolean byName() {
    return host.indexOf(':') < 0 && !IPV4.matcher(host).matches();
  }
}
