package dev.belay.chaos.inject.plane;

/**
 * What a request asks for, as the service is to see it. A client that takes a front for its proxy,
 * or a gateway before it, puts the whole address into the request line.
 */
final class OriginForm {
  private OriginForm() {}

  /** Path and query of {@code /path}, or of {@code http://host/path}. */
  static String of(String target) {
    int scheme = target.indexOf("://");
    if (scheme < 0 || target.startsWith("/")) {
      return target;
    }
    for (int at = scheme + 3; at < target.length(); at++) {
      char letter = target.charAt(at);
      if (letter == '/') {
        return target.substring(at);
      }
      if (letter == '?') {
        return "/" + target.substring(at);
      }
    }
    return "/";
  }
}
