package dev.belay.server.api;

import dev.belay.http.ProxyAddress;
import dev.belay.proxy.Upstream;
import dev.belay.server.live.PoolEditor;
import java.util.ArrayList;
import java.util.List;

/** Finds a proxy by what a client calls it. */
final class Proxies {
  private Proxies() {}

  /**
   * The proxy of this id or name; or the only one that goes by {@code host:port}, {@code
   * scheme://host:port}, or either of them with its user.
   *
   * @throws ApiProblem if there is none, or more than one
   */
  static Upstream find(PoolEditor pool, String asked) {
    List<Upstream> named = new ArrayList<>();
    for (Upstream upstream : pool.pool().upstreams()) {
      if (upstream.id().equals(asked) || upstream.name().equals(asked)) {
        return upstream;
      }
      if (goesBy(upstream, asked)) {
        named.add(upstream);
      }
    }
    if (named.isEmpty()) {
      throw ApiProblem.noProxy(asked);
    }
    if (named.size() > 1) {
      throw ApiProblem.ambiguous(asked, named.stream().map(Upstream::id).toList());
    }
    return named.getFirst();
  }

  private static boolean goesBy(Upstream upstream, String asked) {
    String url = upstream.address().url();
    String start = upstream.address().scheme().text() + "://";
    String whole = asked.startsWith(start) ? asked : start + asked;
    return whole.equals(url) || ProxyAddress.idOf(whole).filter(upstream.id()::equals).isPresent();
  }
}
