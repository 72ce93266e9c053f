package dev.belay.proxy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a client wants to go.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets, in lower case
 * @param port 1 to 65535
 */
record Target(String host, int port) {
  private static final Set<String> LOCAL =
      Set.of("localhost", "local", "internal", "localdomain", "lan", "home");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_][a-z0-9._-]{0,252}");

  /** From {@code host:port}; empty if it is malformed, or has no port and there is no default. */
  static Optional<Target> parse(@Nullable String authority, int defaultPort) {
    if (authority == null) {
      return Optional.empty();
    }
    String text = authority.toLowerCase(Locale.ROOT);
    boolean bracketed = text.startsWith("[");
    int hostEnd = bracketed ? text.indexOf(']') + 1 : text.indexOf(':');
    String host = hostEnd < 0 ? text : text.substring(0, hostEnd);
    int port = port(text.substring(host.length()), defaultPort);
    String bare = bracketed && hostEnd > 0 ? host.substring(1, hostEnd - 1) : host;
    return port >= 1 && port <= 65535 && isHost(bare, bracketed)
        ? Optional.of(new Target(bare, port))
        : Optional.empty();
  }

  private static int port(String rest, int defaultPort) {
    if (rest.isEmpty()) {
      return defaultPort;
    }
    return PORT.matcher(rest).matches() ? Integer.parseInt(rest.substring(1)) : -1;
  }

  /** What every proxy on the way reads alike: nothing encoded, no zone, no user. */
  private static boolean isHost(String host, boolean bracketed) {
    return bracketed
        ? host.indexOf('%') < 0 && NetUtil.isValidIpV6Address(host)
        : NAME.matcher(host).matches();
  }

  /** The name of the target in reports and evidence. */
  String name() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** The target as it stands in a URI of http, and in {@code Host}: without port 80. */
  String authority() {
    String name = name();
    return port == 80 ? name.substring(0, name.length() - 3) : name;
  }

  /**
   * Whether it is on this machine or in a private network. Names are not resolved here, because
   * that would tell the resolver where the client goes; numbers that a resolver might take for an
   * address, like 0x7f.1 or 2130706433, count as private.
   */
  boolean isPrivate() {
    String plain = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    byte[] address = NetUtil.createByteArrayFromIpAddressString(plain);
    if (address != null) {
      return isPrivate(address);
    }
    String last = plain.substring(plain.lastIndexOf('.') + 1);
    return LOCAL.contains(last) || last.isEmpty() || NUMBER.matcher(last).matches();
  }

  static boolean isPrivate(byte[] bytes) {
    try {
      InetAddress address = InetAddress.getByAddress(bytes);
      byte[] raw = address.getAddress();
      int first = raw[0] & 0xff;
      int second = raw[1] & 0xff;
      boolean carrierGrade = raw.length == 4 && first == 100 && second >= 64 && second < 128;
      boolean reserved = raw.length == 4 && (first == 0 || first >= 240);
      boolean uniqueLocal = raw.length == 16 && (first & 0xfe) == 0xfc;
      return address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || address.isLinkLocalAddress()
          || address.isSiteLocalAddress()
          || address.isMulticastAddress()
          || carrierGrade
          || reserved
          || uniqueLocal
          || (raw.length == 16 && embedsPrivate(raw));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  /** NAT64 (64:ff9b::/96), 6to4 (2002::/16) and ::/96 carry an IPv4 address inside. */
  private static boolean embedsPrivate(byte[] raw) {
    boolean compatible = true;
    for (int i = 0; i < 12; i++) {
      compatible &= raw[i] == 0;
    }
    boolean nat64 =
        raw[0] == 0 && raw[1] == 0x64 && (raw[2] & 0xff) == 0xff && (raw[3] & 0xff) == 0x9b;
    boolean sixToFour = raw[0] == 0x20 && raw[1] == 0x02;
    if (nat64 || compatible) {
      return isPrivate(new byte[] {raw[12], raw[13], raw[14], raw[15]});
    }
    return sixToFour && isPrivate(new byte[] {raw[2], raw[3], raw[4], raw[5]});
  }
}
