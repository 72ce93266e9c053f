package dev.belay.chaos.http;

import dev.belay.Check;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request that is sent to a system.
 *
 * @param method such as {@code POST}
 * @param uri where to; http or https
 * @param headers to send along; values may be secrets and are never shown
 * @param body to send along; none for most methods
 * @param timeout how long to wait for the answer; 100 ms to 10 min
 */
public record HttpAsk(
    String method, URI uri, Map<String, String> headers, Optional<String> body, Duration timeout) {
  private static final Set<String> OURS =
      Set.of("traceparent", HttpCheck.ABOUT, "baggage", "content-length", "host", "connection");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  public HttpAsk {
    Check.that(METHODS.contains(method), "method must be one of %s, was %s", METHODS, method);
    Check.that(
        ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
            && uri.getHost() != null
            && uri.getRawUserInfo() == null,
        "url must be http://HOST:PORT/PATH without a user");
    for (String name : headers.keySet()) {
      Check.that(
          !OURS.contains(name.toLowerCase(Locale.ROOT)), "header %s is set by the search", name);
    }
    headers = Map.copyOf(headers);
    Check.that(
        timeout.toMillis() >= 100 && timeout.compareTo(Duration.ofMinutes(10)) <= 0,
        "timeout must be in 100ms..10m, was %s",
        timeout);
  }

  /** The same with less time, if that is less; never less than 100 ms. */
  public HttpAsk within(Duration most) {
    Duration least = Duration.ofMillis(100);
    Duration shorter = most.compareTo(timeout) < 0 ? most : timeout;
    return new HttpAsk(method, uri, headers, body, shorter.compareTo(least) < 0 ? least : shorter);
  }

  /** What is asked, without where: such as {@code POST /checkout}. */
  public String endpoint() {
    String path = uri.getRawPath();
    return method + " " + (path == null || path.isEmpty() ? "/" : path);
  }

  @Override
  public String toString() {
    return endpoint();
  }
}
