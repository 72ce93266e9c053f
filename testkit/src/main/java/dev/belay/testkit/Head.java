package dev.belay.testkit;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The start line and the headers of a message, with the number of bytes they took. */
record Head(String startLine, List<Header> headers, int bytes) {

  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-9][0-9][0-9]( .*)?");

  Head {
    headers = List.copyOf(headers);
  }

  Optional<String> first(String name) {
    return first(headers, name);
  }

  static Optional<String> first(List<Header> headers, String name) {
    for (Header header : headers) {
      if (header.named(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }

  /** Whether a comma-separated header holds that token, in any case. */
  boolean holds(String name, String token) {
    for (Header header : headers) {
      if (header.named(name)) {
        for (String part : header.value().split(",", -1)) {
          if (part.strip().equalsIgnoreCase(token)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Whether the sender of this message keeps the connection open after the exchange. */
  boolean keepsAlive(String version) {
    return version.equals("HTTP/1.1")
        ? !holds("Connection", "close")
        : holds("Connection", "keep-alive");
  }

  /** The status of a response head. */
  int status() throws MalformedMessage {
    if (!STATUS_LINE.matcher(startLine).matches()) {
      throw new MalformedMessage(502, "not a status line: " + startLine);
    }
    return Integer.parseInt(startLine, 9, 12, 10);
  }
}
