package dev.belay.testkit;

import static java.util.Objects.requireNonNull;

/**
 * One request to a proxy. Immutable; never holds a password.
 *
 * @param method {@code CONNECT} for a tunnel and for SOCKS, else the method of the plain request
 * @param host the target's host in lower case, without brackets
 * @param port the target's port, 0 to 65535
 * @param byName whether the client gave a name to be resolved at the proxy, rather than an address
 * @param user the user name that came with it, empty for none
 * @param connection the number of the connection it came on, from 1 in order of acceptance
 */
public record ProxyRequest(
    String method, String host, int port, boolean byName, String user, long connection) {

  /** Rejects nulls. */
  public ProxyRequest {
    requireNonNull(method, "method");
    requireNonNull(host, "host");
    requireNonNull(user, "user");
  }

  /** The target as {@code host:port}, an IPv6 address in brackets. */
  public String target() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** Whether bytes are passed on unseen. */
  public boolean isTunnel() {
    return method.equals("CONNECT");
  }
}
