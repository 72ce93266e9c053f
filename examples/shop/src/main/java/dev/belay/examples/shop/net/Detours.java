package dev.belay.examples.shop.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which calls go through a proxy: those of some peers. Safe for any number of threads. */
final class Detours extends ProxySelector {
  private final Map<String, Proxy> byAuthority = new HashMap<>();

  /**
   * Some detours.
   *
   * @param peers where each service listens
   * @param through the proxy for those of them that are called through one
   */
  Detours(Map<String, URI> peers, Map<String, URI> through) {
    through.forEach((peer, proxy) -> {
      URI address =
          Optional.ofNullable(peers.get(peer))
              .orElseThrow(() -> new IllegalArgumentException("nobody knows the peer " + peer));
      byAuthority.put(
          address.getAuthority(),
          new Proxy(
              Proxy.Type.HTTP,
              InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort())));
    });
  }

  @Override
  public List<Proxy> select(URI uri) {
    return List.of(byAuthority.getOrDefault(uri.getAuthority(), Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // the call itself fails, and says so
  }
}
