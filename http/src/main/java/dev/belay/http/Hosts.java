package dev.belay.http;

import dev.belay.Check;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What may stand as a host: a name in ASCII, an IPv4 address, or an IPv6 address. */
final class Hosts {
  private static final int LONGEST_NAME = 253;

  private Hosts() {}

  static boolean isAddress(String host) {
    return NetUtil.isValidIpV4Address(host) || isIpv6(host);
  }

  /** An IPv6 address without brackets and without a zone, which means nothing to another host. */
  static boolean isIpv6(String host) {
    return host.indexOf('%') < 0 && host.indexOf('[') < 0 && NetUtil.isValidIpV6Address(host);
  }

  /** A name that is safe in a request line, or an address. */
  static boolean isValid(String host) {
    return isAddress(host) || isName(host);
  }

  /** The host as it is written before a port: IPv6 in brackets. */
  static String inUri(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** The address that a literal stands for, without asking any resolver. */
  static InetAddress literal(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    Check.that(bytes != null, "not an address: %s", address);
    return address(bytes);
  }

  /** The address of 4 or 16 bytes. An IPv4 address in IPv6 clothes stays 16 bytes on the wire. */
  static InetAddress address(byte[] bytes) {
    try {
      return bytes.length == 16
          ? Inet6Address.getByAddress(null, bytes, -1)
          : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }

  /** The text of an address, IPv6 in its short form. */
  static String text(InetAddress address) {
    return NetUtil.toAddressString(address);
  }

  private static boolean isName(String host) {
    return !host.isEmpty()
        && host.length() <= LONGEST_NAME
        && host.charAt(0) != '.'
        && !host.contains("..")
        && host.chars().allMatch(Hosts::isNameCharacter)
        // digits and dots only: meant as an address, and not one
        && !host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  private static boolean isNameCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_';
  }
}
