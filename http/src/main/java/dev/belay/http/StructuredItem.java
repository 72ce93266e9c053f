package dev.belay.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An item of a structured field (RFC 8941) with its parameters, read leniently: quotes may be
 * missing, what makes no sense is left out.
 *
 * @param name without its quotes
 * @param parameters as they are written
 */
record StructuredItem(String name, Map<String, String> parameters) {
  private static final int LONGEST = 2_000;
  private static final int MOST_ITEMS = 32;

  Optional<Double> number(String parameter) {
    return Optional.ofNullable(parameters.get(parameter)).flatMap(WaitText::number);
  }

  /** The items of {@code "a";r=1;t=2, "b";r=3}. */
  static List<StructuredItem> list(String text) {
    List<StructuredItem> items = new ArrayList<>();
    for (String part : split(text, ',')) {
      List<String> words = split(part, ';');
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String word : words.subList(1, words.size())) {
        put(parameters, word);
      }
      items.add(new StructuredItem(unquoted(words.getFirst()), parameters));
    }
    return items;
  }

  /** The only item of {@code limit=10, remaining=1, reset=7}; empty if it is not of this form. */
  static Optional<StructuredItem> dictionary(String text) {
    Map<String, String> members = new LinkedHashMap<>();
    for (String part : split(text, ',')) {
      put(members, split(part, ';').getFirst());
    }
    return members.containsKey("remaining") || members.containsKey("reset")
        ? Optional.of(new StructuredItem("", members))
        : Optional.empty();
  }

  private static void put(Map<String, String> to, String word) {
    int equals = word.indexOf('=');
    if (equals > 0) {
      String key = word.substring(0, equals).strip().toLowerCase(Locale.ROOT);
      to.put(key, unquoted(word.substring(equals + 1)));
    }
  }

  private static String unquoted(String text) {
    String bare = text.strip();
    boolean quoted = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"");
    return quoted ? bare.substring(1, bare.length() - 1) : bare;
  }

  /** The parts between separators that are outside of quotes; at least one. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    String read = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    for (int i = 0; i < read.length(); i++) {
      char c = read.charAt(i);
      quoted ^= c == '"';
      if (c == separator && !quoted && parts.size() < MOST_ITEMS) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
