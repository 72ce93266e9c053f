package dev.belay.proxy.source;

import static java.util.Objects.requireNonNull;

/**
 * A forward proxy of ours: what is fetched through it goes through the pool. Its text does not show
 * the password.
 *
 * @param host where it listens
 * @param port its port for HTTP
 * @param user who may use it; empty if everybody may
 * @param password of that user
 */
public record Gateway(String host, int port, String user, String password) {
  /** Rejects a gateway that leaves something out. */
  public Gateway {
    requireNonNull(host, "host");
    requireNonNull(user, "user");
    requireNonNull(password, "password");
  }

  @Override
  public String toString() {
    return "Gateway[%s:%d]".formatted(host, port);
  }
}
