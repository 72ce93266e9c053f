package dev.belay.proxy;

import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.http.ProxyAddress;

/** A proxy that requests can go through. Safe for any number of threads. */
public final class Upstream extends Endpoint {
  private final ProxyAddress address;

  /** One that nothing is known of yet. */
  public Upstream(ProxyAddress address, Traits traits, CircuitBreaker breaker) {
    super(address.name(), traits, breaker);
    this.address = address;
  }

  /** The same proxy under other traits or another password: breaker and record go on. */
  public Upstream(Upstream before, ProxyAddress address, Traits traits) {
    super(before, traits);
    this.address = address;
  }

  /** Stable over restarts: made from scheme, host, port and user. */
  public String id() {
    return address.id();
  }

  /** Where it is, and how to log in there. */
  public ProxyAddress address() {
    return address;
  }
}
