package dev.belay.proxy.source;

import static java.util.Objects.requireNonNull;

import dev.belay.Endpoint;
import dev.belay.http.ProxyAddress;

/**
 * What holds for all proxies of a list, as far as the list itself does not say. Immutable.
 *
 * @param scheme of proxies that name none
 * @param traits of proxies that say nothing else
 * @param allowPrivate whether proxies may be on this machine or in private networks
 */
public record ListRules(ProxyAddress.Scheme scheme, Endpoint.Traits traits, boolean allowPrivate) {

  /** HTTP proxies of which nothing more is known, wherever they are. */
  public static final ListRules DEFAULT =
      new ListRules(ProxyAddress.Scheme.HTTP, Endpoint.Traits.NONE, true);

  /** Rejects rules that leave something out. */
  public ListRules {
    requireNonNull(scheme, "scheme");
    requireNonNull(traits, "traits");
  }
}
