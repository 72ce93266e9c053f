package dev.belay.http;

import static java.util.Objects.requireNonNull;

import java.util.function.Predicate;

/**
 * Whom a SOCKS listener lets in. Immutable.
 *
 * @param required whether a client must log in at all
 * @param admits whether these credentials will do; called on the event loop, must not block. A
 *     SOCKS 4 client has a user and an empty password
 */
public record SocksLogin(boolean required, Predicate<Credentials> admits) {

  /** Anybody; who logs in does so with whatever credentials. */
  public static final SocksLogin OPTIONAL = new SocksLogin(false, credentials -> true);

  /** Rejects null. */
  public SocksLogin {
    requireNonNull(admits, "admits");
  }

  /** Only who logs in with credentials that will do. */
  public static SocksLogin required(Predicate<Credentials> admits) {
    return new SocksLogin(true, admits);
  }
}
