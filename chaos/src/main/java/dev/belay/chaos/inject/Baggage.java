package dev.belay.chaos.inject;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Members of the W3C {@code baggage} header. */
final class Baggage {
  private Baggage() {}

  /** The decoded values of all members of a name; a member that cannot be read is none. */
  static List<String> values(List<String> headers, String name) {
    List<String> values = new ArrayList<>();
    for (String header : headers) {
      for (String member : header.split(",", -1)) {
        int properties = member.indexOf(';');
        String pair = properties < 0 ? member : member.substring(0, properties);
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
          values.add(decoded(pair.substring(equals + 1).strip()));
        }
      }
    }
    return values;
  }

  private static String decoded(String text) {
    try {
      // a plus stands for itself, unlike in a form
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      return text;
    }
  }
}
