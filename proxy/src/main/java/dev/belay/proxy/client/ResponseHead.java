package dev.belay.proxy.client;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** All of a response but its body. */
record ResponseHead(
    int status,
    HttpHeaders headers,
    Version version,
    URI uri,
    String proxy,
    String proxyId,
    boolean exhausted) {

  /** {@code unpacked} leaves out what was true of the packed body only. */
  static ResponseHead of(Arrived arrived, boolean unpacked) {
    Received received = arrived.received();
    HttpClientResponse head = received.head();
    return new ResponseHead(
        head.statusCode(),
        headers(head.headers(), unpacked),
        head.version() == HttpVersion.HTTP_2 ? Version.HTTP_2 : Version.HTTP_1_1,
        arrived.order().to().uri(),
        received.upstream().name(),
        received.upstream().id(),
        Journey.isExhausted(received));
  }

  private static HttpHeaders headers(MultiMap found, boolean unpacked) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    found.forEach((name, value) -> {
      String lower = name.toLowerCase(Locale.ROOT);
      boolean ofPacked = lower.equals("content-encoding") || lower.equals("content-length");
      // between us and our proxy, and none of the caller's business
      boolean ofProxy = lower.equals("proxy-authenticate");
      if (!ofProxy && !(unpacked && ofPacked)) {
        headers.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
      }
    });
    return HttpHeaders.of(headers, (name, value) -> true);
  }
}
