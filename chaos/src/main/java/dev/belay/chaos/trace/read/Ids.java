package dev.belay.chaos.trace.read;

import java.util.Locale;
import java.util.regex.Pattern;

/** Ids as OTLP has them: of one length, and not all zero. */
final class Ids {
  private static final Pattern TRACE = Pattern.compile("(?!0{32})[0-9a-f]{32}");
  private static final Pattern SPAN = Pattern.compile("(?!0{16})[0-9a-f]{16}");
  private static final Pattern NONE = Pattern.compile("(0{16})?");

  private Ids() {}

  static String trace(String hex) throws UnreadableSpans {
    return checked(TRACE, hex, "a trace id must be 16 bytes, not all 0");
  }

  static String span(String hex) throws UnreadableSpans {
    return checked(SPAN, hex, "a span id must be 8 bytes, not all 0");
  }

  /** The id of a parent; empty if there is none. */
  static String parent(String hex) throws UnreadableSpans {
    return NONE.matcher(hex).matches() ? "" : span(hex);
  }

  private static String checked(Pattern form, String hex, String rule) throws UnreadableSpans {
    String id = hex.toLowerCase(Locale.ROOT);
    if (!form.matcher(id).matches()) {
      throw UnreadableSpans.wrong(rule);
    }
    return id;
  }
}
