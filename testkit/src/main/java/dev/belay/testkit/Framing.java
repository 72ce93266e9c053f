package dev.belay.testkit;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** How the end of a body is known. */
sealed interface Framing {

  record Fixed(long bytes) implements Framing {}

  record Chunked() implements Framing {}

  record UntilClose() implements Framing {}

  Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  Framing NONE = new Fixed(0);

  /** Strict, so that a smuggled second request is never read: two answers are no answer. */
  static Framing ofRequest(Head head) throws MalformedMessage {
    Set<String> lengths = lengths(head);
    boolean coded = head.first("Transfer-Encoding").isPresent();
    if (coded && (!lengths.isEmpty() || !head.holds("Transfer-Encoding", "chunked"))) {
      throw new MalformedMessage(400, "a body of two lengths, or of an unknown coding");
    }
    if (coded) {
      return new Chunked();
    }
    return lengths.isEmpty() ? NONE : new Fixed(length(lengths));
  }

  static Framing ofResponse(Head head, int status, String method) throws MalformedMessage {
    if (bodyless(status, method)) {
      return NONE;
    }
    if (head.holds("Transfer-Encoding", "chunked")) {
      return new Chunked();
    }
    Set<String> lengths = lengths(head);
    return lengths.isEmpty() ? new UntilClose() : new Fixed(length(lengths));
  }

  static boolean bodyless(int status, String method) {
    return method.equals("HEAD") || status < 200 || status == 204 || status == 304;
  }

  private static Set<String> lengths(Head head) {
    Set<String> lengths = new HashSet<>();
    for (Header header : head.headers()) {
      if (header.named("Content-Length")) {
        lengths.add(header.value());
      }
    }
    return lengths;
  }

  private static long length(Set<String> lengths) throws MalformedMessage {
    String length = lengths.iterator().next();
    if (lengths.size() > 1 || !LENGTH.matcher(length).matches()) {
      throw new MalformedMessage(400, "Content-Length must be one number, was " + lengths);
    }
    return Long.parseLong(length);
  }
}
