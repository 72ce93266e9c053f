package dev.belay.proxy;

import java.net.InetAddress;
import java.util.Locale;

/** This machine and the networks that are not the Internet. */
public final class PrivateNetworks {
  private PrivateNetworks() {}

  /**
   * Whether the host is in one of them, as far as its text tells: names are not resolved, numbers
   * that a resolver might take for an address count as private.
   *
   * @param host a name, an IPv4 address, or an IPv6 address without brackets
   */
  public static boolean contain(String host) {
    return new Target(host.toLowerCase(Locale.ROOT), 1).isPrivate();
  }

  /** Whether the address is in one of them. */
  public static boolean contain(InetAddress address) {
    return Target.isPrivate(address.getAddress());
  }
}
