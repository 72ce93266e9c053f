package dev.belay.chaos.trace.read;

import dev.belay.chaos.trace.SpanKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names for spans of HTTP that both ends of a call agree on. Agents name the caller's span by its
 * method alone, because a path may hold ids, and the callee's by its route, which is {@code /}
 * where one handler takes everything. Ids are collapsed where names are compared.
 */
final class HttpNames {
  private static final List<String> METHOD = List.of("http.request.method", "http.method");
  private static final List<String> URL = List.of("url.full", "http.url");
  private static final List<String> PATH = List.of("url.path", "http.target", "http.path");

  private HttpNames() {}

  /** The name of a span: its own, unless that is a method alone or one with an empty route. */
  static String of(String own, SpanKind kind, Map<String, String> tags) {
    Optional<String> method =
        first(METHOD, tags).filter(one -> own.equals(one) || own.equals(one + " /"));
    if (method.isEmpty()) {
      return own;
    }
    Optional<String> path =
        switch (kind) {
          case CLIENT -> first(URL, tags).flatMap(HttpNames::path);
          case SERVER -> first(PATH, tags).map(HttpNames::withoutQuery);
          case INTERNAL, PRODUCER, CONSUMER -> Optional.empty();
        };
    return path.map(found -> method.get() + " " + found).orElse(own);
  }

  private static Optional<String> first(List<String> names, Map<String, String> tags) {
    return names.stream().filter(tags::containsKey).map(tags::get).findFirst();
  }

  /** The path of an address; that of one without any is {@code /}. */
  private static Optional<String> path(String url) {
    int host = url.indexOf("://");
    if (host < 0) {
      return Optional.empty();
    }
    String rest = withoutQuery(url.substring(host + 3));
    int slash = rest.indexOf('/');
    return Optional.of(slash < 0 ? "/" : rest.substring(slash));
  }

  private static String withoutQuery(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '?' || text.charAt(i) == '#') {
        return text.substring(0, i);
      }
    }
    return text;
  }
}
