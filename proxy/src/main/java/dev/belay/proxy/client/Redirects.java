package dev.belay.proxy.client;

import dev.belay.proxy.client.ProxyRequest.Method;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the next order of a response that names another place (RFC 9110, 15.4). */
final class Redirects {
  /** What another host may know; everything else may be a secret. */
  private static final Set<String> HARMLESS =
      Set.of(
          "accept",
          "accept-encoding",
          "accept-language",
          "cache-control",
          "content-encoding",
          "content-language",
          "content-type",
          "range",
          "user-agent");

  private static final List<String> OF_BODY =
      List.of("Content-Type", "Content-Encoding", "Content-Language");

  private Redirects() {}

  /**
   * Where to go on; empty for a response that is to be handed over as it is. TLS is never left: who
   * asked for https does not get http.
   */
  static Optional<Order> next(Order order, HttpClientResponse head) {
    int status = head.statusCode();
    boolean redirects = (status >= 301 && status <= 303) || status == 307 || status == 308;
    @Nullable String location = head.getHeader("Location");
    if (!redirects || location == null) {
      return Optional.empty();
    }
    return destination(order.to(), location)
        .filter(to -> to.secure() || !order.to().secure())
        .flatMap(to -> order(order, to, status));
  }

  private static Optional<Destination> destination(Destination from, String location) {
    try {
      return Optional.of(Destination.of(from.uri().resolve(new URI(location))));
    } catch (URISyntaxException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<Order> order(Order order, Destination to, int status) {
    Method method = method(order.method(), status);
    boolean keepsBody = method == order.method();
    if (keepsBody && order.payload().isSpent()) {
      return Optional.empty();
    }
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(order.headers());
    if (!keepsBody) {
      OF_BODY.forEach(headers::remove);
    }
    if (!to.sharesOrigin(order.to())) {
      for (String name : Set.copyOf(headers.names())) {
        if (!HARMLESS.contains(name.toLowerCase(Locale.ROOT))) {
          headers.remove(name);
        }
      }
    }
    return Optional.of(
        new Order(
            to,
            method,
            headers,
            keepsBody ? order.payload() : new Payload.Nothing(),
            order.policy(),
            keepsBody ? order.idempotent() : method.isIdempotent(),
            order.wholeBytes()));
  }

  private static Method method(Method method, int status) {
    boolean toGet =
        (status == 303 && method != Method.HEAD)
            || ((status == 301 || status == 302) && method == Method.POST);
    return toGet ? Method.GET : method;
  }
}
