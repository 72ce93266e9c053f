package dev.belay.proxy;

import io.netty.util.NetUtil;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a client wants to go.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets, in lower case
 * @param port 1 to 65535
 */
record Target(String host, int port) {

  /** From {@code host:port}; empty if it is malformed. */
  static Optional<Target> parse(@Nullable String authority, int defaultPort) {
    HostAndPort parsed =
        authority == null ? null : HostAndPort.parseAuthority(authority, defaultPort);
    if (parsed == null || parsed.host().isEmpty() || parsed.port() < 1 || parsed.port() > 65535) {
      return Optional.empty();
    }
    String host = parsed.host().toLowerCase(Locale.ROOT);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    return Optional.of(new Target(bare, parsed.port()));
  }

  /** The name of the target in reports and evidence. */
  String name() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /**
   * Whether it is on this machine or in a private network. Names are not resolved here, because
   * that would tell the resolver where the client goes; numbers that a resolver might take for an
   * address, like 0x7f.1 or 2130706433, count as private.
   */
  boolean isPrivate() {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    if (address != null) {
      return isPrivate(address);
    }
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.endsWith(".local")
        || host.endsWith(".internal")
        || lastLabelIsNumber();
  }

  private boolean lastLabelIsNumber() {
    String trimmed = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    String last = trimmed.substring(trimmed.lastIndexOf('.') + 1);
    return last.isEmpty() || isDigits(last) || (last.startsWith("0x") && isHex(last));
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether all behind the first two characters are hexadecimal digits in lower case. */
  private static boolean isHex(String text) {
    for (int i = 2; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPrivate(byte[] bytes) {
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

  /** NAT64 (64:ff9b::/96) and 6to4 (2002::/16) carry an IPv4 address inside. */
  private static boolean embedsPrivate(byte[] raw) {
    boolean nat64 =
        raw[0] == 0 && raw[1] == 0x64 && (raw[2] & 0xff) == 0xff && (raw[3] & 0xff) == 0x9b;
    boolean sixToFour = raw[0] == 0x20 && raw[1] == 0x02;
    if (nat64) {
      return isPrivate(new byte[] {raw[12], raw[13], raw[14], raw[15]});
    }
    return sixToFour && isPrivate(new byte[] {raw[2], raw[3], raw[4], raw[5]});
  }
}
