package dev.belay.llm.transport;

import dev.belay.llm.provider.Headers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which headers go from one connection to the next. */
final class Passing {
  private static final List<String> OF_THE_CONNECTION =
      List.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** What belongs to the caller and us, or is said anew. */
  private static final List<String> OF_THE_CALLER =
      List.of(
          "host",
          "content-length",
          "expect",
          "cookie",
          "authorization",
          "api-key",
          "x-api-key",
          "x-goog-api-key",
          "accept-encoding"); // what is packed cannot be looked into

  private Passing() {}

  static Headers through(Headers headers) {
    Stream<String> named =
        headers.all("connection").stream()
            .flatMap(value -> Stream.of(value.split(",")))
            .map(name -> name.strip().toLowerCase(Locale.ROOT));
    return without(headers, Stream.concat(named, OF_THE_CONNECTION.stream()).toList());
  }

  static Headers out(Headers headers) {
    return without(through(headers), OF_THE_CALLER);
  }

  private static Headers without(Headers headers, List<String> names) {
    return headers.without(names);
  }
}
